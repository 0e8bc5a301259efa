"""Tests of the statistics of the checks, on cases worked by hand, and of their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rentals.checks.statistics import (absent_level_test, counts_test, holm, kl_divergence_bits,
                                       ks_test, pooled)

COUNTS = st.lists(st.integers(0, 10_000), min_size=5, max_size=5).map(np.array)


# The divergence.

def test_the_divergence_as_worked_by_hand() -> None:
    """Rows 29.5 and 9.5, each with half a row more: shares 3/4, 1/4 against 1/2, 1/2."""
    current, reference = np.array([299, 99]), np.array([199, 199])
    expected = 299.5 / 399 * np.log2(2 * 299.5 / 399) + 99.5 / 399 * np.log2(2 * 99.5 / 399)
    assert kl_divergence_bits(current, reference) == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(0.1887, abs=0.002)  # of 3/4 and 1/4, without half rows


def test_the_divergence_is_that_of_the_first_table_from_the_second() -> None:
    """The direction matters: scipy's entropy(current, reference) on large counts."""
    uneven, even = np.array([900_000, 100_000]), np.array([500_000, 500_000])
    there, back = kl_divergence_bits(uneven, even), kl_divergence_bits(even, uneven)
    assert there == pytest.approx(stats.entropy(uneven, even, base=2), abs=1e-4)
    assert back == pytest.approx(stats.entropy(even, uneven, base=2), abs=1e-4)
    assert there != pytest.approx(back, abs=0.1)


def test_a_missing_level_gives_a_number_and_no_error() -> None:
    shares = np.array([8863, 8220, 2320, 440, 157])
    without = np.where(np.arange(5) == 0, 0, shares)
    assert 0.5 < kl_divergence_bits(without, shares) < 2
    assert 2 < kl_divergence_bits(shares, without) < 10


def test_counts_of_other_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="levels"):
        kl_divergence_bits(np.array([1, 2]), np.array([1, 2, 3]))


def test_levels_without_rows_on_both_sides_change_nothing() -> None:
    assert kl_divergence_bits(np.array([30, 10, 0]), np.array([20, 20, 0])) \
        == kl_divergence_bits(np.array([30, 10]), np.array([20, 20]))


@given(COUNTS, COUNTS)
def test_the_divergence_is_finite_and_never_negative(current: np.ndarray,
                                                     reference: np.ndarray) -> None:
    bits = kl_divergence_bits(current, reference)
    assert 0 <= bits < 20
    assert kl_divergence_bits(current, current) == 0


# The tests.

def test_the_kolmogorov_smirnov_effect_as_worked_by_hand() -> None:
    assert ks_test(np.array([1.0, 2, 3, 4]), np.array([3.0, 4, 5, 6])).effect == 0.5


def test_the_total_variation_distance_as_worked_by_hand() -> None:
    """Shares .5 .3 .2 against .2 .3 .5 differ by half of .3 + 0 + .3."""
    counts = np.array([[50, 30, 20], [20, 30, 50]])
    test = counts_test(counts)
    assert test.effect == pytest.approx(0.3)
    assert (test.method, test.p_value) == ("chi-squared",
                                           pytest.approx(stats.chi2_contingency(counts).pvalue))


def test_two_levels_are_tested_exactly() -> None:
    """All 10 of the one side, none of the other: 2 of the 184,756 ways to choose 10 of 20."""
    test = counts_test(np.array([[10, 0], [0, 10]]))
    assert (test.method, test.p_value) == ("Fisher's exact", pytest.approx(2 / 184_756))


def test_one_level_cannot_differ() -> None:
    test = counts_test(np.array([[0, 50], [0, 60]]))
    assert (test.effect, test.p_value) == (0.0, 1.0)


def test_rare_levels_are_pooled_until_the_expected_count_holds() -> None:
    """50 rows a side: totals 4 and 5 expect 2 and 2.5, together 4.5; so the 11 joins them."""
    counts = np.array([[1, 2, 6, 41], [3, 3, 5, 39]])
    assert pooled(counts).tolist() == [[9, 41], [11, 39]]


def test_common_levels_are_not_pooled_and_empty_ones_fall_away() -> None:
    assert pooled(np.array([[25, 0, 25, 50], [50, 0, 25, 25]])).tolist() \
        == [[25, 25, 50], [50, 25, 25]]


# Absent levels.

def test_the_absent_level_s_p_value_as_worked_by_hand() -> None:
    """Rows 3 and 3; levels of 2, 2, 2: 3 levels x 2 sides x (3 x 2) / (6 x 5), at most 1."""
    test = absent_level_test(np.array([[0, 1, 2], [2, 1, 0]]))
    assert test.p_value == 1.0
    assert test.effect == pytest.approx(2 / 3)
    rarer = absent_level_test(np.array([[0, 6], [4, 2]]))  # 2 sides x 15 / 495, and 8 rows of 12
    by_hand = 2 * stats.hypergeom.pmf(4, 12, 6, 4) + 2 * stats.hypergeom.pmf(8, 12, 6, 8)
    assert rarer.p_value == pytest.approx(by_hand) == pytest.approx(2 * 15 / 495)


def test_a_rare_level_is_absent_from_few_rows_by_chance_but_not_from_many() -> None:
    """Staten Island has 1 listing in 130."""
    few, many = (absent_level_test(np.array([[rows - rows // 130, rows // 130], [rows, 0]]))
                 for rows in (260, 15_000))
    assert few.p_value > 0.2
    assert many.p_value < 1e-20


def test_no_absent_level_is_no_finding() -> None:
    assert absent_level_test(np.array([[5, 1], [5, 1]])).p_value == 1.0


# Holm.

def test_holm_as_worked_by_hand() -> None:
    """Sorted .005 .01 .03 .04 times 4 3 2 1 are .02 .03 .06 .04; the last may not fall."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_holm_never_exceeds_one_and_takes_no_tests() -> None:
    assert holm([0.7, 0.9]) == (1.0, 1.0)
    assert not holm([])


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_lies_between_p_and_bonferroni(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(p <= a <= min(1, p * len(p_values)) + 1e-12 for p, a in zip(p_values, adjusted))
    assert sorted(adjusted) == [a for _, a in sorted(zip(p_values, adjusted))]
