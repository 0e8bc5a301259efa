"""Great Expectations comes to the same verdicts as the project's own checks, good table or bad."""

import random
import re
import sys
from pathlib import Path

import pytest
from check_tables import good_rows, table_of

from rentals.checks.runner import CHECK_NAMES, run_checks
from rentals.errors import SettingsError
from rentals.expectations import run_expectations
from rentals.settings import CheckSettings

PAGE = Path(__file__).parents[1] / "deploy" / "expectations.md"
SETTINGS = CheckSettings(min_rows=100, max_rows=10_000)


def _set(column, value, rows=(7,)):
    def change(table):
        for place in rows:
            table[place][column] = value
        return table
    return change


def _without(column):
    return lambda table: [{key: value for key, value in row.items() if key != column}
                          for row in table]


def _reordered(table):
    return [dict(sorted(row.items())) for row in table]


#: A fault in words, how it is planted, and the checks that see it.
FAULTS = {
    "none": (lambda table: table, set()),
    "80 rows, which is a torn file": (lambda table: table[:80], {"row_count"}),
    "columns in another order": (_reordered, {"column_names"}),
    "a column is missing": (_without("price"), {"column_names", "price_range", "similar_price"}),
    "an id stands there twice": (_set("id", "1003"), {"unique_ids"}),
    "an id stands there twice, written 01003": (_set("id", "01003"), {"unique_ids"}),
    "a price is a word": (_set("price", "dear"), {"value_types", "price_range"}),
    "a price of 5000": (_set("price", "5000"), {"price_range"}),
    "a price of 0": (_set("price", "0"), {"price_range"}),
    "a listing in the sea": (_set("longitude", "-70"), {"inside_box"}),
    "a latitude without a number": (_set("latitude", ""), {"value_types", "inside_box"}),
    "an unknown borough": (_set("neighbourhood_group", "Hoboken"), {
        "known_boroughs", "one_borough_per_neighbourhood"}),
    "an unknown room type": (_set("room_type", "Tent"), {"known_room_types"}),
    "a neighbourhood in two boroughs": (_set("neighbourhood", "Harlem"), {
        "one_borough_per_neighbourhood"}),
    "reviews without a date": (_set("last_review", ""), {"review_identity"}),
    "the 30th of February": (_set("last_review", "2019-02-30"), {"value_types"}),
    "a number without an end": (_set("reviews_per_month", "1e999"), {"value_types"}),
    "a command to the terminal in a name": (_set("name", "\x1b[2J"), {"value_types"}),
    "a borough has gone": (lambda table: [row for row in table if row["neighbourhood_group"]
                                          != "Queens"], {
        "boroughs_present", "borough_kl_divergence", "similar_neighbourhood_group",
        "similar_neighbourhood", "similar_latitude", "similar_longitude"}),
    "prices a fifth higher": (lambda table: [
        {**row, "price": str(round(1.2 * int(row["price"])))} for row in table],
        {"similar_price"}),
}


def _table():
    """Return 1,000 rows with prices from 60 to 140."""
    prices = random.Random(4)
    return [{**row, "price": str(prices.randint(60, 140))} for row in good_rows(1000)]


def _verdicts(tmp_path, fault):
    reference = table_of(tmp_path, _table(), "reference.csv")
    changed = table_of(tmp_path, FAULTS[fault][0](_table()), "changed.csv")
    report = run_checks(changed, reference, SETTINGS)
    ours = {result.name: result.outcome for result in report.results}
    return ours, dict(run_expectations(changed, reference, SETTINGS))


@pytest.mark.parametrize("fault", FAULTS)
def test_the_verdicts_agree(tmp_path, fault):
    ours, theirs = _verdicts(tmp_path, fault)
    assert list(theirs) == list(CHECK_NAMES)
    assert theirs == ours
    assert {name for name, outcome in theirs.items() if outcome == "failed"} == FAULTS[fault][1]


def test_every_rule_has_a_fault_that_only_it_must_see():
    seen = set().union(*(names for _, names in FAULTS.values()))
    assert {name for name in CHECK_NAMES if not name.startswith("similar_")} <= seen


def test_the_page_names_these_faults_and_the_checks_that_see_them():
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.M)
    told = {fault: set(re.findall(r"`(\w+)`", checks)) for fault, checks in rows}
    assert {fault: told.get(fault) for fault in FAULTS if fault != "none"} == {
        fault: names for fault, (_, names) in FAULTS.items() if fault != "none"}


def test_without_great_expectations_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "great_expectations", None)
    with pytest.raises(SettingsError, match=r"install the extra \[expectations\]"):
        run_expectations(tmp_path / "a.csv", tmp_path / "a.csv", SETTINGS)
