"""Write new segments: staged rows in, Parquet out, and which rows they make superfluous.

In: staged rows and the segments before. Out: files of rows, and the list of rows that are no
longer current. Rows that may be equal are found by a hash and then compared in full.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskwatch.alike import rows_alike
from riskwatch.engine import Connection, quoted
from riskwatch.plain import MISSING, Rows
from riskwatch.records import Segment
from riskwatch.schema import CORPORATION, FEATURES, TARGET
from riskwatch.segments import CONTENT, IDENTITY, current_relation
from riskwatch.staging import Staging

#: Stands for a missing number in the hold-out's rule; larger than any number of the schema.
_UNKNOWN = 1_000_000_000
#: A prime below 2 ** 32, and multipliers below it, so that no product leaves 64 bits.
_PRIME = 4_294_967_291
_MULTIPLIERS = (2_654_435_761, 1_812_433_253, 1_566_083_941)
#: Numbers are stored as differences; looking for a dictionary of them costs a fifth more.
AS_PARQUET = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1)"
#: Rows that may be equal go to the engine by so many.
_ALIKE_AT_ONCE = 1_000_000


def hold_out(counts: NDArray[np.int32], share: float) -> NDArray[np.bool_]:
    """Return which rows belong to the hold-out.

    It depends on what a model sees, and on nothing else: rows with equal features stand on the
    same side, in any order of arrival, for ever.

    Parameters
    ----------
    counts : array of int, shape (3, n)
        The features in the schema's order; `MISSING` where there is none.
    share : float
        Of the hold-out, between 0 and 1.

    Returns
    -------
    array of bool, shape (n,)
    """
    mixed = np.zeros(counts.shape[1], dtype=np.int64)
    for values, multiplier in zip(counts, _MULTIPLIERS):
        mixed += np.where(values == MISSING, _UNKNOWN, values.astype(np.int64)) * multiplier
    mixed %= _PRIME
    for multiplier in _MULTIPLIERS[1:]:
        # A sum of products is a straight line; folding the high bits down bends it.
        mixed ^= mixed >> 15
        mixed *= multiplier
        mixed %= _PRIME
    return mixed < int(share * _PRIME)


def write_rows(connection: Connection, rows: Rows, target: Path, first_row: int,
               share: float) -> int:
    """Write rows into the Parquet file ``target``; return how many the engine has written."""
    connection.register("rows", {
        **_arrays(rows), "row": np.arange(first_row, first_row + len(rows)),
        "is_hold_out": hold_out(rows.counts, share)})
    found = connection.execute(f"COPY (SELECT {_TYPED}, row, is_hold_out FROM rows) "
                               f"TO {quoted(target)} {AS_PARQUET}").fetchone()
    connection.unregister("rows")
    return int((found or (0,))[0])


def find_shadowed(connection: Connection, staged: Staging, new: Sequence[Path], target: Path,
                  before: tuple[Path, tuple[Segment, ...], int]) -> NDArray[np.int64]:
    """Write which rows the new ones make superfluous, or are so themselves, into ``target``.

    Parameters
    ----------
    connection : DuckDBPyConnection
    staged : Staging
        The new rows.
    new : sequence of Path
        Parquet files of them.
    target : Path
        Gets ``(row, shadowed_by)``; not written when there are none.
    before : (Path, tuple of Segment, int)
        Folder of the segments, those before, and the number of the first new row.

    Returns
    -------
    array of int, shape (n,)
        Their numbers, sorted.
    """
    data, history, first_row = before
    connection.execute("CREATE OR REPLACE TEMP TABLE alike (row BIGINT, corporation VARCHAR, "
                       + ", ".join(f"{name} INTEGER" for name in CONTENT[1:]) + ")")
    is_alike = rows_alike(staged)
    for start, stop in staged.parts():
        _insert(connection, staged, start, np.flatnonzero(is_alike[start:stop]), first_row)
    del is_alike  # before the engine needs the memory
    if history:
        _insert_across(connection, new, current_relation(data, history))
    # A row can be alike in two ways only where there is a history.
    rows = "(SELECT DISTINCT * FROM alike)" if history else "alike"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE gone AS {_SHADOWED.format(rows=rows)}")
    numbers = np.asarray(connection.execute("SELECT row FROM gone ORDER BY row"
                                            ).fetchnumpy()["row"])
    if numbers.size:
        connection.execute(f"COPY (SELECT * FROM gone ORDER BY row) TO {quoted(target)} "
                           "(FORMAT parquet, PARQUET_VERSION v2)")
    connection.execute("DROP TABLE alike; DROP TABLE gone")
    return numbers


def _insert_across(connection: Connection, new: Sequence[Path], current: str) -> None:
    """Give the new rows that are like one before to the engine, and those before."""
    batch = f"read_parquet([{', '.join(quoted(path, is_read=True) for path in new)}])"
    names = ", ".join(f"a.{name}" for name in ("row", *CONTENT))
    for left, right in ((batch, current), (current, batch)):
        connection.execute(f"INSERT INTO alike SELECT {names} FROM {left} a "
                           f"SEMI JOIN {right} b ON {_SAME}")


def _insert(connection: Connection, staged: Staging, start: int, places: NDArray[np.int64],
            first_row: int) -> None:
    """Give some rows of the part that begins at ``start`` to the engine."""
    if not places.size:
        return
    part = staged.part(start, start + int(places[-1]) + 1)
    for begin in range(0, len(places), _ALIKE_AT_ONCE):
        chosen = places[begin:begin + _ALIKE_AT_ONCE]
        rows = Rows(part.names[chosen], part.counts[:, chosen], part.labels[chosen])
        connection.register("candidates", {**_arrays(rows), "row": chosen + start + first_row})
        connection.execute(f"INSERT INTO alike SELECT row, {_TYPED} FROM candidates")
        connection.unregister("candidates")


def _arrays(rows: Rows) -> Mapping[str, NDArray[Any]]:
    return {CORPORATION: rows.names, TARGET: rows.labels,
            **dict(zip(FEATURES, rows.counts))}


# A name's number in hexadecimal digits is its letters in ASCII.
_TYPED = ", ".join((
    f"decode(unhex(hex({CORPORATION}))) AS {CORPORATION}",
    *(f"nullif({name}, {MISSING}) AS {name}" for name in FEATURES),
    f"nullif({TARGET}, {MISSING})::UTINYINT AS {TARGET}"))
_SAME = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in IDENTITY)
_LABELLED = ", ".join(
    f"min(CASE WHEN {TARGET} = {label} THEN row END) OVER alike_rows AS first_{label}"
    for label in (0, 1))
#: The first row that says the same stays; one without a label also yields to any with one.
_SHADOWED = f"""
SELECT row, best AS shadowed_by FROM (
  SELECT row, coalesce(CASE {TARGET} WHEN 0 THEN first_0 WHEN 1 THEN first_1
                                     ELSE least(first_0, first_1) END, first) AS best
  FROM (SELECT row, {TARGET}, min(row) OVER alike_rows AS first, {_LABELLED}
        FROM {{rows}} WINDOW alike_rows AS (PARTITION BY {', '.join(IDENTITY)})))
WHERE best <> row"""
