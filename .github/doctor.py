"""Say what this machine lacks, and print the line that mends it.

In: nothing, or the name of a module. Out: a line a check (ok, missing, optional); exit 1 when
something required is missing. It needs the standard library alone and runs on any Python from
3.8, because it must work exactly where nothing else does.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

OLDEST, NEWEST = (3, 11), (3, 13)
PYTHON_NAMES = ("python3", "python3.13", "python3.12", "python3.11")
BYTES_PER_MODULE = 2 * 10**9  # wanted free for one environment with its downloads
VERSION = "import sys; print(*sys.version_info[:3], sep='.'); print(sys.executable)"


@dataclass(frozen=True)
class Check:
    """What was looked for, whether it is here, and what helps when it is not."""

    name: str
    is_here: bool
    detail: str
    mend: str = ""
    is_required: bool = True

    @property
    def state(self) -> str:
        """One word for the first column."""
        if self.is_here:
            return "ok"
        return "missing" if self.is_required else "optional"


@dataclass(frozen=True)
class Program:
    """A program beside Python: its commands, and its package by package manager."""

    commands: Tuple[str, ...]
    use: str
    apt: str
    brew: str = ""


#: What a Makefile can put in NEEDS.
PROGRAMS: Dict[str, Program] = {
    "cron": Program(("cron", "crond"), "runs the schedule for real", "cron"),
    "bubblewrap": Program(("bwrap",), "runs untrusted code in a sandbox", "bubblewrap"),
    "chromium": Program(("chromium", "chromium-browser", "google-chrome", "chrome"),
                        "looks at the pages in a browser", "chromium", "--cask chromium"),
    "logrotate": Program(("logrotate",), "turns the log of cron", "logrotate", "logrotate"),
    "postgresql": Program(("pg_ctlcluster", "initdb"), "keeps what a server is told",
                          "postgresql", "postgresql@17"),
    "wrk": Program(("wrk",), "puts load on a service, to measure it", "wrk", "wrk"),
}


def install_line(apt: str, brew: str) -> str:
    """Return the line that installs a package on this system."""
    if platform.system() == "Darwin":
        return f"brew install {brew}" if brew else "not available on macOS: its tests skip"
    return (f"sudo apt-get install {apt}" if shutil.which("apt-get")
            else f"install {apt} with your package manager")


def find_program(name: str) -> Optional[str]:
    """Return the path of a program; daemons live in sbin, which PATH often lacks."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def ask(command: Sequence[str]) -> Optional[List[str]]:
    """Return the lines that a command prints, or None when it fails."""
    try:
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, timeout=30,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return lines if done.returncode == 0 and lines else None


def fitting_python() -> Optional[List[str]]:
    """Return version and path of the interpreter that `make setup` will take, if any."""
    asked = os.environ.get("PYTHON")
    for name in (asked,) if asked else PYTHON_NAMES:
        found = ask([name, "-c", VERSION])
        if found and OLDEST <= tuple(int(n) for n in found[0].split(".")[:2]) <= NEWEST:
            return found
    return None


def check_python() -> Check:
    """A fitting Python is here, or uv may download one."""
    found = fitting_python()
    name = "Python 3.11-3.13"
    if found:
        return Check(name, True, f"{found[0]} ({found[1]})")
    if os.environ.get("UV_PYTHON_DOWNLOADS") != "never" and not os.environ.get("PYTHON"):
        return Check(name, True, "none, so `make setup` downloads Python 3.12 (about 35 MB)")
    mend = install_line("python3", "python@3.12") + ", or name one with PYTHON="
    return Check(name, False, "none found, and none may be downloaded", mend)


def check_venv() -> Check:
    """Some python3 can make an environment with pip, which fetches uv; or uv is here."""
    if ask(["uv", "--version"]):
        return Check("venv and pip", True, "not needed: uv is here")
    for name in PYTHON_NAMES:
        if ask([name, "-c", "import venv, ensurepip; print('ok')"]):
            return Check("venv and pip", True, f"{name} has them")
    return Check("venv and pip", False, "no python3 here can make an environment",
                 install_line("python3-venv", "python@3.12"))


