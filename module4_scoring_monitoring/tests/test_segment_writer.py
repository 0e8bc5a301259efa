"""Which rows are superfluous, whatever hashes say, and on which side of the hold-out a row is."""

from pathlib import Path

import numpy as np
import pytest
from poison_drops import ROWS

from riskwatch import alike, segment_writer, staging
from riskwatch.engine import connected
from riskwatch.plain import MISSING, Rows, read_plain
from riskwatch.segment_writer import find_shadowed, hold_out, write_rows
from riskwatch.staging import Staging
from riskwatch.workplace import Workplace


def shadowed(place: Workplace, rows: list[str], folder: Path) -> list[tuple[int, int]]:
    """Write rows as a first segment; return the pairs that say who is shadowed by whom."""
    new, gone = folder / "rows.parquet", folder / "gone.parquet"
    with connected(place) as connection, Staging(folder) as staged:
        staged.append(rows_of(rows))
        assert write_rows(connection, staged.part(0, len(rows)), new, 1, 0.25) == len(rows)
        found = find_shadowed(connection, staged, [new], gone, (place.data, (), 1))
        assert gone.exists() == bool(len(found))
        if not gone.exists():
            return []
        return connection.execute(f"SELECT * FROM read_parquet('{gone}')").fetchall()


def rows_of(lines: list[str]) -> Rows:
    """Return lines as they are staged."""
    rows = read_plain("".join(f"{line}\n" for line in lines).encode())
    assert rows is not None
    return rows


REPEATED = [*ROWS, ROWS[0], "abcd,78,1024,12,", "hjkl,94,868,3,1", "abcd,78,1024,12,0", ROWS[6]]


@pytest.mark.parametrize("at_once", [1, 3, 5, 100])
def test_repeated_rows_yield_to_the_first_and_to_labels(
        place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(alike, "HASHES_AT_ONCE", at_once)
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", at_once + 1)
    monkeypatch.setattr(segment_writer, "_ALIKE_AT_ONCE", at_once)
    assert shadowed(place, REPEATED, tmp_path) == [(8, 11), (9, 1), (10, 1), (13, 7)]


def test_rows_of_equal_hash_that_differ_are_kept(
        place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "hashes_of", lambda rows: np.full(len(rows), 7, np.uint64))
    assert shadowed(place, REPEATED, tmp_path) == [(8, 11), (9, 1), (10, 1), (13, 7)]


def test_rows_stand_in_the_file_as_they_were_written(place: Workplace, tmp_path: Path) -> None:
    with connected(place) as connection:
        write_rows(connection, rows_of(ROWS), tmp_path / "x.parquet", 11, 0.25)
        found = connection.execute(f"SELECT * EXCLUDE is_hold_out FROM '{tmp_path}/x.parquet'"
                                   ).fetchall()
        kinds = connection.execute(f"DESCRIBE SELECT * FROM '{tmp_path}/x.parquet'").fetchall()
    assert [",".join("" if value is None else str(value) for value in row) for row in found] == [
        f"{line},{number}" for number, line in enumerate(ROWS, 11)]
    assert [kind for _, kind, *_ in kinds] == [
        "VARCHAR", "INTEGER", "INTEGER", "INTEGER", "UTINYINT", "BIGINT", "BOOLEAN"]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_the_hold_out_is_a_fair_share_of_any_kind_of_rows(share: float) -> None:
    """Also of rows that differ in one small number only."""
    size = 64_000
    numbers, same = np.arange(size), np.ones(size, dtype=np.int64)
    kinds = {
        "grid": (numbers // 1600, numbers // 40 % 40, numbers % 40),
        "months": (numbers, 5 * same, 7 * same), "years": (5 * same, numbers, 7 * same),
        "staff": (5 * same, 7 * same, numbers),
        "large": (999_999_999 - numbers, 999_999_999 * same, MISSING * same)}
    for kind, counts in kinds.items():
        found = hold_out(np.array(counts, dtype=np.int32), share).mean()
        assert abs(found - share) < 5 * np.sqrt(share * (1 - share) / size), kind


def test_the_side_of_a_row_is_pinned() -> None:
    """A change of the rule would let models learn from what they are judged on."""
    numbers = np.arange(40)
    counts = np.array([numbers, 3 * numbers, np.where(numbers % 7 > 0, numbers, MISSING)],
                      dtype=np.int32)
    sides = "".join("h" if is_held else "." for is_held in hold_out(counts, 0.25))
    assert sides == ".h....h..h..h........h.hh.....h......h.h"
