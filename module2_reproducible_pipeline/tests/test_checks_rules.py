"""Tests of the deterministic checks: each fails on its planted fault and names the row.

The file's second row has a name of two lines, so from the third row on line and row differ.
"""

from pathlib import Path

import pytest
from check_tables import LIMITS, SETTINGS, good_rows, rule_result, table_of

from rentals.checks.rules import RULES, apply_rule
from rentals.checks.table import read_text_table
from rentals.settings import CheckSettings

#: Rule: column, the faulty value, and the value as the message shows it.
FAULTS = (
    ("value_types", "price", "12.5", "price 12.5"),
    ("value_types", "minimum_nights", "", "minimum_nights missing"),
    ("value_types", "latitude", "north", "latitude north"),
    ("value_types", "latitude", "nan", "latitude nan"),
    ("value_types", "last_review", "2019-02-30", "last_review 2019-02-30"),
    ("value_types", "availability_365", "400", "availability_365 400"),
    ("value_types", "host_id", "1e3", "host_id 1e3"),
    ("known_boroughs", "neighbourhood_group", "Hoboken", "neighbourhood_group Hoboken"),
    ("known_boroughs", "neighbourhood_group", "", "neighbourhood_group missing"),
    ("known_boroughs", "neighbourhood_group", "queens", "neighbourhood_group queens"),
    ("known_room_types", "room_type", "Hotel room", "room_type Hotel room"),
    ("inside_box", "latitude", "40.49979", "longitude -73.92, latitude 40.49979"),
    ("inside_box", "latitude", "41.2001", "longitude -73.92, latitude 41.2001"),
    ("inside_box", "longitude", "73.92", "longitude 73.92, latitude 40.81"),
    ("inside_box", "longitude", "-73.4999", "longitude -73.4999, latitude 40.81"),
    ("inside_box", "longitude", "-74.2501", "longitude -74.2501, latitude 40.81"),
    ("inside_box", "longitude", "west", "longitude west, latitude 40.81"),
    ("price_range", "price", "9", "price 9"),
    ("price_range", "price", "351", "price 351"),
    ("price_range", "price", "", "price missing"),
    ("price_range", "price", "inf", "price inf"),
    ("review_identity", "reviews_per_month", "", "number_of_reviews 4, last_review 2019-06-01, "
                                                 "reviews_per_month missing"),
    ("review_identity", "last_review", "", "number_of_reviews 4, last_review missing, "
                                           "reviews_per_month 0.5"),
    ("review_identity", "number_of_reviews", "0", "number_of_reviews 0, last_review 2019-06-01, "
                                                  "reviews_per_month 0.5"),
)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_a_sound_table_keeps_each_rule(tmp_path: Path, rule: str) -> None:
    assert rule_result(tmp_path, good_rows(), rule).outcome == "passed"


@pytest.mark.parametrize(("rule", "column", "value", "shown"), FAULTS)
def test_a_planted_fault_fails_its_rule_and_names_the_row(
        tmp_path: Path, rule: str, column: str, value: str, shown: str) -> None:
    rows = good_rows()
    rows[3][column] = value
    result = rule_result(tmp_path, rows, rule)
    assert result.outcome == "failed"
    assert [(row.line, row.listing_id, row.value) for row in result.offending] \
        == [(6, "1003", shown)]
    assert result.message.endswith(f"broken in 1 of 6 rows: line 6 id 1003 ({shown})")


@pytest.mark.parametrize(("column", "value"), [
    ("latitude", "40.5"), ("latitude", "41.2"), ("longitude", "-74.25"), ("longitude", "-73.5")])
def test_the_border_of_the_box_is_inside(tmp_path: Path, column: str, value: str) -> None:
    rows = good_rows()
    rows[3][column] = value
    assert rule_result(tmp_path, rows, "inside_box").passed


@pytest.mark.parametrize("value", ["10", "350"])
def test_the_bounds_of_the_price_are_allowed(tmp_path: Path, value: str) -> None:
    rows = good_rows()
    rows[3]["price"] = value
    assert rule_result(tmp_path, rows, "price_range").passed


def test_the_bounds_of_the_price_come_from_the_settings(tmp_path: Path) -> None:
    """Prices are 80 to 85."""
    result = rule_result(tmp_path, good_rows(), "price_range",
                         CheckSettings(min_price=81, max_price=84))
    assert [row.listing_id for row in result.offending] == ["1000", "1005"]


