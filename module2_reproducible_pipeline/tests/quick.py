"""A pipeline small enough for tests, and ways to run it."""

import io
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from rentals.cli import main
from rentals.configuration import load_settings
from rentals.settings import Settings
from rentals.tracking import AllTrackers
from rentals.workplace import Workplace

#: Settings of a pipeline that takes seconds, with every step in it.
WORDS = ("data.rows=700", "checks.min_rows=100", "model.candidates=[median,ridge]",
         "model.text.least_listings=2", "model.text.topics=4", "model.text.folds=2",
         "select.bootstrap_resamples=100", "evaluate.bootstrap_resamples=100",
         "evaluate.single_rows=5")
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@cache
def quick_settings(*words: str) -> Settings:
    """Return the settings of `WORDS` and more; frozen, so they are composed once."""
    return load_settings([*WORDS, *words])


def workplace(out: Path, *words: str, data: str = "") -> Workplace:
    """Return a workplace that records nothing in MLflow or W&B; ``data`` is a file to read."""
    settings = quick_settings(*words)
    settings = replace(settings, data=replace(settings.data, path=data))
    return Workplace(out, settings, lambda: NOON, lambda _: nullcontext(),
                     AllTrackers((), "quick", {}, {}), "pipeline")


def run_captured(argv: Sequence[str]) -> tuple[int, str]:
    """Run the command line; return its exit code, and what it said to both streams."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(argv)
    return code, said.getvalue()
