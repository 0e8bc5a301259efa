"""The lines of a crontab that are ours: made, found, put in, taken out.

In: a plan, a command and the bytes of a crontab. Out: the bytes with our block in them, and every
other line as it was. python-crontab makes and checks the line; it does not write the rest,
because it rewrites lines of others (``0 0 * * *`` becomes ``@daily``).
"""

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from riskwatch.errors import InputError
from riskwatch.schedule_plan import Plan

#: Longer commands are refused by Debian's cron.
_MOST_BYTES = 990
_ADDRESSES = re.compile(r"[\w.+-]+(@[\w.-]+)?(,[\w.+-]+(@[\w.-]+)?)*", re.ASCII)


@dataclass(frozen=True)
class Job:
    """What cron runs: a command, where its words go, and what it has to know beforehand.

    Attributes
    ----------
    words : sequence of str
        The command with its arguments, paths absolute.
    log : Path
        Both streams are appended to it.
    environment_file : Path or None
        Of lines ``NAME=value`` for the shell; it may hold a password.
    """

    words: Sequence[str]
    log: Path
    environment_file: Path | None = None


def shell_line(job: Job) -> str:
    """Return the job as one line for a shell.

    Parameters
    ----------
    job : Job

    Returns
    -------
    str
        Silent when the command ends with 0 or 75, so that cron sends a mail only when
        something is wrong; 75 means that the run before is still at work.

    Raises
    ------
    InputError
        A word holds a line break or a backslash.
    """
    for word in (*job.words, str(job.log), str(job.environment_file)):
        if any(char in word for char in "\n\r\0\\"):
            raise InputError(f"{word!r}: crons cannot hold a name with a line break, and read one "
                             "with a backslash in different ways; use a link with another name")
    load = "" if job.environment_file is None else (
        f"set -a; . {shlex.quote(str(job.environment_file))}; set +a; ")
    return (f"{load}{shlex.join(job.words)} >>{shlex.quote(str(job.log))} 2>&1 || "
            "{ code=$?; [ $code = 75 ] || echo \"riskwatch cycle: exit code $code\"; "
            "exit $code; }")


def block(out: Path, plan: Plan, line: str, *, mail_to: str, time_zone: str) -> bytes:
    """Return our lines of a crontab.

    Parameters
    ----------
    out : Path
        The folder of results, absolute: the name of the block.
    plan : Plan
    line : str
        By `shell_line`.
    mail_to : str
        Addresses with commas between; empty for no mail.
    time_zone : str
        Of the plan, for crons that know ``CRON_TZ``.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        An address is none, or the line is longer than cron takes.
    """
    from crontab import CronItem, CronSlices  # pylint: disable=import-outside-toplevel

    if mail_to and not _ADDRESSES.fullmatch(mail_to):
        raise InputError(f"{mail_to!r}: is no address for cron's mail; write name@host")
    if not CronSlices.is_valid(plan.expression):
        raise InputError(f"{plan.expression}: is no plan that cron knows")
    item = CronItem(line)
    item.setall(plan.expression)
    command = os.fsencode(str(item).removeprefix(item.slices.render()).lstrip())
    if len(command) > _MOST_BYTES:
        raise InputError(f"the command has {len(command)} bytes, and cron takes {_MOST_BYTES}; "
                         "use shorter paths, or a link to a folder")
    begin, end = _marks(out)
    return b"\n".join((
        begin, b"# Lines below this block would inherit its first three: put yours above.",
        b"SHELL=/bin/sh", f'MAILTO="{mail_to}"'.encode(), f"CRON_TZ={time_zone}".encode(),
        plan.expression.encode() + b" " + command, end, b""))


def split(tab: bytes, out: Path) -> tuple[bytes, bytes]:
    """Return the lines of others, and our block of this folder; empty where there is none.

    Parameters
    ----------
    tab : bytes
        A whole crontab.
    out : Path
        The folder of results, absolute.

    Returns
    -------
    tuple of bytes

    Raises
    ------
    InputError
        A mark stands there without the other one.
    """
    begin, end = _marks(out)
    others: list[bytes] = []
    ours: list[bytes] = []
    inside = False
    for line in tab.splitlines(keepends=True):
        mark = line.rstrip(b"\r\n")
        if mark == (begin if inside else end):
            raise InputError(f"{out}: the crontab holds one mark of its block without the other; "
                             "mend it with `crontab -e`")
        inside = inside or mark == begin
        (ours if inside else others).append(line)
        inside = inside and mark != end
    if inside:
        raise InputError(f"{out}: the block in the crontab has no end; mend it with `crontab -e`")
    return b"".join(others), b"".join(ours)


def joined(others: bytes, ours: bytes) -> bytes:
    """Return a crontab with our block last, where it changes nothing for lines of others."""
    if ours and others and not others.endswith(b"\n"):
        others += b"\n"  # cron wants it, too
    return others + ours


def _marks(out: Path) -> tuple[bytes, bytes]:
    name = os.fsencode(shlex.quote(str(out)))
    return (b"# >>> riskwatch schedule of " + name, b"# <<< riskwatch schedule of " + name)
