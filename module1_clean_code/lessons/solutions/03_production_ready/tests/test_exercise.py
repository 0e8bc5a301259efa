"""Tests of total_cost: each kind of customer alone, then together, then odd tables."""

import pytest

from churn.settings import EvaluationSettings
from exercise import total_cost

SETTINGS = EvaluationSettings(cost_of_missed_leaver=5.25, cost_of_needless_offer=1.5)


@pytest.mark.parametrize("has_left, is_offered, expected", [
    ([1], [0], 5.25), ([0], [1], 1.5), ([1], [1], 0), ([0], [0], 0), ([], [], 0),
    ([1, 1, 1], [0, 0, 0], 15.75), ([0, 0, 0], [1, 1, 1], 4.5),
    ([1, 0, 1, 0, 0], [0, 1, 1, 0, 1], 8.25), ([0, 1, 0, 1], [0, 1, 0, 0], 5.25)])
def test_each_error_has_its_price(has_left, is_offered, expected):
    """Counted by hand."""
    assert total_cost(has_left, is_offered, SETTINGS) == pytest.approx(expected)


def test_the_tables_are_left_alone():
    """A caller goes on with its lists."""
    has_left, is_offered = [1, 0], [0, 1]
    total_cost(has_left, is_offered, SETTINGS)
    assert (has_left, is_offered) == ([1, 0], [0, 1])


def test_costs_of_zero_are_costs_of_zero():
    """An offer that is free costs nothing."""
    free = EvaluationSettings(cost_of_missed_leaver=5, cost_of_needless_offer=0)
    assert total_cost([0, 1], [1, 0], free) == 5
