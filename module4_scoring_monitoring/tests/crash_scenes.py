"""Scenes for the killer: what is there before, what is done, what must hold after a death."""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import kill_points
import numpy as np
from conftest import Clock
from poison_drops import GOOD, HEADER, ROWS
from sklearn.linear_model import LogisticRegression

# What the actions use is loaded here, so that the forks need not.
from riskwatch import canonical, segment_store  # pylint: disable=unused-import
from riskwatch.audit import audit
from riskwatch.cycle import Context, run_cycle
from riskwatch.dataset import labelled_rows
from riskwatch.deploy import deploy, rollback
from riskwatch.ingest import ingest
from riskwatch.ledger import open_ledger
from riskwatch.lock import hold
from riskwatch.manifest import ModelFacts
from riskwatch.records import File
from riskwatch.runs import Errand, run_recorded
from riskwatch.segments import live_segments, segment_files
from riskwatch.settings import build_settings
from riskwatch.stages import STAGES
from riskwatch.store import save_release
from riskwatch.workplace import Workplace

SETTINGS = build_settings({
    "scoring": {"bootstrap_resamples": 100},
    "ingest": {"most_small_segments": 2},
    "training": {"folds": 2, "least_rows": 10, "candidates": ["logistic_regression"]}})
FACTS = ModelFacts("logistic_regression", {}, 0.5, {}, "ab" * 32, 20, 0, 1)
#: The report takes a second to draw; `test_cycle_crashes` kills it.
_STAGES = tuple(stage for stage in STAGES if stage.name != "report")
MORE = ["abcd,79,1024,12,1", *ROWS[2:4], "wxyz,1,2,3,0"]
MODEL = LogisticRegression().fit(np.eye(3), [0, 1, 1])


def place_of(folder: Path) -> Workplace:
    """The workplace of a scene, with a clock that begins afresh."""
    return Workplace(folder / "out", SETTINGS, Clock())


def drop(rows: list[str]) -> str:
    """The text of a drop."""
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
    """Ingest what waits, as the command does."""
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
    """Return what looks at a scene after a death: old or new, and then as wanted."""
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
    """Count the calls of an action in a scene of its own."""
    (tmp_path / "count").mkdir()
    scene(tmp_path / "count")
    return kill_points.count_points(lambda: action(tmp_path / "count"))


def spread(count: int, most: int) -> list[int]:
    """Return so many places of ``count``; all of them in the long proof."""
    if os.environ.get("SOAK") == "1":
        return list(range(count))
    return sorted({round(place) for place in np.linspace(0, count - 1, most)})


def two_releases(folder: Path) -> None:
    """Two releases served one after the other."""
    place = place_of(folder)
    with closing(open_ledger(place)) as ledger:
        for number in (1, 2):
            release = save_release(place, MODEL.set_params(C=number), FACTS)
            deploy(place, ledger, release.version, "before")


def deploy_third(folder: Path) -> None:
    """Store and deploy a third release."""
    place = place_of(folder)
    place.clock.now = place.clock.now.replace(hour=20)  # type: ignore[attr-defined]
    with hold(place.out), closing(open_ledger(place)) as ledger:
        release = save_release(place, MODEL.set_params(C=3), FACTS)
        deploy(place, ledger, release.version, "new")


def go_back(folder: Path) -> None:
    """Roll back."""
    place = place_of(folder)
    with hold(place.out), closing(open_ledger(place)) as ledger:
        rollback(place, ledger, "worse")


def before_cycle(folder: Path) -> None:
    """Sixty corporations wait in the inbox."""
    place = place_of(folder)
    place.inbox.mkdir(parents=True)
    rng = np.random.default_rng(1)
    rows = [f"ab{chr(97 + n // 26)}{chr(97 + n % 26)},{rng.integers(0, 99)},{100 + n},{n},{n % 2}"
            for n in range(60)]
    (place.inbox / "a.csv").write_text(drop(rows), encoding="utf-8")


def cycle(folder: Path) -> None:
    """Run a cycle, as the command does; an hour later where one was begun before."""
    place = place_of(folder)
    if place.ledger.exists():
        place.clock.now += timedelta(hours=1)  # type: ignore[attr-defined]
    with hold(place.out), closing(open_ledger(place)) as ledger:
        run_recorded(place, ledger, Errand("cycle"), lambda run_id: run_cycle(
            Context(place, ledger, run_id), _STAGES))
