"""Ingest: new files of the inbox become rows, once each, wholly or not at all.

In: folders and the ledger. Out: a segment of rows on disk and its entries in the ledger. The
ledger's one transaction is the moment at which the files are in; a run that is killed before
it leaves only files that nobody names, and the next run removes them.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from riskwatch.arrivals import IngestResult, Seen
from riskwatch.errors import InputError
from riskwatch.files import faults_named, make_folder
from riskwatch.intake import (Arrival, fresh_folder, is_seen, period_of, printable_name,
                              take_in)
from riskwatch.ledger import Entry, Ledger
from riskwatch.quarantine import refuse
from riskwatch.records import File, Record
from riskwatch.workplace import Workplace

if TYPE_CHECKING:
    from riskwatch.segment_store import Batch

LOGGER = logging.getLogger(__name__)
_SAME_NAME = "a file of this name came before, with other content"


def ingest(place: Workplace, ledger: Ledger, folders: Sequence[Path] = (), *,
           run_id: int | None = None) -> IngestResult:
    """Take in every new file of the folders; the caller holds the lock of the workplace.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    folders : sequence of Path, optional
        Where ``*.csv`` stand; without any, the inbox of the workplace.
    run_id : int, optional

    Returns
    -------
    IngestResult

    Raises
    ------
    InputError
        A folder cannot be read. A file that cannot be is refused, and the others go on.
    OutputError, DatasetError, LedgerError
        Nothing was taken in.
    """
    seen = Seen()
    for row in ledger.columns(File, "sha256", "name", "byte_count"):
        seen.add(*row)
    paths = _listed(place, folders)
    if not paths:
        return IngestResult()
    staged = fresh_folder(place.data / "work") / "staged.csv"
    with faults_named(staged), open(staged, "w+b") as stage:
        found = list(_looked_at(place, paths, stage, seen))
    arrivals = [item for item in found if isinstance(item, Arrival)]
    records: list[Record] = [item for item in found if isinstance(item, File)]
    if arrivals:
        records += _stored(place, ledger, staged, arrivals)
    else:
        staged.unlink()
    entries = ledger.append(*records, run_id=run_id) if records else ()
    if arrivals:
        _merge(place, ledger, run_id)
    result = _result(entries, len(paths) - len(found))
    LOGGER.info("ingest: %s", result.in_words())
    return result


def _listed(place: Workplace, folders: Sequence[Path]) -> list[Path]:
    """Return the files of the folders, by name, so that no order of arrival matters."""
    if not folders:
        make_folder(place.inbox)
    paths = []
    for folder in folders or (place.inbox,):
        try:
            names = sorted(os.listdir(folder))
        except OSError as err:
            raise InputError(f"{folder}: cannot be read: {err.strerror}; give a folder of "
                             "CSV files") from err
        paths += [folder / name for name in names
                  if name.lower().endswith(".csv") and not name.startswith(".")]
    return paths


def _looked_at(place: Workplace, paths: Sequence[Path], stage: BinaryIO, seen: Seen
               ) -> Iterator[Arrival | File]:
    """Yield what is new: files with rows, files refused, copies."""
    for path in paths:
        name = printable_name(path)
        is_changed = name in seen.names
        try:
            arrival = take_in(path, stage, place.settings.reading, seen.digests,
                              is_probably_known=is_seen(path, name, seen.sizes))
        except InputError as err:
            record = refuse(place, path, err, seen.pairs)
            if record is None:
                continue
            item: Arrival | File = record
        else:
            if (arrival.sha256, name) in seen.pairs:
                continue
            item = arrival if arrival.rows is not None else File(
                sha256=arrival.sha256, name=name, byte_count=arrival.byte_count, status="copy",
                period=period_of(name), reason="the content of a file that came before")
            if isinstance(item, Arrival) and is_changed:
                item = replace(item, note=_SAME_NAME)
        seen.add(item.sha256, name, item.byte_count)
        yield item


def _stored(place: Workplace, ledger: Ledger, staged: Path, arrivals: Sequence[Arrival]
            ) -> list[Record]:
    """Make a segment of what is staged; return its record and those of its files."""
    # The engine loads only when there is work for it.
    # pylint: disable=import-outside-toplevel
    from riskwatch.segment_store import store_batch
    from riskwatch.segments import live_segments

    ends = list(accumulate(arrival.rows or 0 for arrival in arrivals))
    batch = store_batch(place, staged, ends[-1], live_segments(ledger))
    return [*(_file_of(arrival, start, end, batch)
              for arrival, start, end in zip(arrivals, [0, *ends], ends)), batch.segment]


def _file_of(arrival: Arrival, start: int, end: int, batch: "Batch") -> File:
    """Return the record of a file that has the rows ``start`` to ``end`` of a batch."""
    from riskwatch.segment_writer import (  # pylint: disable=import-outside-toplevel
        IMPOSSIBLE, MISSING_UNIT, UNLABELLED)

    first, flags = batch.segment.first_row, batch.flags[start:end]
    low, high = np.searchsorted(batch.shadowed, [start + first, end + first])
    return File(
        sha256=arrival.sha256, name=arrival.name, byte_count=arrival.byte_count,
        status="accepted", period=period_of(arrival.name), rows=arrival.rows,
        first_row=start + first, repeated_rows=int(high - low),
        impossible_rows=int(np.count_nonzero(flags & IMPOSSIBLE)),
        missing_values=int((flags // MISSING_UNIT).sum()),
        unlabelled_rows=int(np.count_nonzero(flags & UNLABELLED)), reason=arrival.note)


def _merge(place: Workplace, ledger: Ledger, run_id: int | None) -> None:
    # pylint: disable=import-outside-toplevel
    from riskwatch.segment_store import merge_small
    from riskwatch.segments import live_segments, remove_orphans

    merged = merge_small(place, live_segments(ledger))
    if merged is not None:
        ledger.append(merged, run_id=run_id)
        remove_orphans(place.data, live_segments(ledger))


def _result(entries: Sequence[Entry[Record]], known: int) -> IngestResult:
    files = {status: tuple(Entry(entry.id, entry.made_utc, entry.run_id, entry.record)
                           for entry in entries
                           if isinstance(entry.record, File) and entry.record.status == status)
             for status in ("accepted", "refused", "copy")}
    return IngestResult(files["accepted"], files["refused"], files["copy"], known)
