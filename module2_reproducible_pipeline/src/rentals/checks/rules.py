"""The deterministic checks: rules that a sound table keeps whatever population it came from.

In: a table as text, and settings. Out: one result a rule, with the rows that break it.
They need no reference and no luck: the same table always gets the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rentals.checks.results import CheckResult, OffendingRow, figure, row_result
from rentals.checks.table import TextTable
from rentals.fields import is_value
from rentals.schema import (BOX, BOROUGHS, COLUMNS, ID, NAMES, PRICE, REVIEW_COLUMNS,
                            ROOM_TYPES)
from rentals.settings import CheckSettings

BOROUGH, NEIGHBOURHOOD = "neighbourhood_group", "neighbourhood"


@dataclass(frozen=True, slots=True)
class Rule:
    """One check by its name; ``columns`` are those that it cannot do without."""

    name: str
    columns: tuple[str, ...]
    check: Callable[[TextTable, CheckSettings], CheckResult]


def apply_rule(rule: Rule, table: TextTable, settings: CheckSettings) -> CheckResult:
    """Check one rule.

    Parameters
    ----------
    rule : Rule
        One of ``RULES``.
    table : TextTable
        What is checked.
    settings : CheckSettings
        Bounds of rows and prices.

    Returns
    -------
    CheckResult
        Failed, with the reason, when a column that the rule needs is not there once.
    """
    lacking = table.lacks(*rule.columns)
    if lacking:
        return CheckResult(rule.name, "failed", "cannot be checked, the table lacks "
                           + ", ".join(lacking))
    return rule.check(table, settings)


def check_column_names(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that the header is the schema's: all columns, no other, in order."""
    found = table.header
    missing = [name for name in NAMES if name not in found]
    foreign = [ascii(name[:40]) for name in found if name not in NAMES]
    message = f"the {len(NAMES)} columns of the schema, in order"
    if found == NAMES:
        return CheckResult("column_names", "passed", message)
    if missing or foreign:
        parts = [f"missing: {', '.join(missing)}"] * bool(missing)
        parts += [f"unknown: {', '.join(foreign[:5])}"] * bool(foreign)
    elif len(found) > len(NAMES):
        parts = ["a column stands there twice"]
    else:
        place = next(n for n, (is_, must) in enumerate(zip(found, NAMES)) if is_ != must)
        parts = [f"order: column {place + 1} is {found[place]}, must be {NAMES[place]}"]
    return CheckResult("column_names", "failed", f"not {message}: {'; '.join(parts)}")


def check_row_count(table: TextTable, settings: CheckSettings) -> CheckResult:
    """Check that the table is neither a torn file nor a flood."""
    rows, low, high = len(table.lines), settings.min_rows, settings.max_rows
    return CheckResult("row_count", "passed" if low < rows < high else "failed",
                       f"{rows} rows; more than {low} and fewer than {high} are expected",
                       (figure("rows", rows),))


