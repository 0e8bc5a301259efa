"""Killed before any system call that changes files, a run leaves the old state or the new one.

And the next run completes it, with nothing lost, nothing doubled and no lock that stays.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import kill_points
import numpy as np
import pytest
from conftest import Clock
from poison_drops import GOOD, HEADER, ROWS
from sklearn.linear_model import LogisticRegression

# What the actions use is loaded here, so that the forks need not.
from riskwatch import canonical, segment_store  # noqa: F401  # pylint: disable=unused-import
from riskwatch.audit import audit
from riskwatch.cycle import Context, run_cycle
from riskwatch.dataset import labelled_rows
from riskwatch.deploy import deploy, recover, rollback, serving_version
from riskwatch.ingest import ingest
from riskwatch.ledger import open_ledger
from riskwatch.lock import hold
from riskwatch.manifest import ModelFacts
from riskwatch.records import File, RunEnd
from riskwatch.runs import Errand, run_recorded
from riskwatch.segments import live_segments, segment_files
from riskwatch.settings import build_settings
from riskwatch.stages import STAGES
from riskwatch.store import current_version, load_release, save_release
from riskwatch.workplace import Workplace

pytestmark = pytest.mark.skipif(not kill_points.is_possible(),
                                reason="this machine lets no process be traced")
SETTINGS = build_settings({
    "scoring": {"bootstrap_resamples": 100},
    "ingest": {"most_small_segments": 2},
    "training": {"folds": 2, "least_rows": 10, "candidates": ["logistic_regression"]}})
FACTS = ModelFacts("logistic_regression", {}, 0.5, {}, "ab" * 32, 20, 0, 1)
MORE = ["abcd,79,1024,12,1", *ROWS[2:4], "wxyz,1,2,3,0"]
MODEL = LogisticRegression().fit(np.eye(3), [0, 1, 1])


def place_of(folder: Path) -> Workplace:
    return Workplace(folder / "out", SETTINGS, Clock())


def drop(rows: list[str]) -> str:
    return "\n".join([HEADER, *rows, ""])


def before_ingest(folder: Path) -> None:
    """Two segments are there; four new files wait: good, overlapping, a copy, a broken one."""
    place = place_of(folder)
    place.inbox.mkdir(parents=True)
    with closing(open_ledger(place)) as ledger:
        for number in range(2):
            (place.inbox / f"{number}.csv").write_text(drop([ROWS[number]]), encoding="utf-8")
            ingest(place, ledger)
    for name, text in (("a.csv", GOOD), ("b.csv", drop(MORE)), ("c.csv", GOOD),
                       ("d.csv", GOOD.replace("exited", "left"))):
        (place.inbox / name).write_text(text, encoding="utf-8")


def ingest_all(folder: Path) -> None:
    place = place_of(folder)
    with hold(place.out), closing(open_ledger(place)) as ledger:
        ingest(place, ledger)


def state(folder: Path) -> tuple[Any, ...]:
    """What the data is: rows with their numbers, files, and the quarantine."""
    place = place_of(folder)
    with closing(open_ledger(place)) as ledger:
        rows = [labelled_rows(place, ledger, part, 100)  # type: ignore[arg-type]
                for part in ("train", "hold_out")]
        files = [(entry.record.name, entry.record.status, entry.record.first_row)
                 for entry in ledger.entries(File)]
        assert not audit(place, ledger).problems
    return tuple(map(str, rows)), sorted(files), sorted(os.listdir(place.quarantine))


def check_ingest(wanted: tuple[Any, ...]) -> Callable[[Path], None]:
    def check(folder: Path) -> None:
        place = place_of(folder)
        with closing(open_ledger(place)) as ledger:
            assert not audit(place, ledger).problems
            taken = {name for status, name in ledger.columns(File, "status", "name")
                     if status == "accepted"}
        assert taken in ({"0.csv", "1.csv"}, {"0.csv", "1.csv", "a.csv", "b.csv"})
        ingest_all(folder)
        assert state(folder) == wanted
        (place.inbox / "e.csv").write_text(drop(["last,1,1,1,1"]), encoding="utf-8")
        ingest_all(folder)
        with closing(open_ledger(place)) as ledger:
            files = segment_files(place.data, live_segments(ledger))
        assert {path for path in place.data.rglob("*") if path.is_file()} == set(files)
    return check


def points_of(tmp_path: Path, scene: Callable[[Path], Any], action: Callable[[Path], Any]) -> int:
    (tmp_path / "count").mkdir()
    scene(tmp_path / "count")
    return kill_points.count_points(lambda: action(tmp_path / "count"))


def spread(count: int, most: int) -> list[int]:
    """Return so many places of ``count``; all of them in the long proof."""
    if os.environ.get("SOAK") == "1":
        return list(range(count))
    return sorted({round(place) for place in np.linspace(0, count - 1, most)})


@pytest.mark.timeout(900)
def test_a_killed_ingest_takes_each_file_in_once_and_whole(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """Merge of segments, quarantine and ledger included."""
    count = points_of(tmp_path, before_ingest, ingest_all)
    wanted = state(tmp_path / "count")
    assert len(wanted[1]) == 6 and len(wanted[2]) == 2
    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, before_ingest, ingest_all,
                                 check_ingest(wanted))
    # A number written with a digit more can need a call more: the last place may not be there.
    assert deaths >= len(places) - 1 and len(places) >= 20
    say(f"ingest: killed at {deaths} of {count} calls, 0 violations")


def two_releases(folder: Path) -> None:
    place = place_of(folder)
    with closing(open_ledger(place)) as ledger:
        for number in (1, 2):
            release = save_release(place, MODEL.set_params(C=number), FACTS)
            deploy(place, ledger, release.version, "before")


def deploy_third(folder: Path) -> None:
    place = place_of(folder)
    place.clock.now = place.clock.now.replace(hour=20)  # type: ignore[attr-defined]
    with hold(place.out), closing(open_ledger(place)) as ledger:
        release = save_release(place, MODEL.set_params(C=3), FACTS)
        deploy(place, ledger, release.version, "new")


def go_back(folder: Path) -> None:
    place = place_of(folder)
    with hold(place.out), closing(open_ledger(place)) as ledger:
        rollback(place, ledger, "worse")


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("action", "least"), [(deploy_third, 20), (go_back, 8)],
                         ids=["deploy", "rollback"])
def test_a_killed_switch_leaves_one_whole_release_serving(
        tmp_path: Path, say: Callable[[str], None], action: Callable[[Path], Any],
        least: int) -> None:
    """The link names a whole release at every moment, and then follows the ledger."""
    def check(folder: Path) -> None:
        place = place_of(folder)
        load_release(place)
        with closing(open_ledger(place)) as ledger:
            recover(place, ledger)
            assert current_version(place) == serving_version(ledger)
            load_release(place)
            assert not audit(place, ledger).problems
        action(folder) if action is deploy_third else None  # pylint: disable=W0106
        load_release(place)

    count = points_of(tmp_path, two_releases, action)
    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, two_releases, action, check)
    assert deaths >= len(places) - 1 and len(places) >= least
    say(f"{action.__name__}: killed at {deaths} of {count} calls, 0 violations")


def before_cycle(folder: Path) -> None:
    place = place_of(folder)
    place.inbox.mkdir(parents=True)
    rng = np.random.default_rng(1)
    rows = [f"ab{chr(97 + n // 26)}{chr(97 + n % 26)},{rng.integers(0, 99)},{100 + n},{n},{n % 2}"
            for n in range(60)]
    (place.inbox / "a.csv").write_text(drop(rows), encoding="utf-8")


def cycle(folder: Path) -> None:
    place = place_of(folder)
    with hold(place.out), closing(open_ledger(place)) as ledger:
        run_recorded(place, ledger, Errand("cycle"), lambda run_id: run_cycle(
            Context(place, ledger, run_id), STAGES))


@pytest.mark.timeout(1800)
def test_a_killed_cycle_is_gone_on_with_and_leaves_its_row(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """Ingest, train, score, deploy: the next cycle ends where one cycle would have ended."""
    def check(folder: Path) -> None:
        cycle(folder)
        place = place_of(folder)
        with closing(open_ledger(place)) as ledger:
            assert not audit(place, ledger).problems
            assert serving_version(ledger) == current_version(place) is not None
            assert [*ledger.columns(File, "status")] == [("accepted",)]
            assert not ledger.unended_runs()
            outcomes = [outcome for (outcome,) in ledger.columns(RunEnd, "outcome")]
            assert outcomes in (["done"], ["killed", "done"], ["done", "done"])
            assert load_release(place).facts.rows == len(
                labelled_rows(place, ledger, "train", 100))

    count = points_of(tmp_path, before_cycle, cycle)
    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, before_cycle, cycle, check)
    # A number written with a digit more can need a call more: the last place may not be there.
    assert deaths >= len(places) - 1 and len(places) >= 20
    say(f"cycle: killed at {deaths} of {count} calls, 0 violations")


def test_the_killer_sees_the_calls_of_libraries_written_in_c(tmp_path: Path) -> None:
    """SQLite's writes count: a ledger alone makes dozens of calls."""
    assert kill_points.count_points(lambda: open_ledger(place_of(tmp_path)).close()) > 20
    shutil.rmtree(tmp_path / "out")
    assert kill_points.dies_before(15, lambda: open_ledger(place_of(tmp_path)).close())[0]
