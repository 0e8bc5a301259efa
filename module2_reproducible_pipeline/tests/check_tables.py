"""Tables of listings made by hand, with which the tests of the checks plant their faults."""

import csv
from pathlib import Path

from rentals.checks.rules import RULES, apply_rule
from rentals.checks.results import CheckResult
from rentals.checks.table import TextTable, read_text_table
from rentals.schema import NAMES
from rentals.settings import CheckSettings, ReadingSettings

Row = dict[str, str]
LIMITS = ReadingSettings()
#: The row rules are tested on a handful of rows.
SETTINGS = CheckSettings(min_rows=0)

_PLACES = (("Manhattan", "Harlem", "40.81", "-73.94"), ("Brooklyn", "Bushwick", "40.69", "-73.92"),
           ("Queens", "Astoria", "40.76", "-73.92"), ("Bronx", "Mott Haven", "40.81", "-73.92"),
           ("Staten Island", "St. George", "40.64", "-74.08"))
_ROOMS = ("Entire home/apt", "Private room", "Shared room")


def good_rows(count: int = 6) -> list[Row]:
    """Return rows without a fault; the third has no review, the second has a name of two lines."""
    rows = []
    for number in range(count):
        borough, neighbourhood, latitude, longitude = _PLACES[number % 5]
        reviews = 0 if number % 6 == 2 else number + 1
        rows.append(dict(zip(NAMES, (
            str(1000 + number), "Sunny,\nquiet room" if number == 1 else f"Room {number}",
            str(50 + number), "Ada", borough, neighbourhood, latitude, longitude,
            _ROOMS[number % 3], str(80 + number), "2", str(reviews),
            "2019-06-01" if reviews else "", "0.5" if reviews else "", "1", "100"))))
    return rows


def table_of(folder: Path, rows: list[Row], name: str = "listings.csv") -> Path:
    """Write rows under the keys of the first one and return the path."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def text_table(folder: Path, rows: list[Row]) -> TextTable:
    """Write rows and read them back as text."""
    return read_text_table(table_of(folder, rows), LIMITS)


def rule_result(folder: Path, rows: list[Row], name: str,
                settings: CheckSettings = SETTINGS) -> CheckResult:
    """Return the result of one rule on rows."""
    rule = next(rule for rule in RULES if rule.name == name)
    return apply_rule(rule, text_table(folder, rows), settings)
