"""When cycles run: every so many minutes, or once a day; and where that is noted.

In: the user's words. Out: a `Plan`, its crontab expression, and the note in the workplace by
which a missed run is noticed later. Only plans whose runs are evenly apart can be asked for:
``*/7`` would run at minute 56 and again at minute 0.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from riskwatch.errors import InputError
from riskwatch.files import faults_named, shown, write_json
from riskwatch.workplace import Workplace

_HOUR, _DAY = 60, 1440
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True)
class Plan:
    """When cycles run: ``minute`` and ``hour`` of a crontab, and minutes from run to run."""

    minute: str
    hour: str
    period_minutes: int

    @property
    def expression(self) -> str:
        """The five fields of a crontab."""
        return f"{self.minute} {self.hour} * * *"

    def in_words(self) -> str:
        """Say it."""
        if self.period_minutes == _DAY:
            return f"every day at {int(self.hour):02d}:{int(self.minute):02d}"
        several = f"every {self.period_minutes} minutes"
        return "every minute" if self.period_minutes == 1 else several


@dataclass(frozen=True)
class Expected:
    """What is noted of an installed schedule: its period, and since when it holds."""

    period_minutes: int
    since: datetime


def plan_every(minutes: int) -> Plan:
    """Return the plan of a run every so many minutes.

    Parameters
    ----------
    minutes : int
        A divisor of 60, or whole hours that divide a day.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        Such runs would not be evenly apart.
    """
    if 1 <= minutes < _HOUR and _HOUR % minutes == 0:
        return Plan("*" if minutes == 1 else f"*/{minutes}", "*", minutes)
    if _HOUR <= minutes < _DAY and minutes % _HOUR == 0 and _DAY % minutes == 0:
        return Plan("0", "*" if minutes == _HOUR else f"*/{minutes // _HOUR}", minutes)
    if minutes == _DAY:
        return Plan("0", "0", minutes)
    raise InputError(f"every {minutes} minutes: such runs are not evenly apart in a crontab; give "
                     "a divisor of 60 (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30), or 60, 120, 180, "
                     "240, 360, 480, 720 or 1440")


def plan_daily(time: str) -> Plan:
    """Return the plan of one run a day.

    Parameters
    ----------
    time : str
        As ``02:30``.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        It is no time of day.
    """
    found = _TIME.fullmatch(time)
    if found is None:
        raise InputError(f"{time!r} is no time of day: write it as 02:30")
    return Plan(str(int(found[2])), str(int(found[1])), _DAY)


def note_plan(place: Workplace, plan: Plan) -> None:
    """Note in the workplace that a schedule is installed; the same plan keeps its beginning."""
    known = expected(place)
    if known is None or known.period_minutes != plan.period_minutes:
        write_json(_note(place), {"period_minutes": plan.period_minutes,
                                  "since_utc": place.clock().astimezone(UTC).isoformat()})


def forget_plan(place: Workplace) -> None:
    """Note that no schedule is installed any more."""
    with faults_named(_note(place)), suppress(FileNotFoundError):
        _note(place).unlink()


def expected(place: Workplace) -> Expected | None:
    """Return what is noted of an installed schedule.

    Parameters
    ----------
    place : Workplace

    Returns
    -------
    Expected or None
        None where no schedule is noted.

    Raises
    ------
    InputError
        The note is damaged.
    """
    try:
        found = json.loads(_note(place).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(found["since_utc"])
        if since.tzinfo is None:
            raise ValueError("a time without its zone")
        return Expected(int(found["period_minutes"]), since)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as err:
        raise InputError(f"{shown(_note(place))}: cannot be read ({err}); run "
                         "`riskwatch schedule install` again") from err


def _note(place: Workplace) -> Path:
    return place.out / "schedule.json"
