"""A room of its own for a true cron daemon: nothing of this machine's schedule is seen or touched.

In: a shell script. Out: a daemon in a mount namespace where the spool, /etc/crontab, /etc/cron.d,
/run and the mail program are private; it ends with the process that is stopped here.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Debian's cron takes its folders at build time, so they are covered instead of chosen.
_SET_UP = """
mount -t tmpfs none /var/spool/cron
mkdir -m 1730 /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs 2>/dev/null || true
mount -t tmpfs none /run
mount --bind /dev/null /etc/crontab
mount -t tmpfs none /etc/cron.d
mount --bind "$ROOM/sbin" /usr/sbin
"""
_MAIL = """#!/bin/sh
exec /bin/cat >> "{room}/mail"
"""


def why_not() -> str | None:
    """Return why no daemon can run here, None if it can."""
    if os.environ.get("CI") != "true" and os.environ.get("RISKWATCH_REAL_CRON") != "1":
        return "a true cron daemon runs with CI=true or RISKWATCH_REAL_CRON=1 only"
    if os.geteuid() != 0:
        return "a true cron daemon needs root"
    if shutil.which("cron", path="/usr/sbin:/usr/bin") is None or shutil.which("crontab") is None:
        return "cron is not installed: `make doctor` at the root says how"
    try:
        found = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/run"],
                               capture_output=True, text=True, check=False)
    except OSError as err:
        return f"no mount namespace: {err}"
    return f"no mount namespace: {found.stderr.strip()}" if found.returncode else None


@contextmanager
def cron_running(room: Path, script: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a script and then cron in a room; mails are appended to ``room/mail``.

    `inside` runs further commands there.
    """
    (room / "sbin").mkdir(parents=True)
    daemon = shutil.which("cron", path="/usr/sbin:/usr/bin")
    assert daemon is not None
    shutil.copy2(daemon, room / "sbin" / "cron")
    mail = room / "sbin" / "sendmail"
    mail.write_text(_MAIL.format(room=room), encoding="utf-8")
    mail.chmod(0o755)
    words = ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-e", "-c",
             f"{_SET_UP}\n{script}\nexec /usr/sbin/cron -f -L 15"]
    with open(room / "room.log", "wb") as log:
        # pylint: disable-next=consider-using-with  # stopped below
        process = subprocess.Popen(words, env={**os.environ, "ROOM": str(room)}, stdout=log,
                                   stderr=log, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def inside(process: "subprocess.Popen[bytes]", *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in the room of a daemon."""
    return subprocess.run(["nsenter", "--target", str(process.pid), "--mount", *words],
                          capture_output=True, text=True, check=False)
