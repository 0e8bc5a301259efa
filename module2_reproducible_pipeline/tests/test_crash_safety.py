"""Killed before any step that changes files, a pipeline leaves whole artifacts or none.

Each point is a process of its own that dies, as by ``kill -9``, before its k-th step: a call that
changes files, or a statement of the index. Then a run completes and gives what was asked for.
"""

import os
import shutil
import signal
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from quick import NOON

from rentals import execution
from rentals.artifacts import Store
from rentals.contents import is_intact
from rentals.execution import run_unit
from rentals.index import transaction
from rentals.lineage import all_runs
from rentals.plan import StepResult, Task, units
from rentals.settings import Settings
from rentals.tracking import AllTrackers
from rentals.workplace import Workplace

STEPS = ("chmod", "fsync", "mkdir", "open", "rename", "replace", "rmdir", "sendfile", "unlink")
ALL = range(1000)
MADE = {"clean_sample.csv": "clean" * 400, "dropped_rows.csv": "dropped"}


def _step(task: Task) -> StepResult:
    """Write a file and a folder, as steps do."""
    for name, text in MADE.items():
        (task.out / name).mkdir()
        (task.out / name / "a.txt").write_text(text, encoding="utf-8")
    return StepResult({"rows": 1.0})


@pytest.fixture(autouse=True)
def quick_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step in place of all true ones."""
    monkeypatch.setattr(execution, "import_module", lambda name: SimpleNamespace(run=_step))


def run_clean(folder: Path) -> bool:
    """Run the unit; was it skipped?"""
    place = Workplace(folder, Settings(), lambda: NOON, lambda _: nullcontext(),
                      AllTrackers((), "quick", {}, {}), "pipeline")
    return run_unit(place, units(place.settings, ["clean"])[0], {}).is_cached


def prepare(folder: Path) -> None:
    """Put the input of the unit into a store."""
    (folder / "sample").write_text("sample", encoding="utf-8")
    Store(folder / "artifacts").put("sample.csv", folder / "sample")


def dies_before(place: int, action: Callable[[], Any]) -> bool:
    """Run ``action`` in a child that dies before its step number ``place``; did it die?"""
    child = os.fork()
    if child == 0:
        try:
            die_before(place)
            action()
            os._exit(0)
        finally:
            traceback.print_exc()
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), "the run failed by itself"
    return status != 0


def die_before(place: int) -> None:
    """Count the steps of this process and end it before number ``place``, from 0."""
    done = 0

    def counting(step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            nonlocal done
            if done == place:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            return step(*args, **options)
        return counted

    for name in STEPS:
        if hasattr(os, name):
            setattr(os, name, counting(getattr(os, name)))

    class Counting(sqlite3.Connection):  # pylint: disable=too-few-public-methods
        """Each statement is a point."""

        execute = counting(sqlite3.Connection.execute)

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **options: connect(  # type: ignore[assignment, misc]
        *args, factory=Counting, **options)


def check(folder: Path) -> None:
    """What stands is whole, both outputs or none stand, and the next run completes."""
    store = Store(folder / "artifacts")
    standing = [store.get(name) for name in MADE if store.has(name)]
    assert len(standing) in (0, len(MADE))
    assert len(all_runs(store)) == len(standing) / len(MADE)
    for path in (folder / "artifacts" / "objects").glob("*/*"):
        assert is_intact(path, path.name)
    was_skipped = run_clean(folder)
    assert was_skipped == bool(standing)
    for name, text in MADE.items():
        assert (store.get(f"{name}:v1").path / "a.txt").read_text("utf-8") == text
        assert not store.has(f"{name}:v2")
    # Whoever works next removes what the dead left.
    (folder / "new").write_text("new", encoding="utf-8")
    store.put("new", folder / "new")
    assert was_skipped or not list(folder.rglob(".draft-*"))
    assert not list((folder / "artifacts").rglob(".draft-*"))


def kill_everywhere(folder: Path, scene_of: Callable[[Path], Any], places: range = ALL) -> int:
    """Kill the run before its steps in a folder of its own each; return how many points."""
    count = 0
    for place in places:
        scene = folder / str(place)
        scene.mkdir(parents=True)
        scene_of(scene)
        has_died = dies_before(place, lambda here=scene: run_clean(here))  # type: ignore
        check(scene)
        shutil.rmtree(scene)
        if not has_died:
            return count
        count += 1
    raise AssertionError("the run has more steps than are tried")


def test_a_killed_step_leaves_whole_artifacts_or_none(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """And the next run completes, skipping the step only when everything was recorded."""
    count = kill_everywhere(tmp_path, prepare, ALL[::5])
    say(f"running a step: killed at {count} points, 0 violations")
    assert count >= 20


@pytest.mark.soak
def test_a_step_killed_anywhere_leaves_whole_artifacts_or_none(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """Every single point."""
    count = kill_everywhere(tmp_path, prepare)
    say(f"running a step: killed at all {count} points, 0 violations")
    assert count >= 100


def test_the_proof_would_notice_outputs_that_are_recorded_one_by_one(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store without one transaction for all outputs leaves one of them alone."""
    before = execution.record_run

    def one_by_one(store: Store, record: Any, outputs: Any) -> Any:
        for name, content in outputs.items():
            with transaction(store.folder) as index:
                store.add_version(index, name, content, "")
        return before(store, record, outputs)

    monkeypatch.setattr(execution, "record_run", one_by_one)
    with pytest.raises(AssertionError, match="in \\(0, 2\\)"):
        kill_everywhere(tmp_path / "scenes", prepare, ALL[90::5])


@pytest.mark.soak
def test_a_step_killed_twice_leaves_whole_artifacts_or_none(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """Each death is followed by a run that dies at each of its own steps."""
    total = 0
    for first in range(5, 140, 12):
        def twice(scene: Path, place: int = first) -> None:
            prepare(scene)
            dies_before(place, lambda: run_clean(scene))

        total += kill_everywhere(tmp_path / str(first), twice, ALL[::4])
    say(f"running a step after a death: killed at {total} points, 0 violations")
    assert total >= 200
