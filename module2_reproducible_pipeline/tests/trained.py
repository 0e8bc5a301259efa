"""Candidates trained on a few hundred listings, and what select and evaluate made of them."""

import csv
from pathlib import Path

from listing_rows import SMALL, listings

from rentals.data import write_listings
from rentals.plan import CHOSEN, StepResult, Task
from rentals.settings import EvaluateSettings, SelectSettings, Settings
from rentals.steps import evaluate, select, train

SETTINGS = Settings(model=SMALL, select=SelectSettings(bootstrap_resamples=100),
                    evaluate=EvaluateSettings(bootstrap_resamples=100, single_rows=5))
NAMES = ("median", "ridge", "random_forest")


def make_models(folder: Path) -> None:
    """Fill a folder with tables, trained candidates, the chosen one and its evaluation."""
    for name, rows in (("trainval.csv", listings(400)), ("test.csv", listings(120, seed=9))):
        write_listings(rows, folder / name)
    for name in NAMES:
        train.run(Task({"trainval": folder / "trainval.csv"}, SETTINGS, folder, name))
    select.run(Task(candidates_in(folder), SETTINGS, folder))
    evaluate_in(folder, folder / CHOSEN, folder)


def candidates_in(folder: Path) -> dict[str, Path]:
    """Return the inputs of select."""
    return {"trainval": folder / "trainval.csv",
            **{name: folder / f"model_{name}" for name in NAMES}}


def evaluate_in(folder: Path, chosen: Path, out: Path) -> StepResult:
    """Evaluate a model on the test rows of a folder."""
    return evaluate.run(Task({"chosen": chosen, "test": folder / "test.csv"}, SETTINGS, out))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of results."""
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