@pytest.mark.parametrize("repeated", ["1001", "01001"])
def test_every_row_of_a_repeated_id_is_named(tmp_path: Path, repeated: str) -> None:
    rows = good_rows()
    rows[3]["id"] = repeated
    result = rule_result(tmp_path, rows, "unique_ids")
    assert [(row.line, row.listing_id) for row in result.offending] \
        == [(3, "1001"), (6, repeated)]
    assert result.outcome == "failed"


def test_ids_that_are_no_numbers_are_compared_as_text(tmp_path: Path) -> None:
    rows = good_rows()
    rows[1]["id"], rows[3]["id"] = "one", "two"
    assert rule_result(tmp_path, rows, "unique_ids").passed
    rows[3]["id"] = "one"
    assert rule_result(tmp_path, rows, "unique_ids").offending_count == 2


@pytest.mark.parametrize(("bounds", "outcome"), [
    ((5, 7), "passed"), ((6, 7), "failed"), ((5, 6), "failed"), ((0, 100), "passed")])
def test_the_row_count_lies_strictly_between_its_bounds(
        tmp_path: Path, bounds: tuple[int, int], outcome: str) -> None:
    result = rule_result(tmp_path, good_rows(), "row_count",
                         CheckSettings(min_rows=bounds[0], max_rows=bounds[1]))
    assert result.outcome == outcome
    assert result.message.startswith("6 rows; ")


def test_the_default_row_count_is_the_course_s() -> None:
    assert (CheckSettings().min_rows, CheckSettings().max_rows) == (15_000, 1_000_000)


def test_a_neighbourhood_in_two_boroughs_names_the_rarer(tmp_path: Path) -> None:
    rows = good_rows(12)
    rows[5]["neighbourhood_group"] = "Queens"  # Harlem, of which two other rows are Manhattan
    result = rule_result(tmp_path, rows, "one_borough_per_neighbourhood")
    assert [(row.line, row.value) for row in result.offending] \
        == [(8, "neighbourhood Harlem, neighbourhood_group Queens")]


def test_the_first_five_rows_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    rows = good_rows(12)
    for row in rows[2:9]:
        row["price"] = "0"
    result = rule_result(tmp_path, rows, "price_range")
    assert result.offending_count == len(result.offending) == 7
    assert result.message.count("id ") == 5
    assert result.message.endswith("; and 2 more")
    assert [(found.name, found.value) for found in result.figures] == [("offending_rows", 7.0)]


def test_values_of_several_columns_are_named_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = good_rows()
    rows[4]["id"], rows[3]["price"], rows[0]["availability_365"] = "x", "y", "z"
    result = rule_result(tmp_path, rows, "value_types")
    assert [(row.line, row.value) for row in result.offending] \
        == [(2, "availability_365 z"), (6, "price y"), (7, "id x")]


# The header.

def test_a_missing_column_is_named_and_fails_the_rules_that_need_it(tmp_path: Path) -> None:
    rows = good_rows()
    for row in rows:
        del row["price"]
    assert rule_result(tmp_path, rows, "column_names").message.endswith("missing: price")
    result = rule_result(tmp_path, rows, "price_range")
    assert (result.outcome, result.message) \
        == ("failed", "cannot be checked, the table lacks price")
    assert rule_result(tmp_path, rows, "inside_box").passed


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    rows = [{**row, "Unnamed: 0": "1"} for row in good_rows()]
    result = rule_result(tmp_path, rows, "column_names")
    assert result.outcome == "failed"
    assert result.message.endswith("unknown: 'Unnamed: 0'")


def test_another_order_of_columns_is_a_fault(tmp_path: Path) -> None:
    rows = [dict(reversed(row.items())) for row in good_rows()]
    result = rule_result(tmp_path, rows, "column_names")
    assert result.message.endswith("order: column 1 is availability_365, must be id")
    assert rule_result(tmp_path, rows, "price_range").passed


def test_a_column_that_stands_there_twice_is_a_fault(tmp_path: Path) -> None:
    path = table_of(tmp_path, good_rows(1))
    header, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header},price\n{row},5\n", encoding="utf-8")
    results = {rule.name: apply_rule(rule, read_text_table(path, LIMITS), SETTINGS)
               for rule in RULES}
    assert results["column_names"].message.endswith("a column stands there twice")
    assert results["price_range"].message.endswith("lacks price")


def test_rows_of_a_table_without_ids_are_named_by_their_line(tmp_path: Path) -> None:
    rows = good_rows()
    for row in rows:
        del row["id"]
    rows[3]["price"] = "0"
    result = rule_result(tmp_path, rows, "price_range", SETTINGS)
    assert result.message.endswith("line 6 id ? (price 0)")
