"""Drops of an era for the tests that watch: drawn in a line, taken through a whole cycle."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from riskwatch.cycle import Context, run_cycle
from riskwatch.ledger import Ledger
from riskwatch.population import draw, name_pool
from riskwatch.records import DriftVerdict
from riskwatch.stages import STAGES
from riskwatch.workplace import Workplace

Cycle = Callable[..., Context]


def lines(era: str, seed: int, rows: int = 240, labelled: bool = True) -> list[str]:
    """Rows of a drop of an era."""
    rng = np.random.default_rng([seed, 7])
    drawn = draw(rows, era, rng, name_pool(rng))  # type: ignore[arg-type]
    columns = (drawn.corporation, drawn.last_month, drawn.last_year, drawn.employees,
               drawn.exited if labelled else [""] * rows)
    return [",".join(map(str, row)) for row in zip(*columns)]


@pytest.fixture(name="cycle")
def cycle_runner(place: Workplace, ledger: Ledger, put: Callable[..., Path]) -> Cycle:
    """Put a drop of an era into the inbox and run a cycle."""
    drops = iter(range(100))

    def run(era: str | None = None, rows: list[str] | None = None, **drawn: object) -> Context:
        number = next(drops)
        if era is not None or rows is not None:
            put(f"{number:03d}.csv", rows or lines(era or "", number, **drawn))  # type: ignore
        context = Context(place, ledger, 1)
        run_cycle(context, STAGES)
        return context
    return run


def verdicts(context: Context, **wanted: object) -> list[DriftVerdict]:
    """The verdicts of a cycle that have the wanted fields."""
    return [entry.record for entry in context.verdicts
            if all(getattr(entry.record, name) == value for name, value in wanted.items())]


def action(context: Context) -> str:
    """What a cycle decided."""
    assert context.decision is not None
    return context.decision.record.action
