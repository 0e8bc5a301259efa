"""The threshold is the one of least cost, found by trying them all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.settings import TrainSettings
from census.training.threshold import choose_threshold, cost_curve

COSTS = TrainSettings(cost_of_missed=3.0, cost_of_needless=1.0)


def _cost(label, score, threshold, settings=COSTS):
    predicted = np.asarray(score) >= threshold
    missed = ((np.asarray(label) == 1) & ~predicted).sum()
    needless = ((np.asarray(label) == 0) & predicted).sum()
    return (missed * settings.cost_of_missed + needless * settings.cost_of_needless) / len(label)


def test_a_hand_made_case():
    found = choose_threshold([0, 1, 0, 1], [.1, .3, .5, .7], COSTS)
    # At .2 one needless answer costs 1; at .6 one missed one costs 3.
    assert found.value == pytest.approx(.2)
    assert found.cost_per_row == .25
    assert found.cost_per_row_at_half == 1.0


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=1, max_size=30))
def test_no_other_threshold_costs_less(rows):
    label, score = [row[0] for row in rows], [row[1] / 20 for row in rows]
    found = choose_threshold(label, score, COSTS)
    assert found.cost_per_row == pytest.approx(_cost(label, score, found.value), abs=1e-6)
    tried = [_cost(label, score, step / 40) for step in range(82)]
    assert found.cost_per_row <= min(tried) + 1e-6


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=1, max_size=30))
def test_each_point_of_the_curve_costs_what_it_says(rows):
    label, score = [row[0] for row in rows], [row[1] / 20 for row in rows]
    for threshold, cost in cost_curve(label, score, COSTS):
        assert cost == pytest.approx(_cost(label, score, threshold))


@pytest.mark.parametrize(("missed", "needless", "is_above_all"), [(0.0, 1.0, True),
                                                                  (1.0, 0.0, False)])
def test_a_cost_of_nothing_moves_the_threshold_to_an_end(missed, needless, is_above_all):
    settings = TrainSettings(cost_of_missed=missed, cost_of_needless=needless)
    found = choose_threshold([0, 1, 0, 1], [.1, .3, .5, .7], settings)
    assert (found.value > .7) == is_above_all
    assert found.cost_per_row == 0


def test_dearer_misses_never_raise_the_threshold():
    rng = np.random.default_rng(0)
    score = rng.random(500)
    label = (rng.random(500) < score).astype(int)
    found = [choose_threshold(label, score, TrainSettings(cost_of_missed=cost)).value
             for cost in (.5, 1.0, 2.0, 4.0, 8.0)]
    assert found == sorted(found, reverse=True)
