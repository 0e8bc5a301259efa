"""The plan of faults: every drop once, eras in their order, single faults at most once."""

from itertools import groupby

import pytest

from riskwatch.planting import HISTORY, LEAST_FOR_SINGLE_FAULTS, plan_drops


@pytest.mark.parametrize("drops", [1, 10, 20, 90, 365])
def test_every_drop_is_planned_once_and_eras_follow_each_other(drops: int) -> None:
    plans = plan_drops(drops)
    assert [plan.number for plan in plans] == list(range(-HISTORY, drops))
    eras = [era for era, _ in groupby(plans, key=lambda plan: plan.era)]
    order = ["stable", "covariate_drift", "concept_drift", "recovery"]
    assert eras == order[:len(eras)] and (drops < 10 or eras == order)
    for name in ("is_late", "is_copied", "is_changed", "is_broken"):
        assert sum(getattr(plan, name) for plan in plans) == (drops >= LEAST_FOR_SINGLE_FAULTS)


def test_only_the_late_drop_comes_later_than_its_day() -> None:
    for plan in plan_drops(90):
        assert plan.arrival_day == max(plan.number, 0) + 3 * plan.is_late
