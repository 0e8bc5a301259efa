"""Figures agree with scikit-learn, intervals with the bootstrap, and undefined stays undefined."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from riskwatch.evaluate import MOST_CELLS, Measured, measure

RNG = np.random.default_rng(3)
NOTHING = Measured(None, None, None)


def sample(rows: int, digits: int) -> "tuple[np.ndarray, np.ndarray]":
    """Answers and probabilities that know something of them, with ties."""
    left = RNG.integers(0, 2, rows)
    return left, np.round(np.clip(RNG.normal(0.4 + 0.2 * left, 0.25), 0, 1), digits)


@pytest.mark.parametrize(("rows", "digits"), [(5, 2), (60, 1), (300, 3), (3000, 8)])
def test_figures_are_those_of_scikit_learn(rows: int, digits: int) -> None:
    left, scores = sample(rows, digits)
    left[:2] = 0, 1
    found = measure(left, scores, 0.5, resamples=100, seed=1)
    assert found.rows == rows and found.positive_share == round(left.mean(), 6)
    assert found.f1.value == pytest.approx(f1_score(left, scores >= 0.5), abs=1e-6)
    assert found.accuracy.value == pytest.approx(accuracy_score(left, scores >= 0.5), abs=1e-6)
    assert found.roc_auc.value == pytest.approx(
        roc_auc_score(left, scores), abs=1e-6 if rows <= MOST_CELLS else 2e-4)


def test_intervals_are_those_of_drawing_rows_again() -> None:
    left, scores = sample(200, 3)
    found = measure(left, scores, 0.5, resamples=2000, seed=1)
    drawn = []
    for _ in range(2000):
        rows = np.concatenate([RNG.choice(np.flatnonzero(left == answer), (left == answer).sum())
                               for answer in (0, 1)])
        drawn.append((f1_score(left[rows], scores[rows] >= 0.5),
                      roc_auc_score(left[rows], scores[rows])))
    for figure, values in zip((found.f1, found.roc_auc), np.transpose(drawn)):
        low, high = np.quantile(values, (0.025, 0.975))
        assert figure.low == pytest.approx(low, abs=0.012)
        assert figure.high == pytest.approx(high, abs=0.012)


def test_what_is_undefined_stays_undefined() -> None:
    assert measure([], [], 0.5, resamples=100, seed=1).f1 == NOTHING
    nobody = measure([0, 0, 0], [0.1, 0.2, 0.3], 0.5, resamples=100, seed=1)
    assert (nobody.f1, nobody.roc_auc) == (NOTHING, NOTHING)
    assert nobody.accuracy == Measured(1.0, 1.0, 1.0)
    everybody = measure([1, 1], [0.1, 0.9], 0.5, resamples=100, seed=1)
    assert everybody.roc_auc == NOTHING and everybody.f1.value == pytest.approx(2 / 3, abs=1e-6)
    wrong = measure([0, 1], [0.1, 0.2], 0.5, resamples=100, seed=1)
    assert wrong.f1.value == 0.0  # nobody was found: bad, not undefined


def test_the_seed_decides_and_many_rows_cost_little() -> None:
    left, scores = sample(500_000, 12)
    first, same, other = (measure(left, scores, 0.5, resamples=300, seed=seed)
                          for seed in (1, 1, 2))
    assert first == same != other
    assert first.roc_auc.high is not None and first.roc_auc.low is not None
    assert first.roc_auc.high - first.roc_auc.low < 0.005
