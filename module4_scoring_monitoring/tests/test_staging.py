"""Staged rows come back as they were, in any parts, and equal rows have equal hashes."""

from pathlib import Path

import numpy as np
import pytest
from poison_drops import ROWS

from riskwatch import staging
from riskwatch.errors import OutputError
from riskwatch.plain import Rows, read_plain
from riskwatch.staging import Staging, hashes_of


def rows_of(lines: list[str]) -> Rows:
    """Return lines as they are staged."""
    rows = read_plain("".join(f"{line}\n" for line in lines).encode())
    assert rows is not None
    return rows


def same(one: Rows, two: Rows) -> bool:
    """Return whether rows are the same."""
    return all(np.array_equal(getattr(one, name), getattr(two, name))
               for name in ("names", "counts", "labels"))


def test_rows_come_back_in_any_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", 3)
    with Staging(tmp_path) as staged:
        staged.append(rows_of(ROWS[:5]))
        staged.append(rows_of(ROWS[5:]))
        assert list(staged.parts()) == [(0, 3), (3, 6), (6, 8)]
        for start, stop in [*staged.parts(), (0, 8), (4, 5)]:
            wanted = rows_of(ROWS[start:stop])
            assert same(staged.part(start, stop), wanted)
            assert np.array_equal(staged.hashes(start, stop), hashes_of(wanted))
    assert not list(tmp_path.iterdir())


def test_what_was_truncated_is_written_over(tmp_path: Path) -> None:
    with Staging(tmp_path) as staged:
        staged.append(rows_of(ROWS))
        staged.truncate(3)
        staged.append(rows_of(ROWS[:2]))
        staged.truncate(5)
        assert staged.rows == 5
        assert same(staged.part(0, 5), rows_of([*ROWS[:3], *ROWS[:2]]))


def test_hashes_are_of_all_but_the_label() -> None:
    base = "abcd,1,2,3,0"
    others = ["abcd,1,2,3,1", "abcd,1,2,3,", "abce,1,2,3,0", "bbcd,1,2,3,0", "abcd,2,2,3,0",
              "abcd,1,3,3,0", "abcd,1,2,4,0", "abcd,,2,3,0", "abcd,2,1,3,0", "abcd,1,2,,0"]
    hashes = hashes_of(rows_of([base, *others])).tolist()
    assert hashes[0] == hashes[1] == hashes[2]
    assert len(set(hashes)) == len(hashes) - 2


def test_hashes_of_close_rows_spread_over_all_bits() -> None:
    grid = np.indices((20, 20, 20)).reshape(3, -1).astype(np.int32)
    hashes = hashes_of(Rows(np.full(8000, 7, np.uint32), grid, np.zeros(8000, np.int8)))
    for shift in (0, 24, 44):
        assert len(set((hashes >> np.uint64(shift) & np.uint64(0xFFFFF)).tolist())) > 7900


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="none"):
        with Staging(tmp_path / "none"):
            pass
