"""Read the rows that were taken in: of one drop, or the latest labelled ones.

In: a workplace and its ledger. Out: frames, after the files' digests were checked. Missing
values are NaN; a row's number tells its file and its line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from riskwatch.engine import connected
from riskwatch.errors import InputError
from riskwatch.ledger import Ledger
from riskwatch.ledger_pages import Query
from riskwatch.records import File, Segment
from riskwatch.schema import CORPORATION, FEATURES, TARGET
from riskwatch.segments import (check_digests, current_relation, live_segments, rows_relation,
                                shadowed_relation)
from riskwatch.workplace import Workplace

#: Columns of every frame.
COLUMNS = ("row", CORPORATION, *FEATURES, TARGET, "is_hold_out")
_FIRST_LINE = 2


@dataclass(frozen=True)
class Origin:
    """Where a row stood: digest and name of the file, and the line, the header being line 1."""

    sha256: str
    name: str
    line: int


def drop_rows(place: Workplace, ledger: Ledger, file: File) -> pd.DataFrame:
    """Return every row of a file, as it came.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    file : File
        Accepted.

    Returns
    -------
    DataFrame, shape (n, 8)
        `COLUMNS`, in the order of the lines, and ``is_repeated``: another row says the same.

    Raises
    ------
    InputError
        The file has no rows here.
    DatasetError
        Stored rows were changed.
    """
    if file.rows is None or file.first_row is None:
        raise InputError(f"{file.name}: was not taken in ({file.status})")
    live = live_segments(ledger)
    first, end = file.first_row, file.first_row + file.rows
    holding = [segment for segment in live
               if segment.first_row < end and first < segment.first_row + segment.rows]
    later = [segment for segment in live if segment.first_row + segment.rows > first]
    sql = (f"SELECT {_selected()}, row IN (SELECT row FROM "
           f"{shadowed_relation(place.data, later)}) AS is_repeated "
           f"FROM {rows_relation(place.data, holding)} "
           f"WHERE row >= {first} AND row < {end} ORDER BY row")
    return _frame(place, later, sql)


def labelled_rows(place: Workplace, ledger: Ledger, part: Literal["train", "hold_out"],
                  most: int, *, after: int = 0) -> pd.DataFrame:
    """Return the latest current rows that have a label.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    part : str
        ``train``, or ``hold_out``, which no model may learn from.
    most : int
        At most so many rows.
    after : int
        Only rows with a larger number.

    Returns
    -------
    DataFrame, shape (n, 7)
        `COLUMNS`, oldest first; empty where there is nothing.

    Raises
    ------
    DatasetError
        Stored rows were changed.
    """
    live = live_segments(ledger)
    if not live:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in COLUMNS})
    condition = "is_hold_out" if part == "hold_out" else "NOT is_hold_out"
    latest = (f"SELECT * FROM {current_relation(place.data, live)} WHERE {TARGET} IS NOT NULL "
              f"AND {condition} AND row > {int(after)} ORDER BY row DESC LIMIT {int(most)}")
    return _frame(place, live, f"SELECT {_selected()} FROM ({latest}) ORDER BY row")


def trace(ledger: Ledger, row: int) -> Origin:
    """Return where a row stood.

    Parameters
    ----------
    ledger : Ledger
    row : int
        Its number.

    Returns
    -------
    Origin

    Raises
    ------
    InputError
        There is no such row.
    """
    for entry in ledger.entries(File, Query(filters={"status": "accepted"})):
        file = entry.record
        if file.first_row is not None and file.rows is not None and (
                file.first_row <= row < file.first_row + file.rows):
            return Origin(file.sha256, file.name, row - file.first_row + _FIRST_LINE)
    raise InputError(f"there is no row {row}")


def _selected() -> str:
    numbers = ", ".join(f"{name}::DOUBLE AS {name}" for name in (*FEATURES, TARGET))
    return f"row, {CORPORATION}, {numbers}, is_hold_out"


def _frame(place: Workplace, segments: Sequence[Segment], sql: str
           ) -> pd.DataFrame:
    check_digests(place.data, segments)
    with connected(place) as connection:
        return connection.execute(sql).df()
