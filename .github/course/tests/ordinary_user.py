"""Run a program of this project as a user who owns nothing, as most reviewers do.

In: words. Out: a command line that gives root up first. An interpreter or a working copy that lies
in root's own home is bound to its place in a mount namespace of the program's own.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
NOBODY = 65534


def hidden_top(place: Path) -> Path | None:
    """Return the topmost folder on the way to a place that other users may not pass."""
    return next((folder for folder in reversed([place, *place.parents])
                 if not folder.stat().st_mode & 0o001), None)


def as_nobody(words: list[str], room: Path) -> list[str]:
    """Return the command line; ``room`` is a folder that others may pass."""
    base = Path(os.path.realpath(sys.executable)).parent.parent
    hidden = {place: top for place in (base, COURSE) if (top := hidden_top(place))}
    steps = ["set -e", "mount --make-rprivate /"]
    for number, place in enumerate(hidden):
        stage = shlex.quote(str(room / f"stage{number}"))
        steps += [f"mkdir -p {stage}", f"mount --bind {shlex.quote(str(place))} {stage}"]
    for top in sorted(set(hidden.values())):
        steps.append(f"mount -t tmpfs -o mode=755 none {shlex.quote(str(top))}")
    for number, place in enumerate(hidden):
        quoted = shlex.quote(str(place))
        steps += [f"mkdir -p {quoted}",
                  f"mount --move {shlex.quote(str(room / f'stage{number}'))} {quoted}"]
    steps.append(f"exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups -- "
                 + shlex.join(words))
    return ["unshare", "-m", "sh", "-c", "\n".join(steps)]


def variables(room: Path) -> dict[str, str]:
    """Return the environment of such a program: a home that is not there, files in the room."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent",
            "TMPDIR": str(room), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(room / "hypothesis")}


def why_not(room: Path) -> str | None:
    """Return why no ordinary user can be had here, or cannot have a sandbox."""
    if os.geteuid() != 0:
        return "these tests already run as an ordinary user"
    missing = [name for name in ("unshare", "setpriv", "mount") if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} is not installed (util-linux)"
    code = "from coursekit import sandbox; print(sandbox.missing_capability() or '')"
    done = subprocess.run(as_nobody([sys.executable, "-c", code], room), capture_output=True,
                          text=True, timeout=60, check=False, env=variables(room), cwd="/")
    if done.returncode:
        return f"root cannot be given up here: {done.stderr.strip()[-300:]}"
    return done.stdout.strip() or None
