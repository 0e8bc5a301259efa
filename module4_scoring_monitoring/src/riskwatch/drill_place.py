"""The workplace of a drill: a short history that really happened, and a model that serves.

In: a folder and the time. Out: a workplace whose ledger tells of eight cycles, and the drop that
is due next. It has settings, a list of requirements and a supplier of its own, so that whoever
drills finds what a server has.
"""

import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from riskwatch.cycle import Context, run_cycle
from riskwatch.dataset import drop_rows
from riskwatch.files import write_bytes, write_text
from riskwatch.ledger import Ledger, Query, open_ledger
from riskwatch.population import draw, name_pool
from riskwatch.records import File
from riskwatch.runs import Errand, run_recorded
from riskwatch.schema import CORPORATION, FEATURES, HEADER, TARGET
from riskwatch.settings import load_settings
from riskwatch.stages import STAGES
from riskwatch.workplace import Workplace

SETTINGS, SUPPLIER, BACKUP = "riskwatch.toml", "supplier", "backups/ledger.sqlite"
LISTED = ("duckdb", "flask", "numpy", "pandas", "scikit-learn", "skops")
_DROPS, _FIRST, _ROWS = 13, 6, (350, 450)
#: Reports and messages are for people; nobody reads those of a history that is played.
PLAYED = tuple(stage for stage in STAGES if stage.name in {
    "ingest", "score", "drift", "decide", "train", "gate", "deploy", "diagnose"})
_SETTINGS_TEXT = """\
# Quick settings of a drill; see config/riskwatch.toml for all of them.
seed = 7

[training]
candidates = ["hist_gradient_boosting"]
folds = 2

[scoring]
bootstrap_resamples = 100

[drift]
permutations = 0

[gate]
resamples = 200

[decision]
most_retrainings = 0

[diagnosis]
# What the landlord of this server allows.
most_used_megabytes = 40
"""


@dataclass(frozen=True)
class Scene:
    """A workplace with its history, the drop that is due, and the one before it."""

    place: Workplace
    due: list[str]
    before: list[str]

    def at(self, place: Workplace) -> "Scene":
        """Return the scene with another clock."""
        return Scene(place, self.due, self.before)

    @property
    def at_supplier(self) -> Path:
        """The due drop on the supplier's server, for which a folder stands."""
        return self.place.out / SUPPLIER / _name(_DROPS + 1)

    @property
    def arrives(self) -> Path:
        """Where the due drop arrives."""
        return self.place.inbox / _name(_DROPS + 1)


class _PlayedClock:  # pylint: disable=too-few-public-methods  # it is called
    """A clock that is set from day to day, and goes on a little with each look."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=20)
        return self.now


def drill_place(folder: Path) -> Workplace:
    """Return the workplace of a drill that was prepared, with its own settings."""
    return Workplace(folder, load_settings(folder / SETTINGS))


def prepare(folder: Path, now: datetime, silent_days: float) -> Scene:
    """Play a history into a folder, a cycle a day.

    Parameters
    ----------
    folder : Path
        Empty, or not there yet.
    now : datetime
        The history ends before it.
    silent_days : float
        By so many days.

    Returns
    -------
    Scene
    """
    write_text(folder / SETTINGS, _SETTINGS_TEXT)
    write_text(folder / "requirements.txt", "".join(
        f"{name} =={metadata.version(name)}\n" for name in LISTED))
    settings = load_settings(folder / SETTINGS)
    clock = _PlayedClock(now)
    place = Workplace(folder, settings, clock)
    drops = [_drawn(number, settings.seed) for number in range(1, _DROPS + 2)]
    with closing(open_ledger(place)) as ledger:
        for number in range(1, _DROPS + 1):
            write_bytes(place.inbox / _name(number), content(drops[number - 1]))
            if number >= _FIRST:  # the first ones are there on the first day
                clock.now = now - timedelta(days=silent_days + _DROPS - number)
                _one_cycle(place, ledger)
    return Scene(place, drops[_DROPS], drops[_DROPS - 1])


def rows_digest(lines: Iterable[str]) -> str:
    """Return the sha256 of the lines of a drop without its header, in whatever order."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def taken_in(place: Workplace, ledger: Ledger, *, after: int) -> tuple[tuple[str, str], ...]:
    """Return names and `rows_digest` of the files that were taken in after an entry."""
    return tuple((entry.record.name, rows_digest(_lines(drop_rows(place, ledger, entry.record))))
                 for entry in ledger.entries(File, Query(filters={"status": "accepted"}))
                 if entry.id > after)


def content(lines: Iterable[str], header: str = HEADER) -> bytes:
    """Return the bytes of a drop."""
    return "\n".join([header, *lines, ""]).encode("ascii")


def _name(number: int) -> str:
    return f"activity_2026-01-{number:02}.csv"


def _drawn(number: int, seed: int) -> list[str]:
    """Return the lines of a drop of the stable era; each has a generator of its own."""
    rng = np.random.default_rng([seed, number])
    drawn = draw(int(rng.integers(*_ROWS)), "stable", rng,
                 name_pool(np.random.default_rng([seed, 0])))
    return [",".join(map(str, fields)) for fields in zip(
        drawn.corporation, drawn.last_month, drawn.last_year, drawn.employees, drawn.exited)]


def _lines(rows: pd.DataFrame) -> list[str]:
    columns = [rows[CORPORATION], *([("" if pd.isna(value) else str(int(value)))
                                     for value in rows[name]] for name in (*FEATURES, TARGET))]
    return [",".join(fields) for fields in zip(*columns)]


def _one_cycle(place: Workplace, ledger: Ledger) -> None:
    def work(run_id: int) -> int:
        return run_cycle(Context(place, ledger, run_id), PLAYED)

    run_recorded(place, ledger, Errand("cycle", "simulation"), work)
