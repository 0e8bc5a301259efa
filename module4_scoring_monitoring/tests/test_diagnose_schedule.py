"""A run that did not begin is noticed, by what it left undone."""

from datetime import timedelta

import pytest

from conftest import NOON
from riskwatch.diagnose import diagnose
from riskwatch.diagnose_schedule import missed_run_check, schedule_checks
from riskwatch.ledger import Ledger
from riskwatch.records import Diagnostic, Run
from riskwatch.schedule_plan import note_plan, plan_every
from riskwatch.settings import build_settings
from riskwatch.workplace import Workplace


def run(trigger: str) -> Run:
    """A run that began."""
    return Run(command="cycle", trigger=trigger,  # type: ignore[arg-type]
               program_version="1", process_id=1)


def minutes(number: float) -> timedelta:
    """So many."""
    return timedelta(minutes=number)


@pytest.mark.parametrize(("period", "silence", "status"), [
    (10, 0, "ok"), (10, 15, "ok"), (10, 15.1, "failed"), (10, -600, "ok"), (60, 66, "failed"),
    # Plans above an hour may stand in local time, and have one longer night a year.
    (1440, 1505, "ok"), (1440, 1506, "failed"), (120, 185, "ok"), (120, 186, "failed")])
def test_a_run_is_missed_after_its_period_and_grace(period: int, silence: float, status: str
                                                    ) -> None:
    found = missed_run_check(NOON, NOON - minutes(silence), minutes(period), minutes(5))
    assert found.status == status and found.value == max(silence, 0)
    assert ("schedule show" in found.detail) == (status == "failed")


def test_without_a_schedule_nothing_is_missed(place: Workplace, ledger: Ledger) -> None:
    ledger.append(run("cron"))
    assert not schedule_checks(place, ledger)
    assert "schedule" not in {entry.record.check for entry in diagnose(place, ledger)}


def later(place: Workplace, number: float) -> None:
    """Let time pass."""
    place.clock.now += minutes(number)  # type: ignore[attr-defined]


def said(place: Workplace, ledger: Ledger, run_id: int | None = None) -> str:
    """What the one check says, written down by `diagnose`."""
    (found,) = [entry.record for entry in diagnose(place, ledger, run_id=run_id)
                if entry.record.check == "schedule"]
    latest = ledger.latest(Diagnostic, check="schedule")
    assert latest is not None and latest.record == found
    return found.status


def test_only_runs_of_the_schedule_count_and_the_asking_one_does_not(
        place: Workplace, ledger: Ledger) -> None:
    note_plan(place, plan_every(10))
    later(place, 14)
    assert said(place, ledger) == "ok"  # it was installed 14 minutes ago
    later(place, 2)
    assert said(place, ledger) == "failed"
    ledger.append(run("person"), run("api"), run("simulation"))
    assert said(place, ledger) == "failed"
    own = ledger.append(run("cron"))[0].id
    assert said(place, ledger, own) == "failed"  # it came, but late
    assert said(place, ledger) == "ok"
    later(place, 10)
    assert said(place, ledger, ledger.append(run("cron"))[0].id) == "ok"


def test_a_clock_that_went_back_misses_no_run_and_the_order_of_runs_stays(
        place: Workplace, ledger: Ledger) -> None:
    note_plan(place, plan_every(10))
    first = ledger.append(run("cron"))[0]
    later(place, -180)
    second = ledger.append(run("cron"))[0]
    assert second.made_utc < first.made_utc
    found = {entry.record.check: entry.record for entry in diagnose(place, ledger)}
    assert found["schedule"].status == "ok"
    assert [entry.id for entry in ledger.page(Run).entries] == [second.id, first.id]
    latest = ledger.latest(Run)
    assert latest is not None and latest.id == second.id


def test_the_clock_that_went_back_is_said_itself(place: Workplace, ledger: Ledger) -> None:
    ledger.append(run("cron"))
    later(place, -180)
    found = {entry.record.check: entry.record for entry in diagnose(place, ledger)}
    assert found["clock"].status == "failed" and found["clock"].value == pytest.approx(10_798, 1)


def test_a_schedule_made_by_other_means_is_expected_by_a_setting(
        place: Workplace, ledger: Ledger) -> None:
    there = Workplace(place.out, build_settings({"schedule": {"expect_every_minutes": 10}}),
                      place.clock)
    assert [check.status for check in schedule_checks(there, ledger)] == ["unknown"]
    ledger.append(run("cron"))
    assert [check.status for check in schedule_checks(there, ledger)] == ["ok"]
    later(place, 16)
    assert [check.status for check in schedule_checks(there, ledger)] == ["failed"]


def test_a_damaged_note_is_a_failed_check(place: Workplace, ledger: Ledger) -> None:
    (place.out / "schedule.json").write_text("{", encoding="utf-8")
    (found,) = schedule_checks(place, ledger)
    assert found.status == "failed" and "schedule install" in found.detail
