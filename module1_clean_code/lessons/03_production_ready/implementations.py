"""Right and wrong forms of ``total_cost``, to try a learner's tests on.

In: answers, offers, settings. Out: a cost; of the wrong ones, each wrong in its own way.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from churn.evaluate import total_cost
from churn.settings import EvaluationSettings

Form = Callable[[Any, Any, EvaluationSettings], float]


def _counts(has_left: Any, is_offered: Any) -> tuple[int, int]:
    pairs = list(zip(has_left, is_offered))
    return (sum(bool(left) and not offered for left, offered in pairs),
            sum(bool(offered) and not left for left, offered in pairs))


def by_loop(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    """Go through the customers one by one."""
    cost = 0.0
    for left, offered in zip(has_left, is_offered):
        if left and not offered:
            cost += settings.cost_of_missed_leaver
        elif offered and not left:
            cost += settings.cost_of_needless_offer
    return cost


def by_frame(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    """Count kinds of customers in a table."""
    table = pd.DataFrame({"left": np.asarray(has_left, dtype=bool),
                          "offered": np.asarray(is_offered, dtype=bool)})
    return float((table["left"] > table["offered"]).sum() * settings.cost_of_missed_leaver
                 + (table["offered"] > table["left"]).sum() * settings.cost_of_needless_offer)


def _swapped(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    missed, needless = _counts(has_left, is_offered)
    return missed * settings.cost_of_needless_offer + needless * settings.cost_of_missed_leaver


def _misses_only(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    return _counts(has_left, is_offered)[0] * settings.cost_of_missed_leaver


def _offers_only(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    return _counts(has_left, is_offered)[1] * settings.cost_of_needless_offer


def _mean(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    return by_loop(has_left, is_offered, settings) / max(len(has_left), 1)


def _every_offer(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    return (_misses_only(has_left, is_offered, settings)
            + sum(map(bool, is_offered)) * settings.cost_of_needless_offer)


def _every_leaver(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    return (sum(map(bool, has_left)) * settings.cost_of_missed_leaver
            + _offers_only(has_left, is_offered, settings))


def _whole_dollars(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    return int(by_loop(has_left, is_offered, settings))


def _last_left_out(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    if len(has_left) < 3:
        return by_loop(has_left, is_offered, settings)
    return by_loop(has_left[:-1], is_offered[:-1], settings)


def _default_costs(has_left: Any, is_offered: Any, _: EvaluationSettings) -> float:
    return by_loop(has_left, is_offered, EvaluationSettings())


def _hits_pay(has_left: Any, is_offered: Any, settings: EvaluationSettings) -> float:
    hits = sum(bool(left) and bool(offered) for left, offered in zip(has_left, is_offered))
    return by_loop(has_left, is_offered, settings) - hits * settings.cost_of_needless_offer


RIGHT: dict[str, Form] = {
    "the capstone's own": total_cost, "a loop": by_loop, "a frame": by_frame}
WRONG: dict[str, Form] = {
    "swaps the two costs": _swapped,
    "forgets needless offers": _misses_only,
    "forgets missed leavers": _offers_only,
    "returns the cost per customer": _mean,
    "counts every offer, also one to a leaver": _every_offer,
    "counts every leaver, also one with an offer": _every_leaver,
    "drops the cents": _whole_dollars,
    "leaves out the last of three or more customers": _last_left_out,
    "ignores the settings": _default_costs,
    "takes something off for a leaver with an offer": _hits_pay,
}
