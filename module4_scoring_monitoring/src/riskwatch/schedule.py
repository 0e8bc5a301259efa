"""Let cron run cycles: put one line into a crontab, show it, take it out again.

In: a workplace and what its cycles need. Out: a crontab with one block for this workplace. Every
path in it is absolute and every word quoted, for cron starts in another folder with hardly any
environment. The lock is the cycle's own: a run that finds another one leaves with 75.
"""

import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from riskwatch.errors import InputError
from riskwatch.files import make_folder, shown
from riskwatch.schedule_block import Job, block, joined, shell_line, split
from riskwatch.schedule_plan import Plan, forget_plan, note_plan
from riskwatch.schedule_tab import read_tab, write_tab
from riskwatch.workplace import Workplace

URL_VARIABLE = "RISKWATCH_LEDGER_URL"
#: What cron gives a command, and nothing else.
CRON_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LC_ALL": "C"}


@dataclass(frozen=True)
class Wanted:
    """What the cycles of a schedule are given.

    Attributes
    ----------
    plan : Plan
    data : tuple of Path
        Folders of files; empty for the inbox.
    config : Path or None
    seed : int or None
    environment_file : Path or None
        Holds the address of a ledger on a server: never the crontab, which others may read.
    mail_to : str
        Who gets a mail when a cycle did not end well; empty for nobody.
    time_zone : str
        Of ``plan``.
    """

    plan: Plan
    data: tuple[Path, ...] = ()
    config: Path | None = None
    seed: int | None = None
    environment_file: Path | None = None
    mail_to: str = ""
    time_zone: str = "UTC"


def lines(place: Workplace, wanted: Wanted) -> bytes:
    """Return our block of a crontab.

    Parameters
    ----------
    place : Workplace
    wanted : Wanted

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        Something cannot stand in a crontab, or must not.
    """
    if wanted.time_zone not in available_timezones():
        raise InputError(f"{wanted.time_zone!r} is no time zone; write it as Europe/Berlin")
    _check_secret(place, wanted.environment_file)
    out = _absolute(place.out)
    words = [sys.executable, "-P", "-m", "riskwatch.cli", "cycle", "--trigger", "cron",
             "--out", str(out)]
    if wanted.config is not None:
        words += ["--config", str(_absolute(wanted.config))]
    if wanted.seed is not None:
        words += ["--seed", str(wanted.seed)]
    if wanted.data:
        words += ["--data", *(str(_absolute(folder)) for folder in wanted.data)]
    file = wanted.environment_file
    job = Job(words, out / "logs" / "cron.log", None if file is None else _absolute(file))
    return block(out, wanted.plan, shell_line(job), mail_to=wanted.mail_to,
                 time_zone=wanted.time_zone)


def install(place: Workplace, wanted: Wanted, tabfile: Path | None = None) -> bool:
    """Put our block into a crontab, in the place of an older one of this workplace.

    Parameters
    ----------
    place : Workplace
    wanted : Wanted
    tabfile : Path, optional
        A file in the place of the user's crontab.

    Returns
    -------
    bool
        Whether something changed.

    Raises
    ------
    InputError, OutputError
        It cannot be put there; the crontab is as it was.
    """
    ours = lines(place, wanted)
    _check_that_it_starts()
    before = read_tab(tabfile)
    after = joined(split(before, _absolute(place.out))[0], ours)
    make_folder(place.logs)  # the shell opens the log before the program could make its folder
    if after != before:
        write_tab(tabfile, after)
    note_plan(place, wanted.plan)
    return after != before


def installed(place: Workplace, tabfile: Path | None = None) -> bytes:
    """Return our block as it stands in a crontab; empty where there is none."""
    return split(read_tab(tabfile), _absolute(place.out))[1]


def remove(place: Workplace, tabfile: Path | None = None) -> bool:
    """Take our block of this workplace out of a crontab; return whether there was one.

    Parameters
    ----------
    place : Workplace
    tabfile : Path, optional

    Returns
    -------
    bool

    Raises
    ------
    InputError, OutputError
        It cannot be taken out; the crontab is as it was.
    """
    others, ours = split(read_tab(tabfile), _absolute(place.out))
    if ours:
        write_tab(tabfile, others)
    forget_plan(place)
    return bool(ours)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _check_secret(place: Workplace, file: Path | None) -> None:
    """Refuse a schedule whose cycles would write another ledger, or one that tells a secret."""
    if file is None:
        if place.ledger_url is not None:
            raise InputError(f"the ledger is on a server, by {URL_VARIABLE}, which cron does not "
                             "know and a crontab must not hold: write it into a file that only "
                             "you can read, and give that with --environment-file")
        return
    try:
        found, text = file.stat(), file.read_text(encoding="utf-8")
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        raise InputError(f"{shown(file)}: cannot be read: {reason}") from err
    if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
        raise InputError(f"{shown(file)}: others may read it: chmod 600")
    if place.ledger_url is not None and f"{URL_VARIABLE}=" not in text:
        raise InputError(f"{shown(file)}: does not name {URL_VARIABLE}, which is set here")


def _check_that_it_starts() -> None:
    """Refuse a line that could not start: nobody looks at cron's first failure."""
    try:
        found = subprocess.run(
            [sys.executable, "-P", "-m", "riskwatch.cli", "--version"], check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, cwd="/",
            env=CRON_ENVIRONMENT)
    except (OSError, subprocess.TimeoutExpired) as err:
        raise InputError(f"{sys.executable} does not start: {err}") from err
    if found.returncode != 0:
        raise InputError(f"{sys.executable} does not find riskwatch in the environment of cron: "
                         "install the package there")
