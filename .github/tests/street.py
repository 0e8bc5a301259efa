"""Facts about the repository that its own tests share: where it is, and what stands in it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.parent for path in ROOT.glob("module[0-9]_*/Makefile"))
COURSE = ROOT / ".github" / "course"
MODULE_NAMES = [module.name for module in MODULES]
PYTHONS = ("3.11", "3.12", "3.13")
VERBS = ("setup", "lint", "format", "test", "run", "bench", "soak", "lock", "clean")
#: Variables that an outer make, an activated environment or a shell hands down.
HANDED_DOWN = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "PYTHONPATH", "VIRTUAL_ENV",
               "PYTEST_ARGS", "RUN_ARGS", "SOAK", "RCFILE", "CODE", "TEST_JOBS")


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without what an outer make put there."""
    kept = {key: value for key, value in os.environ.items() if key not in HANDED_DOWN}
    return {**kept, **changes}


def run(command: list[str], cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it printed."""
    return subprocess.run(command, cwd=cwd, env=environment(**changes), check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=500)


def tracked_files() -> list[Path]:
    """Return every file that is, or is about to be, in the repository; relative to its root."""
    listed = run(["git", "ls-files", "-coz", "--exclude-standard"], ROOT)
    if listed.returncode == 0:
        names = {Path(name) for name in listed.stdout.split("\0") if name}
        return sorted(name for name in names if (ROOT / name).is_file())
    made = {"build", ".venv", ".tools", "__pycache__", ".git"}
    return sorted(path.relative_to(ROOT) for path in ROOT.rglob("*")
                  if path.is_file() and not made & set(path.relative_to(ROOT).parts))


def copy_tracked(target: Path, under: str = "") -> Path:
    """Copy the repository's files, or those of one folder, to ``target``."""
    for name in tracked_files():
        if under and under != name.parts[0]:
            continue
        place = target / (name.relative_to(under) if under else name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place)
    return target


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def folder_name(folder: Path) -> str:
    """Return the name under which pytest shows a folder."""
    return folder.name


def variable(makefile: Path, name: str) -> str:
    """Return the value that a Makefile's header gives to a variable."""
    found = re.search(rf"^{name} *[:?]?=[ \t]*(.*)$", makefile.read_text(encoding="utf-8"), re.M)
    assert found, f"{makefile} does not set {name}"
    return found.group(1).strip()


def package_of(module: Path) -> str:
    """Return the import name of a module's package."""
    return variable(module / "Makefile", "PACKAGE")


def block(makefile: Path, name: str) -> str:
    """Return the text between the begin and end lines of a shared block."""
    text = makefile.read_text(encoding="utf-8")
    begin = text.index(f"# ---- begin: {name} ")
    return text[begin:text.index(f"# ---- end: {name} ----")]


def executable(path: Path, text: str) -> Path:
    """Write a script that stands in for a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def only(folder: Path, *names: str) -> str:
    """Return a PATH that holds these programs of this machine and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        found = sys.executable if name == "python3" else shutil.which(name)
        assert found, f"{name} is not on this machine"
        (folder / name).symlink_to(found)
    return str(folder)
