"""Ingest: new files of the inbox become rows, once each, wholly or not at all.

In: folders and the ledger. Out: segments of rows on disk and their entries in the ledger. The
ledger's one transaction is the moment at which the files are in; a run that is killed before
it leaves only files that nobody names, and the next run removes them.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import accumulate
from pathlib import Path

import numpy as np

from riskwatch.arrivals import IngestResult, Seen
from riskwatch.errors import InputError
from riskwatch.files import make_folder
from riskwatch.intake import (Arrival, fresh_folder, is_seen, period_of, printable_name,
                              take_in)
from riskwatch.ledger import Entry, Ledger
from riskwatch.quarantine import refuse
from riskwatch.records import File, Record
from riskwatch.staging import Staging
from riskwatch.workplace import Workplace

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
    with Staging(fresh_folder(place.data / "work")) as staged:
        found = list(_looked_at(place, paths, staged, seen))
        arrivals = [item for item in found if isinstance(item, Arrival)]
        records: list[Record] = [item for item in found if isinstance(item, File)]
        if arrivals:
            records += _stored(place, ledger, staged, arrivals)
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


def _looked_at(place: Workplace, paths: Sequence[Path], stage: Staging, seen: Seen
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
            item = arrival if arrival.counts is not None else File(
                sha256=arrival.sha256, name=name, byte_count=arrival.byte_count, status="copy",
                period=period_of(name), reason="the content of a file that came before")
            if isinstance(item, Arrival) and is_changed:
                item = replace(item, note=_SAME_NAME)
        seen.add(item.sha256, name, item.byte_count)
        yield item


def _stored(place: Workplace, ledger: Ledger, staged: Staging, arrivals: Sequence[Arrival]
            ) -> list[Record]:
    """Make segments of what is staged; return their records and those of the files."""
    # The engine loads only when there is work for it.
    # pylint: disable=import-outside-toplevel
    from riskwatch.segment_store import store_batch
    from riskwatch.segments import live_segments

    batch = store_batch(place, staged, live_segments(ledger))
    firsts = list(accumulate((arrival.rows for arrival in arrivals), initial=batch.first_row))
    shadowed = np.searchsorted(batch.shadowed, firsts).tolist()
    return [*(_file_of(arrival, first, high - low) for arrival, first, low, high
              in zip(arrivals, firsts, shadowed, shadowed[1:])), *batch.segments]


def _file_of(arrival: Arrival, first_row: int, repeated_rows: int) -> File:
    """Return the record of a file that was taken in."""
    assert arrival.counts is not None
    return File(
        sha256=arrival.sha256, name=arrival.name, byte_count=arrival.byte_count,
        status="accepted", period=period_of(arrival.name), first_row=first_row,
        repeated_rows=repeated_rows, reason=arrival.note, **asdict(arrival.counts))


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
