"""Make segments of a batch of staged rows, give them their place, and keep segments few.

In: staged rows. Out: `Segment`s whose files stand whole under their final names. Nothing here
is true before the ledger says so: whoever calls appends the segments.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskwatch.engine import Connection, connected, quoted
from riskwatch.errors import DatasetError
from riskwatch.files import faults_named, make_folder, sha256_of_file, sync_folder
from riskwatch.records import Segment
from riskwatch.segment_writer import AS_PARQUET, find_shadowed, write_rows
from riskwatch.segments import (check_digests, next_row, remove_orphans, rows_file,
                                rows_relation, shadowed_file, shadowed_relation)
from riskwatch.staging import Staging
from riskwatch.workplace import Workplace

#: Larger segments are left alone by merges.
_SMALL = 1_000_000


@dataclass(frozen=True)
class Batch:
    """New segments, one after the other, and the rows that they make superfluous."""

    segments: tuple[Segment, ...]
    shadowed: NDArray[np.int64]

    @property
    def first_row(self) -> int:
        """The number of its first row."""
        return self.segments[0].first_row


def store_batch(place: Workplace, staged: Staging, history: tuple[Segment, ...]) -> Batch:
    """Write staged rows as segments, not yet in the ledger.

    Parameters
    ----------
    place : Workplace
    staged : Staging
        At least one row, in the folder ``work`` of the data; closed afterwards.
    history : tuple of Segment
        The live segments.

    Returns
    -------
    Batch
        Ordinarily of one segment; the last one lists the rows that are no longer current.

    Raises
    ------
    DatasetError
        A segment is damaged, or the engine counts other rows than we did.
    OutputError
        There is no room.
    """
    remove_orphans(place.data, history)
    check_digests(place.data, history)
    first_row, work = next_row(history), staged.folder
    new_shadowed = work / "shadowed.parquet"
    bounds = list(staged.parts())
    new = [work / f"rows_{number}.parquet" for number in range(len(bounds))]
    with connected(place) as connection:
        for (start, stop), path in zip(bounds, new):
            written = write_rows(connection, staged.part(start, stop), path, first_row + start,
                                 place.settings.ingest.hold_out_share)
            if written != stop - start:
                raise DatasetError(f"{path}: {stop - start} rows were checked, but {written} "
                                   "stored; there is a fault in the engine, nothing was taken in")
        shadowed = find_shadowed(connection, staged, new, new_shadowed,
                                 (place.data, history, first_row))
    staged.close()
    return Batch(tuple(
        _publish(place.data, path, new_shadowed,
                 (first_row + start, stop - start, len(shadowed) if path == new[-1] else 0))
        for (start, stop), path in zip(bounds, new)), shadowed)


def merge_small(place: Workplace, live: tuple[Segment, ...]) -> Segment | None:
    """Write the latest small segments as one, not yet in the ledger, when they are many.

    Parameters
    ----------
    place : Workplace
    live : tuple of Segment

    Returns
    -------
    Segment or None
        It covers the rows of those it stands for.
    """
    small: list[Segment] = []
    for segment in reversed(live):
        if segment.rows > _SMALL:
            break
        small.insert(0, segment)
    if len(small) <= place.settings.ingest.most_small_segments:
        return None
    check_digests(place.data, small)
    work = place.data / "work"
    new_rows, new_shadowed = work / "rows.parquet", work / "shadowed.parquet"
    shadowed = sum(segment.shadowed_rows for segment in small)
    with connected(place) as connection:
        _copy(connection, rows_relation(place.data, small), new_rows)
        if shadowed:
            _copy(connection, shadowed_relation(place.data, small), new_shadowed)
    return _publish(place.data, new_rows, new_shadowed, (
        small[0].first_row, sum(segment.rows for segment in small), shadowed))


def _copy(connection: Connection, relation: str, target: Path) -> None:
    connection.execute(
        f"COPY (SELECT * FROM {relation} ORDER BY row) TO {quoted(target)} {AS_PARQUET}")


def _publish(data: Path, rows: Path, shadowed: Path, counts: tuple[int, int, int]) -> Segment:
    """Move the files of a segment to where they will stay, durably."""
    first_row, row_count, shadowed_count = counts
    sha256 = sha256_of_file(rows)
    name = f"{first_row:012d}-{row_count}-{sha256[:8]}"
    _move(rows, rows_file(data, name))
    shadowed_sha256 = None
    if shadowed_count:
        shadowed_sha256 = sha256_of_file(shadowed)
        _move(shadowed, shadowed_file(data, name))
    return Segment(name=name, sha256=sha256, first_row=first_row, rows=row_count,
                   shadowed_rows=shadowed_count, shadowed_sha256=shadowed_sha256)


def _move(source: Path, target: Path) -> None:
    with faults_named(target):
        make_folder(target.parent)
        descriptor = os.open(source, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(source, target)
        sync_folder(target.parent)
