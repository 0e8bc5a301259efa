"""Figures are scikit-learn's, and their intervals cover the truth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from census.errors import InputError
from census.training.measures import json_number, measure

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=2, max_size=60)


def _by_name(label, score, threshold=0.5, resamples=100):
    found = measure(label, score, threshold, resamples=resamples, seed=0)
    return {figure.name: figure for figure in found}


@given(ROWS)
def test_every_figure_is_scikit_learns(rows):
    label = np.array([answer for answer, _ in rows])
    score = np.array([place for _, place in rows]) / 20
    if label.min() == label.max():
        return
    found = _by_name(label, score)
    predicted = score >= 0.5
    assert found["roc_auc"].value == pytest.approx(metrics.roc_auc_score(label, score))
    assert found["average_precision"].value == pytest.approx(
        metrics.average_precision_score(label, score))
    assert found["f1"].value == pytest.approx(metrics.f1_score(label, predicted))
    assert found["recall"].value == pytest.approx(metrics.recall_score(label, predicted))
    assert found["accuracy"].value == pytest.approx(metrics.accuracy_score(label, predicted))
    assert found["brier_score"].value == pytest.approx(
        metrics.brier_score_loss(label, score))
    if predicted.any():
        assert found["precision"].value == pytest.approx(
            metrics.precision_score(label, predicted))


def test_precision_without_any_positive_answer_is_undefined_and_not_perfect():
    found = _by_name([0, 0, 1], [0.1, 0.2, 0.3])
    assert math.isnan(found["precision"].value)
    assert json_number(found["precision"].value) is None
    assert found["recall"].value == 0


@pytest.mark.parametrize("label", [[0, 0], [1, 1]])
def test_rows_of_one_class_are_refused(label):
    with pytest.raises(InputError, match="all answers are the same"):
        _by_name(label, [0.1, 0.9])


def test_the_interval_covers_the_truth_about_95_times_in_100(say):
    rng = np.random.default_rng(5)
    # Scores of the two classes are normal, two standard deviations apart: AUC = Phi(2/sqrt(2)).
    truth, hits, rounds = 0.9213503964748575, 0, 200
    for _ in range(rounds):
        label = np.repeat([0, 1], [120, 60])
        scores = rng.normal(label * 2.0, 1)
        auc = _by_name(label, scores, resamples=200)["roc_auc"]
        hits += auc.low <= truth <= auc.high
    say(f"AUC interval: {hits} of {rounds} intervals cover the truth")
    assert 0.88 <= hits / rounds <= 0.99


def test_the_same_seed_gives_the_same_interval():
    rng = np.random.default_rng(1)
    label, score = rng.integers(0, 2, 80), rng.random(80)
    assert _by_name(label, score) == _by_name(label, score)
