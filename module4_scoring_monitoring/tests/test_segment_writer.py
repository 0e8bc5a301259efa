"""Which rows are superfluous, whatever hashes say, and on which side of the hold-out a row is."""

from pathlib import Path

import numpy as np
import pytest
from poison_drops import ROWS

from riskwatch import segment_writer
from riskwatch.engine import connected
from riskwatch.segment_writer import find_shadowed, hold_out_sql, read_flags, write_rows
from riskwatch.workplace import Workplace


def shadowed(place: Workplace, rows: list[str], folder: Path) -> list[tuple[int, int]]:
    """Write rows as a first segment; return the pairs that say who is shadowed by whom."""
    staged, new, gone = folder / "staged.csv", folder / "rows.parquet", folder / "gone.parquet"
    staged.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    with connected(place) as connection:
        write_rows(connection, staged, new, 1, 0.25)
        assert len(read_flags(connection, new)) == len(rows)
        found = find_shadowed(connection, new, gone, place.data, ())
        assert gone.exists() == bool(len(found))
        if not gone.exists():
            return []
        return connection.execute(f"SELECT * FROM read_parquet('{gone}')").fetchall()


REPEATED = [*ROWS, ROWS[0], "abcd,78,1024,12,", "hjkl,94,868,3,1", "abcd,78,1024,12,0", ROWS[6]]


@pytest.mark.parametrize("at_once", [1, 3, 5, 100])
def test_repeated_rows_yield_to_the_first_and_to_labels(
        place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(segment_writer, "HASHES_AT_ONCE", at_once)
    assert shadowed(place, REPEATED, tmp_path) == [(8, 11), (9, 1), (10, 1), (13, 7)]


def test_rows_of_equal_hash_that_differ_are_kept(
        place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_writer, "_HASH", "(7::UBIGINT)")
    assert shadowed(place, REPEATED, tmp_path) == [(8, 11), (9, 1), (10, 1), (13, 7)]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_the_hold_out_is_a_fair_share_of_any_kind_of_rows(place: Workplace, share: float) -> None:
    """Also of rows that differ in one small number only."""
    kinds = {
        "grid": "SELECT a, b, c FROM range(40) x(a), range(40) y(b), range(40) z(c)",
        "months": "SELECT a, 5 AS b, 7 AS c FROM range(64000) x(a)",
        "years": "SELECT 5 AS a, b, 7 AS c FROM range(64000) x(b)",
        "staff": "SELECT 5 AS a, 7 AS b, c FROM range(64000) x(c)",
        "large": "SELECT 999999999 - a AS a, 999999999 AS b, NULL::INT AS c "
                 "FROM range(64000) x(a)"}
    with connected(place) as connection:
        for kind, sql in kinds.items():
            row = connection.execute(
                f"SELECT avg(({hold_out_sql(share)})::INT), count(*) FROM (SELECT "
                "a AS lastmonth_activity, b AS lastyear_activity, c AS number_of_employees "
                f"FROM ({sql}))").fetchone()
            assert row and abs(row[0] - share) < 5 * np.sqrt(share * (1 - share) / row[1]), kind


def test_the_side_of_a_row_is_pinned(place: Workplace) -> None:
    """A change of the rule would let models learn from what they are judged on."""
    with connected(place) as connection:
        sides = connection.execute(
            f"SELECT string_agg(CASE WHEN {hold_out_sql(0.25)} THEN 'h' ELSE '.' END, '' "
            "ORDER BY n) FROM (SELECT n, n AS lastmonth_activity, 3 * n AS lastyear_activity, "
            "CASE WHEN n % 7 > 0 THEN n END AS number_of_employees FROM range(40) x(n))"
        ).fetchone()
    assert sides == (".h....h..h..h........h.hh.....h......h.h",)
