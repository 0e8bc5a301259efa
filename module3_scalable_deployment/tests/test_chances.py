"""Draws from tables of whole shares follow the shares, row by row."""

import numpy as np
import pytest

from census.chances import find_band, pick, pick_value

ROWS = np.repeat(np.array([0, 1, 2]), 20_000)


def test_each_row_of_the_table_has_its_own_shares():
    drawn = pick(np.random.default_rng(1), ((1, 3), (0, 7), (5, 0)), ROWS)
    assert drawn[ROWS == 0].mean() == pytest.approx(.75, abs=.01)
    assert set(drawn[ROWS == 1]) == {1} and set(drawn[ROWS == 2]) == {0}


def test_rows_may_have_different_lengths():
    values = pick_value(np.random.default_rng(1), ((10, 20), (5,), (7, 8, 9)),
                        ((1, 1), (100,), (1, 1, 2)), ROWS)
    assert set(values[ROWS == 0]) == {10, 20} and set(values[ROWS == 1]) == {5}
    assert (values[ROWS == 2] == 9).mean() == pytest.approx(.5, abs=.01)


def test_a_level_without_a_share_is_never_drawn():
    drawn = pick(np.random.default_rng(1), ((5, 0, 5, 0),), np.zeros(20_000, dtype=np.int64))
    assert set(drawn) == {0, 2}


def test_a_band_begins_at_its_start():
    assert find_band((1, 9, 10), np.array([1, 8, 9, 10, 16])).tolist() == [0, 0, 1, 2, 2]
