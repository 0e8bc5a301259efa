"""Live segments are found whatever was merged, and strangers are removed."""

from pathlib import Path

import pytest

from riskwatch.errors import DatasetError
from riskwatch.ledger import Ledger
from riskwatch.records import Segment
from riskwatch.segments import (check_digests, live_segments, next_row, remove_orphans, rows_file,
                                shadowed_file)
from riskwatch.workplace import Workplace


def segment(first_row: int, rows: int, shadowed: bool = False) -> Segment:
    """A segment of so many rows."""
    return Segment(name=f"{first_row}-{rows}", sha256="ab", first_row=first_row, rows=rows,
                   shadowed_rows=int(shadowed), shadowed_sha256="cd" if shadowed else None)


@pytest.mark.parametrize(("written", "live"), [
    ([], []),
    ([(1, 5)], [(1, 5)]),
    ([(1, 5), (6, 2), (8, 1)], [(1, 5), (6, 2), (8, 1)]),
    ([(1, 5), (6, 2), (8, 1), (6, 3)], [(1, 5), (6, 3)]),
    ([(1, 5), (6, 2), (1, 7), (8, 1)], [(1, 7), (8, 1)]),
    ([(1, 5), (6, 2), (1, 7), (8, 1), (9, 4), (8, 5), (13, 2)], [(1, 7), (8, 5), (13, 2)]),
])
def test_a_merged_segment_stands_for_those_it_covers(
        ledger: Ledger, written: list[tuple[int, int]], live: list[tuple[int, int]]) -> None:
    for one in written:
        ledger.append(segment(*one))
    found = live_segments(ledger)
    assert [(one.first_row, one.rows) for one in found] == live
    assert next_row(found) == (sum(live[-1]) if live else 1)


def test_files_that_no_segment_names_are_removed(place: Workplace) -> None:
    wanted = segment(1, 5, shadowed=True)
    for name in (wanted.name, "stranger"):
        for path in (rows_file(place.data, name), shadowed_file(place.data, name)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
    assert remove_orphans(place.data, [wanted]) == 2
    left = sorted(path.name for path in place.data.rglob("*.parquet"))
    assert left == ["1-5.parquet", "1-5.parquet"]
    assert remove_orphans(Path(place.data / "none"), []) == 0


def test_a_changed_or_missing_file_is_named(place: Workplace) -> None:
    one = segment(1, 5)
    with pytest.raises(DatasetError, match="the ledger lists it"):
        check_digests(place.data, [one])
    rows_file(place.data, one.name).parent.mkdir(parents=True)
    rows_file(place.data, one.name).write_bytes(b"x")
    with pytest.raises(DatasetError, match="was changed after it was written"):
        check_digests(place.data, [one])
