"""Figures with intervals, and comparisons on the same rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, median_absolute_error, r2_score

from rentals.errors import InputError
from rentals.evaluate import FIGURES, compare, measure

PRICES = st.lists(st.tuples(st.integers(10, 350), st.floats(0, 400)), min_size=2, max_size=40
                  ).filter(lambda rows: len({price for price, _ in rows}) > 1)


def _noisy(rows: int, spread: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.uniform(10, 350, rows)
    return truth, truth + rng.laplace(0, spread, rows)


@given(PRICES)
def test_the_figures_are_scikit_learns(rows):
    truth, predicted = np.array(rows, dtype=float).T
    found = {m.name: m.value for m in measure(truth, predicted, resamples=3, seed=1)}
    assert tuple(found) == FIGURES
    expected = (mean_absolute_error(truth, predicted), median_absolute_error(truth, predicted),
                r2_score(truth, predicted))
    assert list(found.values()) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_resample_is_measured_as_if_its_rows_were_written_out():
    truth, predicted = _noisy(50, 20)
    drawn = np.random.default_rng(7).integers(0, 50, 50)
    found = measure(truth, predicted, resamples=1, seed=7)
    written = measure(truth[drawn], predicted[drawn], resamples=1, seed=0)
    assert [m.low for m in found] == pytest.approx([m.value for m in written])


def test_the_interval_covers_the_truth_about_95_times_in_100():
    """The mean absolute error of Laplace noise is its scale."""
    hits = 0
    for seed in range(200):
        truth, predicted = _noisy(300, 20, seed)
        error = measure(truth, predicted, resamples=200, seed=seed)[0]
        hits += error.low <= 20 <= error.high
    assert 180 <= hits <= 198


def test_more_rows_give_a_narrower_interval_and_the_seed_decides_it():
    few, many = (measure(*_noisy(rows, 20), resamples=300, seed=3) for rows in (100, 10_000))
    for small, large in zip(few, many):
        assert small.high - small.low > 5 * (large.high - large.low)
        assert large.low < large.value < large.high
    assert few == measure(*_noisy(100, 20), resamples=300, seed=3)
    assert few != measure(*_noisy(100, 20), resamples=300, seed=4)


def test_a_candidate_compared_with_itself_differs_by_nothing():
    truth, predicted = _noisy(80, 20)
    for found in compare(truth, predicted, predicted, resamples=100, seed=1):
        assert (found.difference, found.low, found.high) == (0, 0, 0)
        assert not found.is_better


def test_a_small_steady_gain_is_seen_that_two_separate_intervals_would_hide():
    truth, champion = _noisy(1000, 30)
    challenger = truth + 0.97 * (champion - truth)
    alone = [measure(truth, predicted, resamples=300, seed=1)[0]
             for predicted in (champion, challenger)]
    assert alone[1].high > alone[0].low  # they overlap
    for found in compare(truth, champion, challenger, resamples=300, seed=1):
        assert found.is_better
    for found in compare(truth, challenger, champion, resamples=300, seed=1):
        assert not found.is_better


def test_two_candidates_that_only_differ_by_chance_are_neither_better():
    truth, champion = _noisy(200, 30)
    challenger = truth + np.roll(champion - truth, 1)
    for one, other in ((champion, challenger), (challenger, champion)):
        for found in compare(truth, one, other, resamples=300, seed=1):
            assert found.low < 0 < found.high
            assert not found.is_better


def test_the_difference_is_challenger_less_champion():
    truth, champion = _noisy(200, 30)
    found = compare(truth, champion, truth, resamples=100, seed=1)
    figures = measure(truth, champion, resamples=100, seed=1)
    assert [c.difference for c in found] == pytest.approx(
        [-figures[0].value, -figures[1].value, 1 - figures[2].value])


def test_a_table_of_two_rows_has_an_interval_where_r2_is_defined():
    found = measure([100.0, 200.0], [110.0, 170.0], resamples=50, seed=1)
    assert all(np.isfinite([m.low, m.high]).all() for m in found)
    assert found[2].low >= -100  # resamples of one price are left out, not minus infinity


@pytest.mark.parametrize(("price", "predicted", "text"), [
    ([1.0, 2.0], [1.0], "one length"), ([], [], "not empty"),
    ([1.0, np.nan], [1.0, 2.0], "finite"), ([1.0, 2.0], [1.0, np.inf], "finite"),
    ([5.0, 5.0], [1.0, 2.0], "equal"), ([[1.0], [2.0]], [1.0, 2.0], "one length")])
def test_what_cannot_be_measured_is_refused(price, predicted, text):
    with pytest.raises(InputError, match=text):
        measure(price, predicted, resamples=10, seed=0)
    with pytest.raises(InputError, match=text):
        compare(price, predicted, predicted, resamples=10, seed=0)
