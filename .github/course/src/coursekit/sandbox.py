"""The sandbox: bubblewrap's arguments, the limits, and what this machine can do.

In: which folders may be seen. Out: a command line that starts a program with no network, a
read-only submission, a cleared environment, a user of its own and limits.
"""

import os
import platform
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
#: Where things lie inside.
SUBMISSION, ROOM, GRADER = "/submission", "/room", "/grader"
STRONG, WEAK = "bubblewrap", "weak"
SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
#: Files that a C library and Python look at; nothing of the user's.
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
                "/etc/alternatives", "/etc/fonts", "/etc/ssl/certs", "/etc/ca-certificates")
MIB = 1024 ** 2


@dataclass(frozen=True)
class Limits:
    """What one job may use; wall and CPU time come with each job.

    Memory is limited for each process by the kernel, and for all together by being looked at.
    """

    memory_bytes: int = 4096 * MIB
    total_bytes: int = 6144 * MIB
    file_bytes: int = 200 * MIB
    room_bytes: int = 512 * MIB
    open_files: int = 512
    processes: int = 128

    def as_dict(self) -> dict[str, int]:
        """Return the limits by name."""
        return asdict(self)


@dataclass(frozen=True)
class View:
    """What may be seen inside: folders at their own places, and the submission."""

    submission: Path
    folders: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    has_network: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


class SandboxError(RuntimeError):
    """The sandbox cannot be had here; the text says what to do."""


def choose_isolation(asked: str) -> str:
    """Return the isolation to use, or raise when the strong one is not here.

    Parameters
    ----------
    asked : str
        "bubblewrap" or "weak".

    Raises
    ------
    SandboxError
        When bubblewrap is missing or does not work, and the weak one was not asked for.
    """
    if asked == WEAK:
        return WEAK
    problem = missing_capability()
    if problem:
        raise SandboxError(f"{problem}. Grading runs foreign code, so it needs this sandbox; only "
                           "on a machine that may be lost, use --isolation weak")
    return STRONG


def missing_capability() -> str | None:
    """Return why bubblewrap does not work here, or None."""
    if platform.system() != "Linux":
        return f"bubblewrap works on Linux only, this is {platform.system()} (use WSL 2 or a VM)"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)"
    words = bubblewrap_words(View(Path("/usr")), Limits())
    done = subprocess.run([*words, "/usr/bin/env", "true"], capture_output=True, text=True,
                          timeout=30, check=False)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        hint = ""
        if "uid map" in told or "permitted" in told.lower():
            hint = "; try: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        return f"bubblewrap does not work here: {told[:200]}{hint}"
    return None


def clean_variables(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a program inside; nothing of ours is in it."""
    return {"PATH": "/usr/bin:/bin", "HOME": "/tmp/home", "TMPDIR": "/tmp", "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "MPLBACKEND": "Agg", "MPLCONFIGDIR": "/tmp/mpl",
            "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0",
            "LOKY_MAX_CPU_COUNT": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1",
            "NO_COLOR": "1", "DO_NOT_TRACK": "1", "QT_QPA_PLATFORM": "offscreen",
            "USER": "grading", "LOGNAME": "grading",
            **extra}


def bubblewrap_words(view: View, limits: Limits) -> list[str]:
    """Return the command line up to the program to be run."""
    words = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try",
             "--die-with-parent", "--new-session", "--clearenv", "--hostname", "grading"]
    if os.geteuid() == 0:
        # Root needs no user namespace: the server gives root up for a number nobody else has.
        words += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        words += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
    if not view.has_network:
        words.append("--unshare-net")
    for name, value in clean_variables(view.variables).items():
        words += ["--setenv", name, value]
    for place in SYSTEM_FOLDERS:
        if os.path.islink(place):
            words += ["--symlink", os.readlink(place), place]
        else:
            words += ["--ro-bind-try", place, place]
    for name in SYSTEM_FILES + (("/etc/resolv.conf", "/etc/hosts") if view.has_network else ()):
        words += ["--ro-bind-try", name, name]
    words += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(64 * MIB),
              "--tmpfs", "/dev/shm", "--perms", "1777", "--size", str(limits.room_bytes),
              "--tmpfs", "/tmp", "--perms", "1777", "--size", str(limits.room_bytes),
              "--tmpfs", ROOM]
    # Bubblewrap makes missing parents for root only; another user has to pass through them.
    targets = [Path(GRADER) / "coursekit" / "inside", *view.folders, *view.writable]
    for parent in dict.fromkeys(up for target in targets for up in reversed(target.parents)):
        words += ["--perms", "0755", "--dir", str(parent)] if parent != Path("/") else []
    words += ["--ro-bind", str(INSIDE), f"{GRADER}/coursekit/inside",
              "--ro-bind", str(view.submission), SUBMISSION]
    for folder in view.folders:
        words += ["--ro-bind", str(folder), str(folder)]
    for folder in view.writable:
        words += ["--bind", str(folder), str(folder)]
    return [*words, "--remount-ro", "/", "--chdir", ROOM]


def python_folders(python: Path) -> tuple[Path, ...]:
    """Return the folders that an interpreter needs: its environment and what that is made of."""
    environment = python.parent.parent
    base = Path(os.path.realpath(python)).parent.parent
    folders = [environment, *([base] if base != environment else [])]
    return tuple(folder for folder in folders if not str(folder).startswith("/usr"))


def own_user() -> int:
    """Return a user id that no account and no other grading has; 0 when we are not root."""
    return random.SystemRandom().randrange(200_000, 2_000_000) if os.geteuid() == 0 else 0


def run_inside(view: View, limits: Limits, words: Sequence[str], seconds: float
               ) -> subprocess.CompletedProcess[str]:
    """Run a program of ours inside, to its end (pylint, autopep8, uv)."""
    return subprocess.run(
        [*bubblewrap_words(view, limits), *words], capture_output=True, text=True,
        errors="replace", timeout=seconds, check=False, stdin=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")}, cwd="/" if os.name == "posix"
        else sys.prefix)
