"""Play many days in a minute: drops arrive, the clock moves on, and the very same cycle runs.

In: a folder for results, settings, generated drops or the user's own files. Out: a workplace of
its own with everything that those days left, and how each ended. Nothing is made easier for the
simulation: the stages are those of ``riskwatch cycle``, with two exceptions. The report is made
on the last day only, and nobody outside is told of an alert.
"""

import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from riskwatch.audit import audit
from riskwatch.cycle import Context, Stage, run_cycle
from riskwatch.errors import RiskwatchError
from riskwatch.files import faults_named, make_folder
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.ledger_audit import AuditResult
from riskwatch.runs import Errand, run_recorded
from riskwatch.settings import Settings
from riskwatch.simulate_files import emptied, own_files
from riskwatch.stages import STAGES
from riskwatch.synthetic import FIRST_DAY, Manifest, write_drops
from riskwatch.tell_settings import AlertSettings
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)
FOLDER, DROPS = "simulation", "drops"
#: When the cycle of a day starts.
CYCLE_TIME = time(6, tzinfo=UTC)
_CHECK_SAID_NO = 1


class SimulatedClock:
    """A clock that stands on a day, and goes a second further each time that somebody looks."""

    def __init__(self) -> None:
        self._now = datetime.combine(FIRST_DAY, CYCLE_TIME)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def go_to(self, day: int) -> None:
        """Move on to the morning of a day, from 0."""
        self._now = datetime.combine(FIRST_DAY + timedelta(days=day), CYCLE_TIME)


@dataclass(frozen=True)
class DayEnd:
    """How the cycle of a day ended: whether a diagnostic said no, or what went wrong."""

    day: int
    check_said_no: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Played:
    """What a play left: its workplace, the truth (None for own files), the days, the audit."""

    place: Workplace
    manifest: Manifest | None
    days: tuple[DayEnd, ...]
    audit: AuditResult

    @property
    def faults(self) -> tuple[DayEnd, ...]:
        """The days whose cycle failed."""
        return tuple(day for day in self.days if day.fault)

    @property
    def is_sound(self) -> bool:
        """Whether every cycle came to its end and the audit found nothing."""
        return not self.faults and self.audit.is_sound


def simulate(place: Workplace, days: int | None = None, folders: Sequence[Path] = (), *,
             on_day: Callable[[int, int], None] = lambda day, count: None) -> Played:
    """Play days in the folder ``simulation`` of a workplace; the caller holds its lock.

    Parameters
    ----------
    place : Workplace
        Its own ledger and clock are left alone.
    days : int, optional
        How many; the setting ``synthetic.drops`` without, and at most one a file with folders.
    folders : sequence of Path, optional
        The user's own; a file a day in the order of the names, instead of generated drops.
    on_day : callable, optional
        Is told the number of a day, from 0, and of all, before the day is played.

    Returns
    -------
    Played

    Raises
    ------
    InputError
        There is nothing to play, or the folder is not one that a simulation made.
    OutputError, LedgerError
        The simulation cannot be kept.
    """
    files = own_files(folders)[:days] if folders else ()
    count = len(files) or days or place.settings.synthetic.drops
    settings = _settings(place.settings, count)
    clock = SimulatedClock()
    stage = Workplace(place.out / FOLDER, settings, clock)
    with emptied(stage.out):
        manifest = None if files else write_drops(stage.out / DROPS, settings.synthetic,
                                                  settings.seed)
        with closing(open_ledger(stage)) as ledger:
            ends = []
            for day in range(count):
                on_day(day, count)
                clock.go_to(day)
                folder = stage.out / DROPS / f"day_{day:03d}"
                make_folder(folder)
                if files:
                    with faults_named(folder):
                        shutil.copyfile(files[day], folder / files[day].name)
                ends.append(_play_day(stage, ledger, day, day == count - 1))
            return Played(stage, manifest, tuple(ends), audit(stage, ledger))


def stages_of(is_last: bool, stages: Sequence[Stage] = STAGES) -> tuple[Stage, ...]:
    """Return the stages of a day: all but the report, which only the last day makes."""
    return tuple(stage for stage in stages if is_last or stage.name != "report")


def _settings(settings: Settings, days: int) -> Settings:
    return settings.model_copy(update={
        "synthetic": settings.synthetic.model_copy(update={"drops": days}),
        "alerts": AlertSettings()})  # nobody is woken by a simulated fault


def _play_day(place: Workplace, ledger: Ledger, day: int, is_last: bool) -> DayEnd:
    folder = place.out / DROPS / f"day_{day:03d}"

    def work(run_id: int) -> int:
        return run_cycle(Context(place, ledger, run_id, (folder,)), stages_of(is_last))

    try:
        code = run_recorded(place, ledger, Errand("cycle", "simulation"), work)
    except RiskwatchError as err:  # the next day is played all the same, as cron would do
        LOGGER.error("day %d: %s", day, err)
        return DayEnd(day, fault=str(err))
    return DayEnd(day, check_said_no=code == _CHECK_SAID_NO)
