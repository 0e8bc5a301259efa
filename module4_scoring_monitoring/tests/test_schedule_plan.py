"""Plans: which can be asked for, and what of them is noted in the workplace."""

from itertools import pairwise

import pytest
from croniter import croniter

from conftest import NOON
from riskwatch.errors import InputError
from riskwatch.schedule_plan import expected, forget_plan, note_plan, plan_daily, plan_every
from riskwatch.workplace import Workplace

EVEN = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440)


@pytest.mark.parametrize("minutes", EVEN)
def test_runs_are_as_far_apart_as_was_asked_for(minutes: int) -> None:
    plan = plan_every(minutes)
    runs = croniter(plan.expression, NOON)
    times = [runs.get_next(float) for _ in range(1500 // minutes + 3)]
    assert {later - sooner for sooner, later in pairwise(times)} == {60 * minutes}
    assert plan.period_minutes == minutes


@pytest.mark.parametrize("minutes", [*sorted(set(range(-1, 1500)) - set(EVEN))[::7], 7, 90, 2880])
def test_uneven_plans_are_refused_with_those_that_are_not(minutes: int) -> None:
    with pytest.raises(InputError, match="not evenly apart .* divisor of 60"):
        plan_every(minutes)


def test_a_day_is_said_as_its_time() -> None:
    assert plan_daily("02:05").expression == "5 2 * * *"
    assert plan_daily("02:05").in_words() == "every day at 02:05"
    assert plan_every(1440).in_words() == "every day at 00:00"
    assert (plan_every(1).in_words(), plan_every(30).in_words()) == (
        "every minute", "every 30 minutes")


@pytest.mark.parametrize("time", ["24:00", "2:30", "02:60", "02.30", "", "02:30\n", "٠2:30"])
def test_what_is_no_time_of_day_is_refused(time: str) -> None:
    with pytest.raises(InputError, match="write it as 02:30"):
        plan_daily(time)


def test_the_note_keeps_its_beginning_while_the_period_stays(place: Workplace) -> None:
    assert expected(place) is None
    note_plan(place, plan_every(10))
    first = expected(place)
    assert first is not None and first.period_minutes == 10
    note_plan(place, plan_every(10))
    assert expected(place) == first
    note_plan(place, plan_daily("01:00"))
    second = expected(place)
    assert second is not None and second.since > first.since and second.period_minutes == 1440
    forget_plan(place)
    forget_plan(place)
    assert expected(place) is None


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"period_minutes": 1, "since_utc": "x"}',
    '{"period_minutes": 1, "since_utc": "2026-01-01T00:00:00"}',
    '{"period_minutes": null, "since_utc": "2026-01-01T00:00:00+00:00"}'])
def test_a_damaged_note_is_a_named_fault(place: Workplace, text: str) -> None:
    place.out.mkdir()
    (place.out / "schedule.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="schedule.json.*schedule install"):
        expected(place)
