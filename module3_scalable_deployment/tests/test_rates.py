"""Metrics equal fractions made by hand, intervals equal SciPy's, and nothing is invented."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import f1_score, precision_score, recall_score

from census.training.rates import METRICS, measure, wilson

CELLS = st.tuples(*[st.integers(0, 300)] * 4)


def _value(name, cells):
    return float(measure(np.array([cells]), METRICS[name]).value[0])


@pytest.mark.parametrize("name, wanted", [
    ("precision", Fraction(7, 10)), ("recall", Fraction(7, 12)), ("f1", Fraction(14, 22)),
    ("fpr", Fraction(3, 14)), ("selection_rate", Fraction(10, 26)), ("tnr", Fraction(11, 14)),
    ("fnr", Fraction(5, 12)), ("fdr", Fraction(3, 10)), ("npv", Fraction(11, 16)),
    ("for", Fraction(5, 16)), ("accuracy", Fraction(18, 26)), ("base_rate", Fraction(12, 26))])
def test_a_metric_is_the_fraction_made_by_hand(name, wanted):
    assert _value(name, (11, 3, 5, 7)) == pytest.approx(float(wanted), abs=1e-15)


def test_the_cases_by_hand_are_all_metrics():
    assert len(METRICS) == 12


@given(CELLS)
def test_metrics_are_scikit_learns_where_they_are_defined(cells):
    label = np.repeat([0, 0, 1, 1], cells)
    predicted = np.repeat([0, 1, 0, 1], cells)
    for name, function in (("precision", precision_score), ("recall", recall_score),
                           ("f1", f1_score)):
        value = _value(name, cells)
        wanted = function(label, predicted, zero_division=np.nan) if len(label) else math.nan
        assert value == pytest.approx(float(wanted), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name, cells, reason", [
    ("precision", (5, 0, 3, 0), "no row is predicted positive"),
    ("fdr", (5, 0, 3, 0), "no row is predicted positive"),
    ("npv", (0, 5, 0, 3), "no row is predicted negative"),
    ("for", (0, 5, 0, 3), "no row is predicted negative"),
    ("recall", (5, 3, 0, 0), "no row is positive"),
    ("fnr", (5, 3, 0, 0), "no row is positive"),
    ("fpr", (0, 0, 3, 5), "no row is negative"),
    ("tnr", (0, 0, 3, 5), "no row is negative"),
    ("f1", (5, 0, 0, 0), "no row is positive or predicted positive"),
    ("selection_rate", (0, 0, 0, 0), "no rows"), ("accuracy", (0, 0, 0, 0), "no rows"),
    ("base_rate", (0, 0, 0, 0), "no rows")])
def test_a_metric_over_nothing_is_undefined_with_its_interval_and_has_a_reason(name, cells,
                                                                               reason):
    found = measure(np.array([cells]), METRICS[name])
    assert all(math.isnan(float(side[0])) for side in (found.value, found.low, found.high))
    assert METRICS[name].undefined == reason


def test_an_f1_without_any_hit_is_zero_and_not_undefined():
    assert _value("f1", (5, 1, 0, 0)) == 0 and _value("f1", (5, 0, 1, 0)) == 0


@given(st.integers(0, 2000), st.integers(0, 2000), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_of_a_share_is_scipys_wilson_interval(hits, misses, confidence):
    among = hits + misses
    low, high = wilson(np.array([hits]), np.array([among]), confidence)
    if among:
        wanted = binomtest(hits, among).proportion_ci(confidence, method="wilson")
        assert (low[0], high[0]) == pytest.approx((wanted.low, wanted.high), abs=1e-12)
        assert 0 <= low[0] <= hits / among <= high[0] <= 1
    else:
        assert math.isnan(low[0]) and math.isnan(high[0])


def test_the_ends_of_an_interval_are_exact_where_nothing_or_everything_hits():
    among = np.arange(1, 500)
    low, high = wilson(0 * among, among)
    assert (low == 0).all() and (high > 0).all()
    low, high = wilson(among, among)
    assert (high == 1).all() and (low < 1).all()


@pytest.mark.parametrize("cells", [(500, 140, 160, 320), (300, 100, 50, 90),
                                   (50, 300, 20, 600)])
def test_the_interval_of_f1_is_near_the_bootstraps(cells):
    rng = np.random.default_rng(3)
    drawn = rng.multinomial(sum(cells), np.array(cells) / sum(cells), 20_000)
    f1 = 2 * drawn[:, 3] / (2 * drawn[:, 3] + drawn[:, 1] + drawn[:, 2])
    wanted = np.quantile(f1, (0.025, 0.975))
    found = measure(np.array([cells]), METRICS["f1"])
    assert (found.low[0], found.high[0]) == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("true_f1_cells", [(80, 5, 8, 7), (10, 4, 4, 12), (200, 3, 2, 5)])
def test_the_interval_of_f1_holds_the_truth_about_as_often_as_it_says(true_f1_cells):
    total = sum(true_f1_cells)
    _, false_positive, false_negative, hits = true_f1_cells
    truth = 2 * hits / (2 * hits + false_positive + false_negative)
    drawn = np.random.default_rng(5).multinomial(total, np.array(true_f1_cells) / total, 4000)
    found = measure(drawn, METRICS["f1"])
    holds = (found.low <= truth) & (truth <= found.high)
    assert 0.93 < holds.mean() < 0.985
