"""Rows on disk: Parquet segments that never change, and lists of rows that are not current.

In: the ledger's segments. Out: those that are live, as files whose digests were checked, and
the relations over them. Rows are numbered from 1 without gaps in the order they came in, so a
row's file and line follow from its number. A row is shadowed when another one says the same
or more: it repeats it, or it lacks the label that came later.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from riskwatch.engine import quoted
from riskwatch.errors import DatasetError, InputError
from riskwatch.files import sha256_of_file
from riskwatch.ledger import Ledger
from riskwatch.records import Segment
from riskwatch.schema import CORPORATION, EMPLOYEES, LAST_MONTH, LAST_YEAR, TARGET

ROWS, SHADOWED = "rows", "shadowed"
#: Columns of a segment, in order, beside ``row`` and ``is_hold_out``.
CONTENT = (CORPORATION, LAST_MONTH, LAST_YEAR, EMPLOYEES, TARGET)
#: What makes two rows speak of the same thing; the label is what they say about it.
IDENTITY = CONTENT[:-1]


def live_segments(ledger: Ledger) -> tuple[Segment, ...]:
    """Return the segments that hold the rows today, in the order of their rows.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    tuple of Segment
        A merged segment takes the place of those it covers.
    """
    found: list[Segment] = []
    lowest: int | None = None
    for entry in ledger.entries(Segment):
        if lowest is None or entry.record.first_row < lowest:
            found.append(entry.record)
            lowest = entry.record.first_row
        if lowest == 1:
            break
    return tuple(reversed(found))


def next_row(segments: Iterable[Segment]) -> int:
    """Return the number that the next row gets."""
    return max((segment.first_row + segment.rows for segment in segments), default=1)


def rows_file(data: Path, name: str) -> Path:
    """Return the file of a segment's rows."""
    return data / ROWS / f"{name}.parquet"


def shadowed_file(data: Path, name: str) -> Path:
    """Return the file of the row numbers that a segment shadows."""
    return data / SHADOWED / f"{name}.parquet"


def segment_files(data: Path, segments: Iterable[Segment]) -> dict[Path, str]:
    """Return the files of segments with the digests that they must have."""
    files = {}
    for segment in segments:
        files[rows_file(data, segment.name)] = segment.sha256
        if segment.shadowed_sha256 is not None:
            files[shadowed_file(data, segment.name)] = segment.shadowed_sha256
    return files


def check_digests(data: Path, segments: Iterable[Segment]) -> None:
    """Raise `DatasetError` unless every file of the segments is what it was when written."""
    for path, sha256 in segment_files(data, segments).items():
        try:
            is_same = sha256_of_file(path) == sha256
        except InputError as err:
            raise DatasetError(f"{err}: the ledger lists it; restore the folder, or remove "
                               "the results and ingest again") from err
        if not is_same:
            raise DatasetError(f"{path}: was changed after it was written; restore the folder, "
                               "or remove the results and ingest again")


def remove_orphans(data: Path, segments: Iterable[Segment]) -> int:
    """Remove files that no live segment names: a killed run wrote them, or a merge left them."""
    wanted = set(segment_files(data, segments))
    orphans = [path for kind in (ROWS, SHADOWED) for path in sorted((data / kind).glob("*"))
               if path not in wanted and not path.name.startswith(".")]
    for path in orphans:
        os.unlink(path)
    return len(orphans)


def rows_relation(data: Path, segments: Iterable[Segment]) -> str:
    """Return a relation of all rows of segments; there must be at least one."""
    return _parquet(rows_file(data, segment.name) for segment in segments)


def shadowed_relation(data: Path, segments: Iterable[Segment]) -> str:
    """Return a relation ``(row, shadowed_by)`` of the rows that are not current."""
    files = [shadowed_file(data, segment.name) for segment in segments if segment.shadowed_rows]
    return _parquet(files) if files else "(SELECT 0::BIGINT AS row, 0::BIGINT AS shadowed_by)"


def current_relation(data: Path, segments: tuple[Segment, ...],
                     of: tuple[Segment, ...] | None = None) -> str:
    """Return a relation of the rows that are current, of all segments or of some of them."""
    return (f"(SELECT * FROM {rows_relation(data, of or segments)} "
            f"WHERE row NOT IN (SELECT row FROM {shadowed_relation(data, segments)}))")


def _parquet(files: Iterable[Path]) -> str:
    names = ", ".join(quoted(path, is_read=True) for path in files)
    return f"read_parquet([{names}])"
