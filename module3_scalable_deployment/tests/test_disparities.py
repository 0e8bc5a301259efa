"""Ratios are fractions made by hand, 4/5 is in the band, and nothing over zero is a number."""

import math
from fractions import Fraction

import numpy as np
import pytest
from audit_tables import by
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats.contingency import relative_risk

from census.errors import InputError
from census.training.codes import encode
from census.training.counts import count, outcomes
from census.training.disparities import (COMPARED, Band, Rate, find_disparities, ratio_interval)

BAND = Band.of(0.8)
CELLS = st.tuples(*[st.integers(0, 40)] * 4).filter(any)


def _find(groups, reference="b", least_rows=30):
    table = by("race", groups)
    counts = count(encode("race", table["race"]), outcomes(table["label"], table["predicted"]))
    return {(one.pair.group, one.pair.metric): one
            for one in find_disparities(counts, reference, BAND, least_rows)}


def test_ratios_are_the_fractions_made_by_hand():
    # tn, fp, fn, tp                       selected        fpr    fnr   recall precision  for
    found = _find({"a": (50, 10, 15, 25), "b": (30, 20, 10, 40)})
    wanted = {"selection_rate": Fraction(35, 100) / Fraction(60, 100),
              "fpr": Fraction(10, 60) / Fraction(20, 50),
              "fnr": Fraction(15, 40) / Fraction(10, 50),
              "recall": Fraction(25, 40) / Fraction(40, 50),
              "precision": Fraction(25, 35) / Fraction(40, 60),
              "for": Fraction(15, 65) / Fraction(10, 40)}
    assert tuple(wanted) == COMPARED
    for metric, ratio in wanted.items():
        assert found["a", metric].ratio.value == pytest.approx(float(ratio), abs=1e-9)


def _shares(cells):
    """Return hits and rows of each metric, written out once more."""
    tn, fp, fn, tp = cells
    return {"selection_rate": (fp + tp, sum(cells)), "fpr": (fp, fp + tn), "fnr": (fn, fn + tp),
            "recall": (tp, fn + tp), "precision": (tp, fp + tp), "for": (fn, fn + tn)}


@given(CELLS, CELLS)
def test_a_ratio_is_exact_or_undefined_and_the_verdict_follows_from_it(cells, reference):
    found = _find({"a": cells, "b": reference})
    for metric, (hits, among) in _shares(cells).items():
        other_hits, other_among = _shares(reference)[metric]
        one = found["a", metric]
        if among and other_among and other_hits:
            ratio = Fraction(hits, among) / Fraction(other_hits, other_among)
            assert one.ratio.value == pytest.approx(float(ratio), abs=1e-9)
            assert one.verdict == ("fair" if Fraction(4, 5) <= ratio <= Fraction(5, 4)
                                   else "unequal")
            assert one.ratio.low <= one.ratio.value * (1 + 1e-9)
            assert one.ratio.value <= one.ratio.high * (1 + 1e-9)
            assert one.undefined == ""
        else:
            assert one.verdict == "undefined" and one.undefined and not one.is_sure
            assert all(map(math.isnan, (one.ratio.value, one.ratio.low, one.ratio.high)))


@given(st.integers(1, 500), st.integers(1, 500), st.sampled_from([(4, 5), (5, 4)]))
def test_exactly_four_fifths_is_fair_whatever_the_counts(hits, among, ratio):
    """One third over five twelfths, say, is less than .8 in floating point."""
    top, bottom = ratio
    assume(top * hits <= bottom * among and hits <= among)
    cells = (bottom * among - top * hits, top * hits, 0, 0)
    found = _find({"a": cells, "b": (among - hits, hits, 0, 0)})
    assert found["a", "selection_rate"].verdict == "fair"
    assert found["a", "fpr"].verdict == "fair"


@pytest.mark.parametrize("numerator, verdict", [(799, "unequal"), (800, "fair"), (801, "fair"),
                                                (1249, "fair"), (1250, "fair"),
                                                (1251, "unequal")])
def test_one_row_beyond_the_edge_is_unequal(numerator, verdict):
    found = _find({"a": (2000 - numerator, numerator, 0, 0), "b": (1000, 1000, 0, 0)})
    assert found["a", "selection_rate"].verdict == verdict


def test_floating_point_would_put_some_ratios_of_four_fifths_outside():
    outside = [(n, m) for n in range(1, 60) for m in range(1, 60)
               if 4 * n <= 5 * m and not 0.8 <= (4 * n / (5 * m)) / (n / m) <= 1 / 0.8]
    assert outside  # or the exact fractions would be for show


