"""Segments get their place whole, the same rows give the same bytes, and few stay few."""

from pathlib import Path

import pytest
from poison_drops import ROWS

from riskwatch import segment_store, staging
from riskwatch.engine import connected
from riskwatch.errors import DatasetError
from riskwatch.intake import fresh_folder
from riskwatch.plain import read_plain
from riskwatch.records import Segment
from riskwatch.segment_store import Batch, merge_small, store_batch
from riskwatch.segments import rows_file, rows_relation, shadowed_relation
from riskwatch.settings import build_settings
from riskwatch.staging import Staging
from riskwatch.workplace import Workplace


def store_all(place: Workplace, rows: list[str], history: tuple[Segment, ...] = ()) -> Batch:
    """Store rows as a batch."""
    found = read_plain("".join(f"{row}\n" for row in rows).encode())
    assert found is not None
    with Staging(fresh_folder(place.data / "work")) as staged:
        staged.append(found)
        return store_batch(place, staged, history)


def store(place: Workplace, rows: list[str], history: tuple[Segment, ...] = ()) -> Segment:
    """Store rows as a segment."""
    batch = store_all(place, rows, history)
    assert len(batch.segments) == 1
    return batch.segments[0]


def test_equal_rows_give_equal_bytes(place: Workplace, tmp_path: Path) -> None:
    first = store(place, [*ROWS, ROWS[0]])
    second = store(Workplace(tmp_path / "other", place.settings), [*ROWS, ROWS[0]])
    assert first == second and first.shadowed_rows == 1
    assert rows_file(place.data, first.name).exists()
    assert not [path for path in (place.data / "work").rglob("*") if path.is_file()]


def test_a_count_that_does_not_fit_stops_everything(
        place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_store, "write_rows", lambda *_: 7)
    with pytest.raises(DatasetError, match="8 rows were checked, but 7 stored"):
        store(place, ROWS)
    assert not (place.data / "rows").exists()


def test_a_large_batch_becomes_segments_that_follow_one_another(
        place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that repeat one of another part of the batch, or of the history, are found."""
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", 3)
    first = store(place, ROWS[:2])
    batch = store_all(place, [*ROWS[1:], ROWS[5], ROWS[3]], (first,))
    assert [(segment.first_row, segment.rows, segment.shadowed_rows)
            for segment in batch.segments] == [(3, 3, 0), (6, 3, 0), (9, 3, 3)]
    assert batch.first_row == 3 and batch.shadowed.tolist() == [3, 10, 11]
    with connected(place) as connection:
        live = (first, *batch.segments)
        rows = connection.execute(f"SELECT row, corporation FROM {rows_relation(place.data, live)}"
                                  " ORDER BY row").fetchall()
        gone = connection.execute(f"SELECT * FROM {shadowed_relation(place.data, live)}"
                                  ).fetchall()
    lines = [*ROWS[:2], *ROWS[1:], ROWS[5], ROWS[3]]
    assert rows == [(number, line[:4]) for number, line in enumerate(lines, 1)]
    assert gone == [(3, 2), (10, 7), (11, 5)]


def test_merging_keeps_every_row_and_every_shadow(place: Workplace) -> None:
    few = Workplace(place.out, build_settings({"ingest": {"most_small_segments": 2}}))
    live: tuple[Segment, ...] = ()
    for part in ([ROWS[0], ROWS[1]], [ROWS[1], ROWS[2]], [ROWS[0], ROWS[3]]):
        assert merge_small(few, live) is None
        live += (store(few, part, live),)
    merged = merge_small(few, live)
    assert merged and (merged.first_row, merged.rows, merged.shadowed_rows) == (1, 6, 2)
    with connected(few) as connection:
        for relation in (rows_relation, shadowed_relation):
            before, after = (connection.execute(
                f"SELECT * FROM {relation(few.data, which)} ORDER BY row").fetchall()
                for which in (live, (merged,)))
            assert before == after and len(before) in (6, 2)