def check_value_types(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that each field can be read by its column's kind and range."""
    offending: list[OffendingRow] = []
    for column in COLUMNS:
        if column.kind != "category" and not table.lacks(column.name):
            codes, levels = pd.factorize(table.texts[column.name])
            is_bad = np.array([not is_value(column, text) for text in levels], dtype=bool)
            offending += table.offending(is_bad[codes], column.name)
    offending.sort(key=lambda row: row.line)
    return row_result("value_types", "each field is of its column's kind and range",
                      len(table.lines), offending)


def check_unique_ids(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that no listing stands in the table twice; every row of such an id is named."""
    numbers = pd.Series(table.numbers(ID))  # 7 and 07 are one id; what is no number is text
    repeated = numbers.duplicated(keep=False) & numbers.notna()
    repeated |= table.texts[ID].duplicated(keep=False)
    return row_result("unique_ids", "no id stands there twice", len(table.lines),
                      table.offending(repeated.to_numpy(), ID))


def check_known_boroughs(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that each borough is one of the five."""
    return _known("known_boroughs", table, BOROUGH, BOROUGHS)


def check_known_room_types(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that each room type is one of the three."""
    return _known("known_room_types", table, "room_type", ROOM_TYPES)


def check_inside_box(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that each listing lies in the box around the city, bounds included."""
    inside = _between(table.numbers("longitude"), BOX.longitude_minimum, BOX.longitude_maximum)
    inside &= _between(table.numbers("latitude"), BOX.latitude_minimum, BOX.latitude_maximum)
    rule = (f"longitude in {BOX.longitude_minimum:g} to {BOX.longitude_maximum:g} and latitude "
            f"in {BOX.latitude_minimum:g} to {BOX.latitude_maximum:g}")
    return row_result("inside_box", rule, len(table.lines),
                      table.offending(~inside, "longitude", "latitude"))


def check_price_range(table: TextTable, settings: CheckSettings) -> CheckResult:
    """Check that each price lies between the settings' bounds, bounds included."""
    low, high = settings.min_price, settings.max_price
    return row_result("price_range", f"price in {low:g} to {high:g} dollars", len(table.lines),
                      table.offending(~_between(table.numbers(PRICE), low, high), PRICE))


def check_review_identity(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that rate and day of reviews are missing exactly where there is no review."""
    has_none = table.numbers("number_of_reviews") == 0
    is_broken = np.zeros(len(table.lines), dtype=bool)
    for name in REVIEW_COLUMNS:
        is_broken |= (table.texts[name] == "").to_numpy() != has_none
    return row_result("review_identity", f"{' and '.join(REVIEW_COLUMNS)} are missing exactly "
                      "where number_of_reviews is 0", len(table.lines),
                      table.offending(is_broken, "number_of_reviews", *REVIEW_COLUMNS))


def check_one_borough(table: TextTable, _settings: CheckSettings) -> CheckResult:
    """Check that a neighbourhood lies in one borough: rows of a rarer one are named."""
    pairs = table.texts[[NEIGHBOURHOOD, BOROUGH]]
    counts = pairs.value_counts().reset_index(name="rows").sort_values(
        ["rows", BOROUGH], ascending=[False, True], kind="stable")
    usual = counts.drop_duplicates(NEIGHBOURHOOD).set_index(NEIGHBOURHOOD)[BOROUGH]
    differs = pairs[BOROUGH].to_numpy() != pairs[NEIGHBOURHOOD].map(usual).to_numpy()
    return row_result("one_borough_per_neighbourhood", "a neighbourhood lies in one borough",
                      len(table.lines), table.offending(differs, NEIGHBOURHOOD, BOROUGH))


def _known(name: str, table: TextTable, column: str, allowed: tuple[str, ...]) -> CheckResult:
    is_unknown = ~table.texts[column].isin(allowed).to_numpy()
    return row_result(name, f"{column} is one of {', '.join(allowed)}", len(table.lines),
                      table.offending(is_unknown, column))


def _between(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_]:
    """Return where values lie within bounds; what is no number does not."""
    inside: NDArray[np.bool_] = (values >= low) & (values <= high)
    return inside


RULES: tuple[Rule, ...] = (
    Rule("column_names", (), check_column_names),
    Rule("row_count", (), check_row_count),
    Rule("value_types", (), check_value_types),
    Rule("unique_ids", (ID,), check_unique_ids),
    Rule("known_boroughs", (BOROUGH,), check_known_boroughs),
    Rule("known_room_types", ("room_type",), check_known_room_types),
    Rule("inside_box", ("longitude", "latitude"), check_inside_box),
    Rule("price_range", (PRICE,), check_price_range),
    Rule("review_identity", ("number_of_reviews", *REVIEW_COLUMNS), check_review_identity),
    Rule("one_borough_per_neighbourhood", (NEIGHBOURHOOD, BOROUGH), check_one_borough),
)