@pytest.mark.parametrize("cells, reference, metric, reason", [
    ((9, 0, 5, 0), (5, 5, 5, 5), "precision", "in the group no row is predicted positive"),
    ((5, 5, 5, 5), (9, 0, 5, 0), "precision",
     "in the reference group no row is predicted positive"),
    ((5, 5, 5, 5), (9, 0, 5, 5), "fpr",
     "the rate of the reference group is 0, and there is no ratio to 0"),
    ((5, 0, 5, 5), (9, 0, 5, 5), "fpr", "both rates are 0, and there is no ratio to 0"),
    ((9, 3, 0, 0), (5, 5, 5, 5), "recall", "in the group no row is positive")])
def test_an_undefined_ratio_says_why(cells, reference, metric, reason):
    one = _find({"a": cells, "b": reference})["a", metric]
    assert one.verdict == "undefined" and one.undefined == reason
    assert math.isnan(one.ratio.value)


def test_a_rate_of_zero_is_a_ratio_of_zero():
    one = _find({"a": (500, 0, 9, 9), "b": (500, 500, 9, 9)})["a", "fpr"]
    assert (one.ratio.value, one.ratio.low, one.verdict, one.is_sure) == (0, 0, "unequal", True)
    assert 0 < one.ratio.high < 0.8


def test_many_rows_are_sure_and_few_are_not():
    few = _find({"a": (15, 5, 0, 0), "b": (10, 10, 0, 0)})["a", "selection_rate"]
    many = _find({"a": (1500, 500, 0, 0), "b": (1000, 1000, 0, 0)})["a", "selection_rate"]
    assert few.verdict == many.verdict == "unequal" and few.ratio.value == many.ratio.value
    assert (few.is_sure, few.is_small) == (False, True)
    assert (many.is_sure, many.is_small) == (True, False)


def test_fair_is_sure_only_when_the_interval_is_in_the_band():
    few = _find({"a": (10, 10, 0, 0), "b": (10, 10, 0, 0)})["a", "selection_rate"]
    many = _find({"a": (1000, 1000, 0, 0), "b": (1000, 1000, 0, 0)})["a", "selection_rate"]
    assert few.verdict == many.verdict == "fair" and (few.is_sure, many.is_sure) == (False, True)


def test_the_reference_is_not_compared_with_itself():
    assert {group for group, _ in _find({"a": (1, 1, 1, 1), "b": (1, 1, 1, 1)})} == {"a"}


@given(st.permutations(["NA", "None", "nan", "a"]))
def test_other_names_move_the_disparities_along(names):
    cells = [(9, 2, 3, 4), (5, 1, 7, 2), (3, 3, 3, 3), (8, 8, 1, 2)]
    usual = _find(dict(zip(["NA", "None", "nan", "a"], cells)), "a")
    moved = _find(dict(zip(names, cells)), names[3])
    for old, new in zip(["NA", "None", "nan"], names):
        for metric in COMPARED:
            assert moved[new, metric].ratio == usual[old, metric].ratio


def test_an_absent_reference_group_is_named():
    with pytest.raises(InputError, match="bias.reference: no row has race Purple; there are a, b"):
        _find({"a": (1, 1, 1, 1), "b": (1, 1, 1, 1)}, "Purple")


def test_with_many_rows_the_interval_is_that_of_the_usual_method():
    wanted = relative_risk(885, 10771, 5731, 21790).confidence_interval()
    found = ratio_interval(Rate(885, 10771), Rate(5731, 21790))
    assert found == pytest.approx((wanted.low, wanted.high), abs=2e-4)


@pytest.mark.parametrize("n, p, reference_n, reference_p", [
    (50, 0.1, 200, 0.3), (20, 0.05, 500, 0.1), (200, 0.02, 400, 0.08), (15, 0.9, 80, 0.8),
    (1000, 0.2, 3000, 0.25)])
def test_the_interval_holds_the_true_ratio_about_as_often_as_it_says(n, p, reference_n,
                                                                     reference_p):
    rng = np.random.default_rng(1)
    hits = 0
    draws = zip(rng.binomial(n, p, 2000), np.maximum(rng.binomial(reference_n, reference_p, 2000),
                                                     1), strict=True)
    for mine, theirs in draws:
        low, high = ratio_interval(Rate(int(mine), n), Rate(int(theirs), reference_n))
        hits += low <= p / reference_p <= high
    assert 0.93 <= hits / 2000 <= 0.98


@given(st.integers(0, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_the_interval_always_exists_and_holds_the_ratio(hits, among, other_hits, other_among):
    assume(hits <= among and other_hits <= other_among)
    low, high = ratio_interval(Rate(hits, among), Rate(other_hits, other_among))
    ratio = hits / among / (other_hits / other_among)
    assert 0 <= low <= ratio + 1e-12 and ratio - 1e-12 <= high < math.inf


def test_the_band_of_a_setting_is_the_decimal_that_was_written():
    assert Band.of(0.8).low == Fraction(4, 5) and Band.of(0.9).low == Fraction(9, 10)
    assert Band.of(0.9).holds(Fraction(9, 10)) and Band.of(0.9).holds(Fraction(10, 9))
    assert not Band.of(0.9).holds(Fraction(8999, 10000))
