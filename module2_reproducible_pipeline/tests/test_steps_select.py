"""Select: the least error by rule, the simpler of equals, and how sure the choice is."""

import pytest
from listing_rows import SMALL
from trained import NAMES, SETTINGS, candidates_in, rows_of

from rentals.evaluate import compare
from rentals.model_files import load_model
from rentals.plan import CHOSEN, Task
from rentals.settings import SelectSettings, Settings
from rentals.steps import select


def test_the_least_error_is_chosen_and_the_others_are_compared_with_it(made):
    rows = {row["candidate"]: row for row in rows_of(made / CHOSEN / "comparison.csv")}
    best = min(rows.values(), key=lambda row: float(row["mae"]))["candidate"]
    assert load_model(made / CHOSEN).facts.name == best == "ridge"
    tables = {name: rows_of(made / f"model_{name}" / "validation.csv") for name in NAMES}
    price, ours, theirs = ([float(row[key]) for row in tables[name]] for name, key in (
        ("ridge", "price"), ("ridge", "predicted"), ("median", "predicted")))
    expected = compare(price, ours, theirs, resamples=100, seed=42)[0]
    assert float(rows["median"]["behind_low"]) == pytest.approx(expected.low, abs=1e-4)
    assert float(rows["ridge"]["behind_best"]) == 0


def test_the_chosen_model_learns_the_validation_rows_too_unless_told_not_to(made, tmp_path):
    assert load_model(made / CHOSEN).facts.rows == 400
    settings = Settings(model=SMALL, select=SelectSettings(100, refit=False))
    select.run(Task(candidates_in(made), settings, tmp_path))
    assert load_model(tmp_path / CHOSEN).sha256 == load_model(made / "model_ridge").sha256


def test_equal_candidates_give_the_simpler_one(made, tmp_path):
    inputs = {"trainval": made / "trainval.csv", "ridge": made / "model_ridge",
              "random_forest": made / "model_ridge"}
    select.run(Task(inputs, SETTINGS, tmp_path))
    assert load_model(tmp_path / CHOSEN).facts.name == "ridge"
