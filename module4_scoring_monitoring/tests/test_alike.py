"""Rows that share a hash with another one are found, in any parts, and few others."""

from pathlib import Path

import numpy as np
import pytest

from riskwatch import alike, staging
from riskwatch.alike import rows_alike
from riskwatch.plain import Rows
from riskwatch.staging import Staging


@pytest.mark.parametrize("at_once", [1, 7, 100, 10**6])
def test_all_rows_that_are_alike_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                           at_once: int) -> None:
    monkeypatch.setattr(alike, "HASHES_AT_ONCE", at_once)
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", at_once + 2)
    rng = np.random.default_rng(1)
    counts = rng.integers(-1, 12, (3, 300)).astype(np.int32)
    with Staging(tmp_path) as staged:
        staged.append(Rows(np.full(300, 5, np.uint32), counts, np.zeros(300, np.int8)))
        found = rows_alike(staged)
    keys, times = np.unique(counts, axis=1, return_counts=True)
    repeated = {tuple(key) for key, number in zip(keys.T.tolist(), times) if number > 1}
    assert found.tolist() == [tuple(key) in repeated for key in counts.T.tolist()]
    assert 0 < found.sum() < 300


def test_a_row_alone_is_like_no_other(tmp_path: Path) -> None:
    with Staging(tmp_path) as staged:
        staged.append(Rows(np.ones(1, np.uint32), np.ones((3, 1), np.int32), np.ones(1, np.int8)))
        assert rows_alike(staged).tolist() == [False]
