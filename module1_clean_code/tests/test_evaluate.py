"""Figures, intervals and the threshold by cost."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from churn.errors import InputError
from churn.evaluate import choose_threshold, json_number, measure, total_cost
from churn.settings import EvaluationSettings

COSTS = EvaluationSettings(cost_of_missed_leaver=5, cost_of_needless_offer=1)
ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=2, max_size=60)


def _by_name(has_left, probability, threshold=0.5, resamples=100):
    found = measure(has_left, probability, threshold, resamples=resamples, seed=0)
    return {figure.name: figure for figure in found}


@given(ROWS)
def test_every_figure_is_scikit_learns(rows):
    has_left = np.array([left for left, _ in rows])
    probability = np.array([score for _, score in rows]) / 20
    if has_left.min() == has_left.max():
        return
    found = _by_name(has_left, probability)
    predicted = probability >= 0.5
    assert found["roc_auc"].value == pytest.approx(metrics.roc_auc_score(has_left, probability))
    assert found["average_precision"].value == pytest.approx(
        metrics.average_precision_score(has_left, probability))
    assert found["f1"].value == pytest.approx(metrics.f1_score(has_left, predicted))
    assert found["recall"].value == pytest.approx(metrics.recall_score(has_left, predicted))
    assert found["accuracy"].value == pytest.approx(metrics.accuracy_score(has_left, predicted))
    assert found["brier_score"].value == pytest.approx(
        metrics.brier_score_loss(has_left, probability))
    if predicted.any():
        assert found["precision"].value == pytest.approx(
            metrics.precision_score(has_left, predicted))


def test_precision_without_any_offer_is_undefined_and_not_perfect():
    found = _by_name([0, 0, 1], [0.1, 0.2, 0.3])
    assert math.isnan(found["precision"].value)
    assert json_number(found["precision"].value) is None
    assert found["recall"].value == 0


@pytest.mark.parametrize("has_left", [[0, 0], [1, 1]])
def test_rows_of_one_class_are_refused(has_left):
    with pytest.raises(InputError, match="all customers left, or none"):
        _by_name(has_left, [0.1, 0.9])


def test_the_interval_covers_the_truth_about_95_times_in_100(say):
    rng = np.random.default_rng(5)
    # Scores of the two classes are normal, two standard deviations apart: AUC = Phi(2/sqrt(2)).
    truth, hits, rounds = 0.9213503964748575, 0, 200
    for _ in range(rounds):
        has_left = np.repeat([0, 1], [120, 60])
        scores = rng.normal(has_left * 2.0, 1)
        auc = _by_name(has_left, scores, resamples=200)["roc_auc"]
        hits += auc.low <= truth <= auc.high
    say(f"AUC interval: {hits} of {rounds} intervals cover the truth")
    assert 0.88 <= hits / rounds <= 0.99


def test_the_same_seed_gives_the_same_interval():
    rng = np.random.default_rng(1)
    has_left, probability = rng.integers(0, 2, 80), rng.random(80)
    assert _by_name(has_left, probability) == _by_name(has_left, probability)


@given(ROWS, st.floats(0, 10), st.floats(0, 10))
def test_no_other_threshold_costs_less(rows, missed, needless):
    has_left = np.array([left for left, _ in rows])
    probability = np.array([score for _, score in rows]) / 20
    costs = EvaluationSettings(cost_of_missed_leaver=missed, cost_of_needless_offer=needless)
    chosen = choose_threshold(has_left, probability, costs)
    cost = total_cost(has_left, probability >= chosen.value, costs)
    assert cost == pytest.approx(chosen.cost_per_customer * len(rows))
    for other in np.linspace(0, 1.01, 102):
        assert cost <= total_cost(has_left, probability >= other, costs) + 1e-9


def test_a_dear_miss_lowers_the_threshold():
    rng = np.random.default_rng(2)
    probability = rng.random(4000)
    has_left = (rng.random(4000) < probability).astype(int)
    even = choose_threshold(has_left, probability, EvaluationSettings(
        cost_of_missed_leaver=1, cost_of_needless_offer=1))
    dear = choose_threshold(has_left, probability, COSTS)
    # Of calibrated probabilities the best threshold is needless / (needless + missed).
    assert even.value == pytest.approx(1 / 2, abs=0.1)
    assert dear.value == pytest.approx(1 / 6, abs=0.06)
    assert dear.cost_per_customer < dear.cost_per_customer_at_half


def test_costs_count_both_kinds_of_error():
    assert total_cost([1, 1, 0, 0, 0], [True, False, True, True, False], COSTS) == 5 + 2 * 1
