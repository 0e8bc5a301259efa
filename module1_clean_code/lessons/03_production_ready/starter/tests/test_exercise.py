"""Tests of total_cost.

total_cost(has_left, is_offered, settings) returns what all errors cost together:
settings.cost_of_missed_leaver for each customer who left without an offer, and
settings.cost_of_needless_offer for each who stayed and got one. Nothing else costs.
"""

from churn.settings import EvaluationSettings
from exercise import total_cost


# Your turn: pass on three right implementations, fail on each of ten wrong ones.
def test_total_cost():
    """There is a cost."""
    assert total_cost([1, 0], [0, 0], EvaluationSettings()) > 0
