"""Killed before any step that changes files, a writer leaves the old result or the new one.

Each point is a process of its own that dies, as by ``kill -9``, before its k-th step.
"""

import io
import os
import shutil
import signal
import stat
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler

from churn import files
from churn.errors import ModelFileError
from churn.manifest import ModelFacts
from churn.store import load_model, save_model

STEPS = ("fsync", "mkdir", "open", "rename", "replace", "rmdir", "symlink", "unlink")
NOON = datetime(2024, 5, 6, 12, 0, 7, tzinfo=UTC)
FACTS = ModelFacts("scaler", {}, 0.5, {}, "ab" * 32, 1)
OLD, NEW = (StandardScaler().fit(np.eye(3) * size) for size in (1, 2))
FOREST = RandomForestClassifier(40, random_state=1).fit(
    np.random.default_rng(2).normal(size=(400, 5)), np.arange(400) % 2)


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
    assert status in (0, signal.SIGKILL), "the writer failed by itself"
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

    def write_a_part(file: io.FileIO, content: Any) -> int:
        # The caller comes back with the rest: each half is a point of its own.
        view = memoryview(content).cast("B")
        return io.FileIO.write(file, view[:max(500, len(view) // 2)])

    for name in STEPS:
        setattr(os, name, counting(getattr(os, name)))
    files._NamingFile.write = counting(write_a_part)  # type: ignore  # pylint: disable=W0212


def kill_everywhere(folder: Path, prepare: Callable[[Path], Any], action: Callable[[Path], Any],
                    check: Callable[[Path], Any]) -> int:
    """Kill ``action`` before each of its steps in a folder of its own; return the points.

    ``prepare`` sets the scene, ``check`` looks at what the death left and at what follows.
    """
    place, has_died = 0, True
    while has_died:
        scene = folder / str(place)
        scene.mkdir()
        prepare(scene)
        has_died = dies_before(place, lambda here=scene: action(here))  # type: ignore
        check(scene)
        shutil.rmtree(scene)
        place += 1
    return place - 1


def _save_old(folder: Path) -> None:
    save_model(OLD, folder, FACTS, NOON)


def _save_new(folder: Path, model: Any = NEW) -> Any:
    return save_model(model, folder, FACTS, NOON + timedelta(days=1))


def leave_rest(folder: Path) -> None:
    """Set a store as a killed run leaves it: old release, half a release, half a link."""
    _save_old(folder)
    (folder / "releases" / ".part").mkdir()
    (folder / "releases" / ".part" / "model.skops").write_bytes(b"half")
    (folder / "releases" / ".0123456789abcdef.link").symlink_to("nowhere")


def check_store(folder: Path, model: Any = NEW, has_old: bool = True) -> None:
    """The current release is whole, and the next save completes and tidies up."""
    try:
        before = load_model(folder).release.version
    except ModelFileError as err:
        before = ""
        assert not has_old and "No such file" in str(err) or "no current model" in str(err)
    assert not has_old or before
    release = _save_new(folder, model)
    assert load_model(folder).release == release
    versions = [name for name in os.listdir(folder / "releases") if name != "current"]
    assert len(versions) == 1 + has_old and release.version in versions
    for version in versions:
        load_model(folder / "releases" / version)


def test_a_killed_writer_leaves_the_old_file_or_the_new_one(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """And the next writer completes and removes the rest."""
    contents = {b"old", b"new" * 20_000}

    def check(folder: Path) -> None:
        assert (folder / "x").read_bytes() in contents
        files.write_bytes(folder / "x", b"last")
        assert (folder / "x").read_bytes() == b"last"
        assert os.listdir(folder) == ["x"]

    count = kill_everywhere(tmp_path, lambda folder: files.write_bytes(folder / "x", b"old"),
                            lambda folder: files.write_bytes(folder / "x", b"new" * 20_000),
                            check)
    say(f"writing a file: killed at {count} points, 0 violations")
    assert count >= 10


@pytest.mark.parametrize(("prepare", "has_old"), [
    (lambda folder: None, False), (_save_old, True), (leave_rest, True)],
    ids=["the first release", "a second release", "after another death"])
def test_a_killed_save_leaves_the_old_release_or_the_new_one(
        tmp_path: Path, say: Callable[[str], None], prepare: Callable[[Path], Any],
        has_old: bool) -> None:
    """And the next save completes, whatever the last one left behind."""
    count = kill_everywhere(tmp_path, prepare, _save_new,
                            lambda folder: check_store(folder, has_old=has_old))
    say(f"saving a model: killed at {count} points, 0 violations")
    assert count >= 20


def test_bytes_reach_the_disk_before_their_name_does(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut a name never stands for a file that is not there: fsync around names."""
    steps: list[str] = []
    for name in ("fsync", "replace", "rename"):
        def recorded(*args: Any, step: Any = getattr(os, name), name: str = name) -> Any:
            is_folder = name == "fsync" and stat.S_ISDIR(os.fstat(args[0]).st_mode)
            steps.append("fsync folder" if is_folder else name)
            return step(*args)
        monkeypatch.setattr(os, name, recorded)
    _save_new(tmp_path)
    a_file = ["fsync", "replace", "fsync folder"]
    assert steps == ["fsync folder", *a_file, *a_file, "rename", "fsync folder",
                     "replace", "fsync folder"]


@pytest.mark.soak
def test_a_save_killed_twice_leaves_the_old_release_or_the_new_one(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """Each death is followed by a repair that dies at each of its own steps."""
    total = 0
    for first in range(0, 60, 3):
        scenes = tmp_path / str(first)
        scenes.mkdir()

        def prepare(folder: Path, place: int = first) -> None:
            _save_old(folder)
            dies_before(place, lambda: _save_new(folder))

        total += kill_everywhere(scenes, prepare, _save_new, check_store)
    say(f"saving after a death: killed at {total} points, 0 violations")
    assert total >= 200


@pytest.mark.soak
def test_a_killed_save_of_a_large_model_leaves_the_old_release_or_the_new_one(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """A model of many writes has many half-written states."""
    count = kill_everywhere(tmp_path, _save_old, lambda folder: _save_new(folder, FOREST),
                            lambda folder: check_store(folder, FOREST))
    say(f"saving a forest: killed at {count} points, 0 violations")
    assert count >= 30
