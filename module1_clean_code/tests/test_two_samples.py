"""Tests of the two-sample statistics, on cases worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from churn.two_samples import (ColumnTest, continuous_test, corrected, counts_test,
                               has_many_values, new_category_test, pooled)


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


def test_a_column_has_few_values_only_if_all_its_rows_have() -> None:
    few = np.tile(np.arange(12.0), 100)
    assert not has_many_values(few)
    assert has_many_values(np.append(few, 99.0))


def test_the_kolmogorov_smirnov_effect_as_worked_by_hand() -> None:
    assert continuous_test(np.array([1.0, 2, 3, 4]), np.array([3.0, 4, 5, 6])).effect == 0.5


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
