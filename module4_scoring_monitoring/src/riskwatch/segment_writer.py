"""Write a new segment: staged lines in, Parquet out, and which rows it makes superfluous.

In: a file of canonical lines and the segments before. Out: two files, and counts per drop.
Equal rows are found by a 64-bit hash, sorted, and then compared in full; so a million rows
cost a sort of a million numbers, and no row is ever lost to a collision.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskwatch.engine import Connection, quoted
from riskwatch.records import Segment
from riskwatch.schema import EMPLOYEES, LAST_MONTH, LAST_YEAR, TARGET
from riskwatch.segments import CONTENT, IDENTITY, current_relation

#: Stands for a missing number where one is needed; larger than any number of the schema.
_MISSING = 1_000_000_000
#: A prime below 2 ** 32, and multipliers below it, so that no product leaves 64 bits.
_PRIME = 4_294_967_291
_MULTIPLIERS = (2_654_435_761, 1_812_433_253, 1_566_083_941)
#: Numbers are stored as differences; looking for a dictionary of them costs a fifth more.
AS_PARQUET = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1)"
#: Bits of the flags of a row.
IMPOSSIBLE, UNLABELLED = 1, 2
MISSING_UNIT = 4
#: Row hashes that are held and sorted together.
HASHES_AT_ONCE = 12_000_000


def hold_out_sql(share: float) -> str:
    """Return the condition that a row belongs to the hold-out.

    It depends on what a model sees, and on nothing else: rows with equal features stand on the
    same side, in any order of arrival, for ever.

    Parameters
    ----------
    share : float
        Of the hold-out, between 0 and 1.

    Returns
    -------
    str
    """
    terms = " + ".join(f"coalesce({name}, {_MISSING})::BIGINT * {multiplier}" for
                       name, multiplier in zip((LAST_MONTH, LAST_YEAR, EMPLOYEES), _MULTIPLIERS))
    mixed = f"({terms}) % {_PRIME}"
    for multiplier in _MULTIPLIERS[1:]:
        # A sum of products is a straight line; folding the high bits down bends it.
        mixed = f"(xor({mixed}, ({mixed}) >> 15) * {multiplier}) % {_PRIME}"
    return f"{mixed} < {int(share * _PRIME)}"


def write_rows(connection: Connection, staged: Path, target: Path, first_row: int,
               share: float) -> None:
    """Turn staged lines into the Parquet file ``target``; rows keep their order."""
    columns = "{'corporation': 'VARCHAR', " + ", ".join(
        f"'{name}': '{'UTINYINT' if name == TARGET else 'INTEGER'}'" for name in CONTENT[1:]) + "}"
    connection.execute(
        f"COPY (SELECT *, row_number() OVER () + {first_row - 1} AS row, "
        f"{hold_out_sql(share)} AS is_hold_out FROM read_csv({quoted(staged, is_read=True)}, "
        f"columns = {columns}, header = false, auto_detect = false, delim = ',', quote = '', "
        "escape = '', buffer_size = 4000000)) "
        f"TO {quoted(target)} {AS_PARQUET}")


def find_shadowed(connection: Connection, new: Path, target: Path, data: Path,
                  history: tuple[Segment, ...]) -> NDArray[np.int64]:
    """Write which rows the new ones make superfluous, or are so themselves, into ``target``.

    Parameters
    ----------
    connection : DuckDBPyConnection
    new : Path
        Parquet file of the new rows.
    target : Path
        Gets ``(row, shadowed_by)``; not written when there are none.
    data : Path
        Folder of the segments.
    history : tuple of Segment
        Those before.

    Returns
    -------
    array of int, shape (n,)
        Their numbers, sorted.
    """
    batch = f"read_parquet({quoted(new, is_read=True)})"
    wanted = ", ".join(("row", *CONTENT))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE alike AS SELECT {wanted} FROM {batch} "
                       "LIMIT 0")
    for part, hashes in _repeated_hashes(connection, batch):
        connection.register("repeated", {"hash": hashes})
        connection.execute(f"INSERT INTO alike SELECT {wanted} FROM {part} "
                           f"WHERE {_HASH} IN (SELECT hash FROM repeated)")
    if history:
        before = current_relation(data, history)
        for left, right in ((batch, before), (before, batch)):
            names = ", ".join(f"a.{name}" for name in ("row", *CONTENT))
            connection.execute(f"INSERT INTO alike SELECT {names} FROM {left} a "
                               f"SEMI JOIN {right} b ON {_SAME}")
    # A row can be alike in two ways only where there is a history.
    rows = "(SELECT DISTINCT * FROM alike)" if history else "alike"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE gone AS {_SHADOWED.format(rows=rows)}")
    numbers = np.asarray(connection.execute("SELECT row FROM gone ORDER BY row"
                                            ).fetchnumpy()["row"])
    if len(numbers):
        connection.execute(f"COPY (SELECT * FROM gone ORDER BY row) TO {quoted(target)} "
                           "(FORMAT parquet, PARQUET_VERSION v2)")
    return numbers


def read_flags(connection: Connection, new: Path) -> NDArray[np.uint8]:
    """Return, per new row, what is noteworthy: see the bits above."""
    missing = " + ".join(f"({name} IS NULL)::UTINYINT" for name in IDENTITY[1:])
    sql = (
        f"SELECT coalesce(({LAST_MONTH} > {LAST_YEAR})::UTINYINT, 0) * {IMPOSSIBLE} "
        f"+ ({TARGET} IS NULL)::UTINYINT * {UNLABELLED} + ({missing}) * {MISSING_UNIT} AS flags "
        f"FROM read_parquet({quoted(new, is_read=True)})")
    return np.asarray(connection.execute(sql).fetchnumpy()["flags"]).astype(np.uint8)


_HASH = f"hash({', '.join(IDENTITY)})"
_SAME = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in IDENTITY)
_BY_IDENTITY = f"OVER (PARTITION BY {', '.join(IDENTITY)})"
#: The first row that says the same stays; one without a label also yields to any with one.
_SHADOWED = f"""
SELECT row, best AS shadowed_by FROM (
  SELECT row, CASE WHEN {TARGET} IS NULL
    THEN coalesce(min(row) FILTER ({TARGET} IS NOT NULL) {_BY_IDENTITY}, min(row) {_BY_IDENTITY})
    ELSE min(row) OVER (PARTITION BY {', '.join(CONTENT)}) END AS best
  FROM {{rows}})
WHERE best <> row"""


def _repeated_hashes(connection: Connection, batch: str
                     ) -> Iterator[tuple[str, NDArray[np.uint64]]]:
    """Yield parts of the batch, each with the hashes that occur more than once in it."""
    counted = connection.execute(f"SELECT count(*) FROM {batch}").fetchone()
    part_count = -(-(counted or (0,))[0] // HASHES_AT_ONCE)
    for part in range(part_count):
        rows = batch if part_count == 1 else (
            f"(SELECT * FROM {batch} WHERE {_HASH} % {part_count} = {part})")
        hashes = np.asarray(connection.execute(f"SELECT {_HASH} AS hash FROM {rows}"
                                               ).fetchnumpy()["hash"])
        hashes.sort()
        repeated = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
        del hashes  # before the engine needs the memory
        if len(repeated):
            yield rows, repeated