def check_make() -> Check:
    """GNU make 3.81 or newer is here."""
    first = (ask(["make", "--version"]) or [""])[0]
    version = re.search(r"GNU Make (\d+)\.(\d+)", first)
    mac = platform.system() == "Darwin"
    mend = "xcode-select --install" if mac else install_line("make", "make")
    is_new = version is not None and tuple(map(int, version.groups())) >= (3, 81)
    return Check("GNU make", is_new, first or "not found, or another make", mend)


def check_git() -> Check:
    """Git is here."""
    version = (ask(["git", "--version"]) or [""])[0]
    return Check("git", bool(version), version or "not found", install_line("git", "git"))


def check_disk(folder: Path, modules: int) -> Check:
    """The disk has room for the environments of so many modules."""
    free, wanted = shutil.disk_usage(str(folder)).free, max(modules, 1) * BYTES_PER_MODULE
    return Check("disk", free >= wanted, f"{free / 1e9:.0f} GB free, {wanted / 1e9:.0f} GB wanted",
                 "free some space, or set up one module: make setup-1")


def check_program(need: str, users: Sequence[str]) -> Check:
    """A program that some tests use; without it they skip and say so."""
    program = PROGRAMS[need]
    path = next(filter(None, map(find_program, program.commands)), None)
    detail = path or f"not found; {program.use} ({', '.join(users) or 'nothing here so far'})"
    return Check(need, bool(path), detail, install_line(program.apt, program.brew), False)


def read_needs(root: Path) -> Dict[str, List[str]]:
    """Return for each module folder, and for the whole, the NEEDS of its Makefile."""
    places = ("module[0-9]_*/Makefile", ".github/course/Makefile", "Makefile")
    files = [path for place in places for path in sorted(root.glob(place))]
    found = {p: re.findall(r"^NEEDS *:?=(.*)$", p.read_text("utf-8"), re.M) for p in files}
    return {"the whole" if path.parent == root else path.parent.name: " ".join(lines).split()
            for path, lines in found.items()}


def examine(root: Path, needs: Dict[str, List[str]], is_all: bool) -> List[Check]:
    """Make every check for the modules in ``needs``; of all programs, or of those they need."""
    users = {need: [module for module, wanted in needs.items() if need in wanted]
             for need in PROGRAMS}
    return [check_python(), check_venv(), check_git(), check_make(),
            check_disk(root, len(needs)),
            *(check_program(need, here) for need, here in users.items() if here or is_all)]


def main(argv: Optional[Sequence[str]] = None, root: Optional[Path] = None) -> int:
    """Print the checks; return 1 when something required is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--module", help="look only at what this module needs")
    parser.add_argument("--apt", action="store_true", help="print only what apt could add")
    args, root = parser.parse_args(argv), root or Path(__file__).resolve().parent.parent
    needs = read_needs(root)
    if args.module is not None:
        if args.module not in needs:
            sys.stderr.write(f"doctor: no module {args.module!r}; here are: {', '.join(needs)}\n")
            return 2
        needs = {args.module: needs[args.module]}
    checks = examine(root, needs, is_all=args.module is None and not args.apt)
    if args.apt:
        absent = {check.name for check in checks if not check.is_here}
        print(" ".join(program.apt for name, program in PROGRAMS.items() if name in absent))
        return 0
    for check in checks:
        mend = "" if check.is_here else f"\n{'':<9} {check.mend}"
        print(f"{check.state:<9} {check.name}: {check.detail}{mend}")
    missing = [check.name for check in checks if not check.is_here and check.is_required]
    print(f"Missing: {', '.join(missing)}" if missing else "Nothing required is missing.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
