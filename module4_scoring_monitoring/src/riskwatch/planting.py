"""What is planted into the drops, and when: the truth that checks are scored against.

In: a number of drops. Out: the era of each and the faults that it carries. The plan depends on
the number of drops alone, so that two seeds differ in their rows and not in their story.
"""

from dataclasses import dataclass

from riskwatch.population import EraName

#: Drops that are there on the first day, so that a first model has rows to learn from.
HISTORY = 6
_ERA_ENDS: tuple[tuple[float, EraName], ...] = (
    (0.35, "stable"), (0.5, "covariate_drift"), (0.75, "concept_drift"), (1.0, "recovery"))
#: Fewer drops are too short a story for the faults that happen once.
LEAST_FOR_SINGLE_FAULTS = 20


@dataclass(frozen=True)
class Plan:  # pylint: disable=too-many-instance-attributes  # one a fault
    """One drop: its number, the day of its rows, its era, and what is wrong with it."""

    number: int
    arrival_day: int
    era: EraName
    is_late: bool = False
    has_repeats: bool = False
    has_impossible: bool = False
    has_missing: bool = False
    is_unlabelled: bool = False
    is_copied: bool = False
    is_changed: bool = False
    is_broken: bool = False


def plan_drops(drops: int) -> tuple[Plan, ...]:
    """Return the plan of every drop.

    Parameters
    ----------
    drops : int
        Days of the story; each has a drop. The history before has numbers below 0.

    Returns
    -------
    tuple of Plan
        In the order of their days.
    """
    # In the stable era, where a model's trouble can only come from these.
    single = {name: int(drops * share) if drops >= LEAST_FOR_SINGLE_FAULTS else -1_000
              for name, share in (("late", 0.1), ("copied", 0.15), ("changed", 0.2),
                                  ("broken", 0.25))}
    plans = []
    for number in range(-HISTORY, drops):
        is_late = number == single["late"]
        plans.append(Plan(
            number=number, arrival_day=max(number, 0) + 3 * is_late,
            era=next(era for end, era in _ERA_ENDS if number < end * drops), is_late=is_late,
            has_repeats=number % 5 == 2, has_impossible=number % 7 == 3,
            has_missing=number % 6 == 4,
            is_unlabelled=number % 9 == 8 and number not in {-1, *single.values()},
            is_copied=number == single["copied"], is_changed=number == single["changed"],
            is_broken=number == single["broken"]))
    return tuple(plans)
