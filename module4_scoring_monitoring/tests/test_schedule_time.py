"""The installed line through both changes of the clocks, in two zones, run by run.

By default the plan is in UTC, where no day is odd. In local time every plan of an hour or less
has the same runs; a longer one has them at the local hours, so one gap a year is an hour shorter
and one an hour longer. What each cron does with a time of day that a change skips or repeats is
its own; here stands what the page deploy/README.md says.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from crontab import CronTab

from riskwatch.diagnose_schedule import missed_run_check
from riskwatch.schedule import Wanted, lines
from riskwatch.schedule_plan import Plan, plan_daily, plan_every
from riskwatch.workplace import Workplace

CHANGES = [("Europe/Berlin", date(2026, 3, 29), 23), ("Europe/Berlin", date(2026, 10, 25), 25),
           ("America/New_York", date(2026, 3, 8), 23), ("America/New_York", date(2026, 11, 1), 25)]


def runs_of(place: Workplace, plan: Plan, zone: str, begin: datetime, end: datetime
            ) -> list[datetime]:
    """Return when the installed line runs: minutes of real time whose local fields it names."""
    (job,) = CronTab(tab=lines(place, Wanted(plan, time_zone=zone)).decode())
    assert job.env["CRON_TZ"] == zone
    tick, found = begin, []
    while tick < end:
        local = tick.astimezone(ZoneInfo(job.env["CRON_TZ"])).replace(tzinfo=None)
        if croniter.match(str(job.slices), local):
            found.append(tick)
        tick += timedelta(minutes=1)
    return found


def local_day(zone: str, day: date) -> tuple[datetime, datetime]:
    """Return where a local day begins and ends."""
    begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC)


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
@pytest.mark.parametrize("zone_of_plan", ["UTC", "local"])
def test_every_ten_minutes_is_that_through_a_change(
        place: Workplace, zone: str, day: date, hours: int, zone_of_plan: str) -> None:
    begin, end = local_day(zone, day)
    used = "UTC" if zone_of_plan == "UTC" else zone
    found = runs_of(place, plan_every(10), used, begin, end)
    assert len(found) == 6 * hours
    assert {later - sooner for sooner, later in pairwise(found)} == {timedelta(minutes=10)}


@pytest.mark.parametrize(("zone", "day", "_"), CHANGES)
def test_once_a_day_in_utc_is_once_in_each_day(
        place: Workplace, zone: str, day: date, _: int) -> None:
    begin, end = local_day(zone, day)
    found = runs_of(place, plan_daily("02:30"), "UTC", begin - timedelta(days=1),
                    end + timedelta(days=1))
    assert {later - sooner for sooner, later in pairwise(found)} == {timedelta(days=1)}
    assert [run.strftime("%H:%M") for run in found] == ["02:30"] * len(found)
    assert len(found) in (2, 3, 4)


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_once_a_day_in_local_time_at_a_quiet_hour_is_once_with_one_odd_gap(
        place: Workplace, zone: str, day: date, hours: int) -> None:
    begin, end = local_day(zone, day)
    found = runs_of(place, plan_daily("05:00"), zone, begin - timedelta(days=1), end)
    assert [later - sooner for sooner, later in pairwise(found)] == [timedelta(hours=hours)]
    # The longest gap is no missed run, an hour more is.
    for silence, status in ((hours, "ok"), (26, "failed")):
        assert missed_run_check(found[0] + timedelta(hours=silence), found[0],
                                timedelta(days=1), timedelta(minutes=5)).status == status


@pytest.mark.parametrize(("zone", "day", "times"), [
    ("Europe/Berlin", date(2026, 3, 29), 0), ("Europe/Berlin", date(2026, 10, 25), 2),
    ("America/New_York", date(2026, 3, 8), 0)])
def test_a_local_time_inside_a_change_does_not_come_or_comes_twice(
        place: Workplace, zone: str, day: date, times: int) -> None:
    """Which is why the default is UTC; crons mend it each in its own way."""
    begin, end = local_day(zone, day)
    assert len(runs_of(place, plan_daily("02:30"), zone, begin, end)) == times


def test_every_six_hours_in_local_time_has_a_gap_of_five_or_seven(place: Workplace) -> None:
    for zone, day, hours in CHANGES:
        begin, end = local_day(zone, day)
        found = runs_of(place, plan_every(360), zone, begin, end + timedelta(minutes=1))
        gaps = sorted({(later - sooner) / timedelta(hours=1) for sooner, later in pairwise(found)})
        assert gaps == ([5, 6] if hours == 23 else [6, 7])
