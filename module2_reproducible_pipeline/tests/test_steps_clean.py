"""The step clean: what is kept, and every dropped row with its reason."""

import csv

import pandas as pd
import pytest

from listing_rows import listings

from rentals.data import load_listings, write_listings
from rentals.errors import InputError
from rentals.plan import Task
from rentals.settings import CleanSettings, Settings
from rentals.steps.clean import run


@pytest.fixture(name="sample")
def sample_fixture(tmp_path):
    """Eight listings of which three cannot be kept."""
    rows = listings(8)
    rows["price"] = [10, 350, 9, 351, 100, 100, 100, 100]
    rows.loc[5, "latitude"] = 0.0
    write_listings(rows, tmp_path / "sample.csv")
    return tmp_path / "sample.csv"


def _run(sample, tmp_path, **settings):
    out = tmp_path / "out"
    out.mkdir()
    return run(Task({"sample": sample}, Settings(clean=CleanSettings(**settings)), out)), out


def test_kept_rows_are_as_they_were_and_in_their_order(sample, tmp_path):
    _, out = _run(sample, tmp_path)
    before = load_listings(sample)
    pd.testing.assert_frame_equal(load_listings(out / "clean_sample.csv"),
                                  before.iloc[[0, 1, 4, 6, 7]].reset_index(drop=True))


def test_every_dropped_row_is_named_with_its_reason(sample, tmp_path):
    result, out = _run(sample, tmp_path)
    with open(out / "dropped_rows.csv", encoding="utf-8", newline="") as stream:
        found = [(int(row["id"]), row["reason"]) for row in csv.DictReader(stream)]
    assert found == [(1002, "price below minimum"), (1003, "price above maximum"),
                     (1005, "outside the box")]
    assert result.metrics == {
        "rows_kept": 5, "rows_dropped": 3, "dropped_price_below_minimum": 1,
        "dropped_price_above_maximum": 1, "dropped_outside_the_box": 1}


def test_counts_of_kept_and_dropped_add_up_to_all(sample, tmp_path):
    result, _ = _run(sample, tmp_path, drop_outside_box=False)
    assert result.metrics["rows_kept"] + result.metrics["rows_dropped"] == 8
    assert result.metrics["dropped_outside_the_box"] == 0


@pytest.mark.parametrize(("settings", "said"), [
    ({"min_price": 300.0, "max_price": 200.0}, "min_price is above clean.max_price"),
    ({"min_price": 5000.0, "max_price": 6000.0}, "none of 8 rows is kept"),
])
def test_bounds_that_keep_nothing_are_refused(sample, tmp_path, settings, said):
    with pytest.raises(InputError, match=said):
        _run(sample, tmp_path, **settings)
