"""The machine around the watch: room on the disk, a clock that goes forward, a feed that lives.

In: a workplace and times from its ledger. Out: a `Diagnostic` each. The feed's check is a dead
man's switch: silence is what it reports, since a dead feed sends no error.
"""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from riskwatch.records import Diagnostic

#: Clocks of two machines may differ by so much, as after a change of the server.
_TOLERANCE = timedelta(seconds=2)


def disk_check(folder: Path, least_free_megabytes: int) -> Diagnostic:
    """Return whether there is room in the file system of a folder.

    Parameters
    ----------
    folder : Path
        It, or the nearest folder above that exists, is looked at.
    least_free_megabytes : int

    Returns
    -------
    Diagnostic
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free / 1e6
    except OSError as err:
        return Diagnostic(check="disk", subject="free", status="unknown", unit="MB",
                          detail=str(err.strerror))
    return Diagnostic(check="disk", subject="free", unit="MB", value=float(round(free)),
                      status="ok" if free >= least_free_megabytes else "failed",
                      detail=f"at least {least_free_megabytes} MB are needed")


def usage_check(folder: Path, most_used_megabytes: int) -> Diagnostic:
    """Return whether a folder stays within its allowance.

    Parameters
    ----------
    folder : Path
    most_used_megabytes : int

    Returns
    -------
    Diagnostic
        ``value`` counts the blocks that the files take, as ``du`` does; ``detail`` names the
        largest file when there is too much.
    """
    sizes = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            try:
                sizes[path] = os.lstat(path).st_blocks * 512
            except OSError:
                continue  # it went away while we looked
    used = sum(sizes.values()) / 1e6
    is_full = used > most_used_megabytes
    detail = f"at most {most_used_megabytes} MB are allowed"
    if is_full:
        largest = max(sizes, key=lambda path: sizes[path])
        detail += (f"; the largest file is {ascii(os.path.relpath(largest, folder))[1:-1]}, "
                   f"{sizes[largest] / 1e6:.0f} MB")
    return Diagnostic(check="disk", subject="used", unit="MB", value=float(round(used)),
                      status="failed" if is_full else "ok", detail=detail)


def clock_check(now: datetime, newest: datetime | None) -> Diagnostic:
    """Return whether the clock is not behind what was already written.

    Parameters
    ----------
    now : datetime
        With a time zone.
    newest : datetime or None
        The latest time in the ledger; None in an empty one.

    Returns
    -------
    Diagnostic
        ``value`` is by how many seconds the clock is behind, 0 if it is not.
    """
    behind = max((newest - now).total_seconds(), 0.0) if newest is not None else 0.0
    is_bad = behind > _TOLERANCE.total_seconds()
    return Diagnostic(check="clock", subject="forward", status="failed" if is_bad else "ok",
                      value=round(behind, 3), unit="s",
                      detail="the clock went backwards: look at time synchronisation"
                      if is_bad else "")


def feed_check(now: datetime, last_file: datetime | None, silent_days: float) -> Diagnostic:
    """Return whether files still arrive.

    Parameters
    ----------
    now : datetime
        With a time zone.
    last_file : datetime or None
        When the last new file was taken in or refused; None if there was none ever.
    silent_days : float
        Silence beyond this says no.

    Returns
    -------
    Diagnostic
    """
    if last_file is None:
        return Diagnostic(check="feed", subject="inbox", status="unknown", unit="days",
                          detail="no file has come yet")
    days = max((now - last_file).total_seconds(), 0.0) / 86_400
    return Diagnostic(check="feed", subject="inbox", value=round(days, 4), unit="days",
                      status="failed" if days > silent_days else "ok",
                      detail=f"the last new file came {last_file:%Y-%m-%d %H:%M} UTC; at most "
                      f"{silent_days:g} days of silence")
