"""What a drop of corporations' activity is: every column once, with its rule and meaning.

In: nothing. Out: the facts that reader, generator, features, API and tests share.
They stand here once, so that a column cannot mean two things in two rooms.

References
----------
Column names are those of the usual "dynamic risk assessment" capstone; the ranges are ours.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Literal

SCHEMA_VERSION = 1
#: Nine digits fit into 32 bits; more are no activity that a corporation could have.
LARGEST = 999_999_999


@dataclass(frozen=True, slots=True)
class Column:
    """One column; numbers run from ``minimum`` to ``maximum`` and may be empty (missing)."""

    name: str
    kind: Literal["name", "count", "label"]
    role: Literal["id", "feature", "target"]
    meaning: str
    minimum: int = 0
    maximum: int = LARGEST


COLUMNS: tuple[Column, ...] = (
    Column("corporation", "name", "id", "short name of the corporation: four letters, a to z"),
    Column("lastmonth_activity", "count", "feature", "activity in the last month"),
    Column("lastyear_activity", "count", "feature", "activity in the last twelve months"),
    Column("number_of_employees", "count", "feature", "employees"),
    Column("exited", "label", "target", "1 where the contract ended, 0 where not; empty while "
           "nobody knows", 0, 1),
)

NAMES = tuple(column.name for column in COLUMNS)
BY_NAME = {column.name: column for column in COLUMNS}
CORPORATION, TARGET = "corporation", "exited"
FEATURES = tuple(column.name for column in COLUMNS if column.role == "feature")
LAST_MONTH, LAST_YEAR, EMPLOYEES = FEATURES
#: First line of every drop.
HEADER = ",".join(NAMES)
CORPORATION_PATTERN = re.compile(r"[a-z]{4}")
#: The day a drop speaks of stands in its name, as in ``activity_2026-03-01.csv``.
PERIOD_PATTERN = re.compile(r"(?<![0-9])([0-9]{4}-[01][0-9]-[0-3][0-9])(?![0-9])")


def schema_digest() -> str:
    """Return the sha256 of the schema: a stored model names the one it was trained for."""
    content = [SCHEMA_VERSION, [asdict(column) for column in COLUMNS]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
