"""Did the schedule start its runs? A dead man's switch: a run that did not begin sends no error.

In: a workplace and its ledger. Out: a `Diagnostic`, where a schedule is to be expected.
"""

from datetime import datetime, timedelta

from riskwatch.errors import InputError
from riskwatch.ledger import Ledger, Query
from riskwatch.records import Diagnostic, Run
from riskwatch.schedule_plan import expected
from riskwatch.workplace import Workplace

_HOUR = timedelta(hours=1)


def schedule_checks(place: Workplace, ledger: Ledger, run_id: int | None = None
                    ) -> tuple[Diagnostic, ...]:
    """Return whether the schedule began a run lately; a run that was locked out counts.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    run_id : int, optional
        The run that asks: that it runs says nothing about the ones before it.

    Returns
    -------
    tuple of Diagnostic
        Empty where no schedule is installed and the settings expect none.
    """
    limits = place.settings.schedule
    try:
        noted = expected(place)
    except InputError as err:
        return (Diagnostic(check="schedule", subject="runs", status="failed", unit="minutes",
                           detail=str(err)),)
    if noted is None and not limits.expect_every_minutes:
        return ()
    period = timedelta(minutes=noted.period_minutes if noted else limits.expect_every_minutes)
    page = ledger.page(Run, Query(filters={"trigger": "cron"}), limit=2)
    begun = [datetime.fromisoformat(entry.made_utc) for entry in page.entries
             if entry.id != run_id]
    begun += [noted.since] if noted else []
    return (missed_run_check(place.clock(), max(begun, default=None), period,
                             timedelta(minutes=limits.grace_minutes)),)


def missed_run_check(now: datetime, last: datetime | None, period: timedelta, grace: timedelta
                     ) -> Diagnostic:
    """Return whether a run is missing.

    Parameters
    ----------
    now : datetime
        With a time zone.
    last : datetime or None
        When the schedule began a run, or was installed; None if neither ever was.
    period : timedelta
        From run to run. Above an hour, one of them may be an hour longer: a plan in local time
        has such a day when the clocks change.
    grace : timedelta
        So much later is no fault.

    Returns
    -------
    Diagnostic
    """
    if last is None:
        return Diagnostic(check="schedule", subject="runs", status="unknown", unit="minutes",
                          detail="the schedule has begun no run yet")
    silence = max(now - last, timedelta())
    allowed = period + grace + (_HOUR if period > _HOUR else timedelta())
    is_missing = silence > allowed
    return Diagnostic(
        check="schedule", subject="runs", status="failed" if is_missing else "ok",
        value=round(silence.total_seconds() / 60, 3), unit="minutes",
        detail=f"since {last:%Y-%m-%d %H:%M} UTC, at most {allowed.total_seconds() / 60:g}"
        + (": see `riskwatch schedule show`, cron's log, logs/cron.log" if is_missing else ""))
