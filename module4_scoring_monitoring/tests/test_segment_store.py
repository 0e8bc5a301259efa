"""Segments get their place whole, the same rows give the same bytes, and few stay few."""

from pathlib import Path

import pytest
from poison_drops import ROWS

from riskwatch.engine import connected
from riskwatch.errors import DatasetError
from riskwatch.records import Segment
from riskwatch.segment_store import merge_small, store_batch
from riskwatch.segments import rows_file, rows_relation, shadowed_relation
from riskwatch.settings import build_settings
from riskwatch.workplace import Workplace


def store(place: Workplace, rows: list[str], history: tuple[Segment, ...] = (),
          said: int | None = None) -> Segment:
    """Store rows as a segment; ``said`` is what was counted."""
    staged = place.data / "work" / "staged.csv"
    staged.parent.mkdir(parents=True, exist_ok=True)
    staged.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return store_batch(place, staged, len(rows) if said is None else said, history).segment


def test_equal_rows_give_equal_bytes(place: Workplace, tmp_path: Path) -> None:
    first = store(place, [*ROWS, ROWS[0]])
    second = store(Workplace(tmp_path / "other", place.settings), [*ROWS, ROWS[0]])
    assert first == second and first.shadowed_rows == 1
    assert rows_file(place.data, first.name).exists()
    assert not list((place.data / "work").glob("*.*"))


def test_a_count_that_does_not_fit_stops_everything(place: Workplace) -> None:
    with pytest.raises(DatasetError, match="9 rows were checked, but 8 stored"):
        store(place, ROWS, said=9)
    assert not list(place.data.rglob("*.parquet")) or not (place.data / "rows").exists()


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
