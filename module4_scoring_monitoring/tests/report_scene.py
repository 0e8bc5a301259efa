"""A workplace after two cycles, and a copy of it for each test that changes something."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Clock
from watched_drops import lines

from riskwatch.cycle import Context, run_cycle
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.runs import Errand, run_recorded
from riskwatch.schema import HEADER
from riskwatch.settings import build_settings
from riskwatch.stages import STAGES
from riskwatch.workplace import Workplace

NAMES = ["confusion_matrix.png", "made_of.json", "report.html", "report.pdf"]


def drop(place: Workplace, number: int, rows: list[str]) -> None:
    """Put a drop into the inbox."""
    place.inbox.mkdir(parents=True, exist_ok=True)
    (place.inbox / f"{number:03d}.csv").write_text("\n".join([HEADER, *rows, ""]))


def cycle(place: Workplace, ledger: Ledger) -> Context:
    """Run a cycle, as the command does."""
    seen: list[Context] = []

    def work(run_id: int) -> int:
        seen.append(Context(place, ledger, run_id))
        return run_cycle(seen[0], STAGES)

    run_recorded(place, ledger, Errand("cycle", "cron"), work)
    return seen[0]


def said(context: Context) -> str:
    """What the stage of the report said."""
    return context.steps[-1].record.detail


@pytest.fixture(name="template", scope="module")
def after_two_cycles(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A workplace where a first model was found, and a drop was scored."""
    settings = build_settings({"scoring": {"bootstrap_resamples": 100}, "training": {
        "folds": 2, "least_rows": 10, "candidates": ["logistic_regression"]}})
    place = Workplace(tmp_path_factory.mktemp("report") / "template", settings, Clock())
    with closing(open_ledger(place)) as ledger:
        for number, count in ((1, 600), (2, 200)):
            drop(place, number, lines("stable", number, count))
            cycle(place, ledger)
    return place


@pytest.fixture(name="scene")
def a_copy(template: Workplace, tmp_path: Path) -> Iterator[tuple[Workplace, Ledger, Path]]:
    """A copy of it, its ledger, and the folder of its latest report."""
    shutil.copytree(template.out, tmp_path / "a workplace", symlinks=True)
    clock = Clock()
    clock.now = template.clock()
    place = replace(template, out=tmp_path / "a workplace", clock=clock)
    with closing(open_ledger(place)) as ledger:
        yield place, ledger, place.reports / "run_000002"
