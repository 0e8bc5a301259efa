"""The data checks as expectations: what each check demands, in Great Expectations' words.

In: a table, its reference, settings. Out: expectations by the frame that must meet them.
Great Expectations has no tests of two samples: p-values come from `rentals.checks`, and it only
judges them.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rentals.checks.distributions import BOROUGH, DIVERGENCE
from rentals.checks.results import CheckResult
from rentals.checks.rules import NEIGHBOURHOOD
from rentals.checks.statistics import PSEUDO_ROWS
from rentals.checks.table import TextTable
from rentals.schema import (BOROUGHS, BOX, COLUMNS, ID, NAMES, PRICE, REVIEW_COLUMNS, ROOM_TYPES,
                            Column)
from rentals.settings import CheckSettings

#: Check, kind of expectation, and its parameters.
Rule = tuple[str, str, dict[str, Any]]

_PATTERNS = {"integer": r"^-?[0-9]{1,15}\Z", "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z",
             "decimal": r"^-?[0-9]{1,15}(?:\.[0-9]{1,25})?(?:[eE][+-]?[0-9]{1,3})?\Z"}
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"


def build_suites(gxe: Any, table: TextTable, earlier: TextTable, settings: CheckSettings,
                 compared: Sequence[CheckResult]) -> Mapping[str, list[Any]]:
    """Return expectations by frame; ``gxe`` is ``great_expectations.expectations``."""
    rules = {
        "header": [("column_names", "TableColumnsToMatchOrderedList",
                    {"column_list": list(NAMES)})],
        "rows": [*_of_rows(settings), *(rule for column in COLUMNS if not table.lacks(column.name)
                                        for rule in _of_column(column))],
        "places": [("one_borough_per_neighbourhood", "ColumnValuesToBeUnique",
                    {"column": NEIGHBOURHOOD})],
        "comparisons": [_compared(one, table, earlier, settings) for one in compared
                        if one.outcome != "not_run"]}
    return {title: [getattr(gxe, f"Expect{kind}")(**words, meta={"check": check})
                    for check, kind, words in some] for title, some in rules.items()}


def _of_rows(settings: CheckSettings) -> Iterator[Rule]:
    yield "row_count", "TableRowCountToBeBetween", {
        "min_value": settings.min_rows + 1, "max_value": settings.max_rows - 1}
    for name in (ID, f"#{ID}"):
        yield "unique_ids", "ColumnValuesToBeUnique", {"column": name}
    for check, name, allowed in (("known_boroughs", BOROUGH, BOROUGHS),
                                 ("known_room_types", "room_type", ROOM_TYPES)):
        yield check, "ColumnValuesToBeInSet", {"column": name, "value_set": list(allowed)}
    for check, name, low, high in (
            ("inside_box", "longitude", BOX.longitude_minimum, BOX.longitude_maximum),
            ("inside_box", "latitude", BOX.latitude_minimum, BOX.latitude_maximum),
            ("price_range", PRICE, settings.min_price, settings.max_price)):
        yield check, "ColumnValuesToNotBeNull", {"column": f"#{name}"}
        yield check, "ColumnValuesToBeBetween", {
            "column": f"#{name}", "min_value": low, "max_value": high}
    for name in REVIEW_COLUMNS:
        yield "review_identity", "ColumnPairValuesToBeEqual", {
            "column_A": "no review", "column_B": f"no {name}"}


def _of_column(column: Column) -> Iterator[Rule]:
    check, name, bounds = "value_types", {"column": column.name}, {
        "min_value": column.minimum, "max_value": column.maximum}
    if column.kind in _PATTERNS:
        yield check, "ColumnValuesToMatchRegex", {**name, "regex": _PATTERNS[column.kind]}
    if column.kind in ("integer", "decimal"):
        yield check, "ColumnValuesToBeBetween", {"column": f"#{column.name}", **bounds}
    if column.kind == "date":
        yield check, "ColumnValuesToMatchStrftimeFormat", {**name, "strftime_format": "%Y-%m-%d"}
    if column.kind == "text":
        yield check, "ColumnValueLengthsToBeBetween", {**name, **bounds}
        yield check, "ColumnValuesToNotMatchRegex", {**name, "regex": _CONTROL}


def _compared(one: CheckResult, table: TextTable, earlier: TextTable, settings: CheckSettings
              ) -> Rule:
    if one.name != DIVERGENCE or not one.figures:
        return one.name, "ColumnValuesToBeBetween", {
            "column": one.name, "min_value": settings.significance, "strict_min": True}
    levels = sorted({*earlier.texts[BOROUGH], *table.texts[BOROUGH]})
    counts = earlier.texts[BOROUGH].value_counts().reindex(levels, fill_value=0) + PSEUDO_ROWS
    return one.name, "ColumnKLDivergenceToBeLessThan", {
        "column": BOROUGH, "threshold": settings.kl_threshold * math.log(2),  # nats, not bits
        "partition_object": {"values": levels, "weights": list(counts / counts.sum())}}
