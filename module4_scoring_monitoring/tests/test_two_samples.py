"""Tests of the two-sample statistics, on cases worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from riskwatch.quantile_sketch import QuantileSketch, counted_at, sketch_of
from riskwatch.two_samples import (ColumnTest, continuous_test, corrected, counts_test,
                                   new_category_test, pooled)


def test_holm_as_worked_by_hand() -> None:
    """Sorted .005 .01 .03 .04 times 4 3 2 1 are .02 .03 .06 .04; the last may not fall."""
    tests = [[ColumnTest("missing", "", (50, 50), 0, p)] for p in (0.01, 0.04, 0.03, 0.005)]
    adjusted = [column[0].adjusted_p for column in corrected(tests)]
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_never_exceeds_one() -> None:
    tests = [[ColumnTest("missing", "", (50, 50), 0, p) for p in (0.7, 0.9)]]
    assert [test.adjusted_p for test in corrected(tests)[0]] == [1.0, 1.0]


def test_the_margin_as_worked_by_hand() -> None:
    """At 5 % the band of 1,000 against 1,000 rows is 1.358 times the root of 2 / 1,000."""
    test = ColumnTest("distribution", "", (1000, 1000), 0, 1)
    assert test.margin(0.05) == pytest.approx(0.0607, abs=1e-4)
    assert replace(test, rows=(1000, 250)).margin(0.05) == pytest.approx(0.0960, abs=1e-4)


def test_the_kolmogorov_smirnov_effect_as_worked_by_hand() -> None:
    before = sketch_of(np.array([1.0, 2, 3, 4]))
    assert continuous_test(before, counted_at(before.edges, np.array([3.0, 4, 5, 6]))).effect == .5


@pytest.mark.parametrize("distance", [0.006, 0.009])
def test_the_limit_law_of_many_rows_is_near_the_finite_one_and_never_below(distance: float
                                                                           ) -> None:
    rows = 60_000
    before, after = (QuantileSketch(np.zeros(1), np.zeros(1, int), np.array([part]), rows)
                     for part in (0, round(distance * rows)))
    found, exact = continuous_test(before, after).p_value, stats.kstwo.sf(distance, rows // 2)
    assert exact <= found <= 1.01 * exact


def test_two_levels_of_many_rows_are_tested_at_once() -> None:
    test = counts_test("missing", np.array([[400_000, 600_000], [401_000, 599_000]]))
    assert test is not None and test.method == "chi-squared"
    assert test.p_value == pytest.approx(0.1488, abs=1e-3)


def test_the_stability_index_stands_beside_and_is_worked_by_hand() -> None:
    """Shares .6 .4 against .4 .6: .2 x ln 1.5 twice is .1622."""
    test = counts_test("distribution", np.array([[6000, 4000], [4000, 6000]]))
    assert test is not None and test.stability_index == pytest.approx(0.1622, abs=1e-4)


def test_the_total_variation_distance_as_worked_by_hand() -> None:
    """Shares .5 .3 .2 against .2 .3 .5 differ by half of .3 + 0 + .3."""
    test = counts_test("distribution", np.array([[50, 30, 20], [20, 30, 50]]))
    assert test is not None and test.effect == pytest.approx(0.3)
    assert test.method == "chi-squared"


def test_counts_without_a_choice_are_not_tested() -> None:
    assert counts_test("missing", np.array([[0, 50], [0, 60]])) is None


def test_rare_levels_are_pooled_until_the_expected_count_holds() -> None:
    """50 rows a side: totals 4 and 5 expect 2 and 2.5, together 4.5; so the 11 joins them."""
    counts = np.array([[1, 2, 6, 41], [3, 3, 5, 39]])
    assert pooled(counts).tolist() == [[9, 41], [11, 39]]


def test_common_levels_are_not_pooled() -> None:
    assert counts_test("distribution", pooled(np.array([[25, 25, 50], [50, 25, 25]]))) \
        == counts_test("distribution", np.array([[25, 25, 50], [50, 25, 25]]))


def test_one_rare_level_stays_apart_and_levels_that_are_all_rare_are_not_compared() -> None:
    assert pooled(np.array([[198, 2], [200, 0]])).tolist() == [[2, 198], [0, 200]]
    assert pooled(np.eye(2, 60, dtype=np.int64)).tolist() == [[1], [1]]


def test_the_new_category_p_value_as_worked_by_hand() -> None:
    """Rows 3 and 3; level sizes 2, 2, 2, one wholly current: 3 levels x (3 x 2) / (6 x 5)."""
    test = new_category_test(np.array([[0, 1, 2], [2, 1, 0]]))
    assert test.p_value == pytest.approx(0.6)
    assert test.effect == pytest.approx(2 / 3)
