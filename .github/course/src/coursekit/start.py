"""``coursekit start``: write the starter of a module's capstone into a folder of one's own.

In: the module's number and a folder that is empty or not there yet. Out: the brief, stubs, one
worked test, generated data, and a git repository.
"""

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursekit.rubric import Rubric

ROOT = Path(__file__).resolve().parents[4]
IGNORED = ("__pycache__", "*.pyc", ".pytest_cache")


class StartError(ValueError):
    """The starter cannot be written there; one line says why."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("module", type=int, choices=(1, 2, 3, 4), help="number of the module")
    parser.add_argument("folder", type=Path, metavar="DIR",
                        help="where to write it: outside of this repository, empty or new")
    parser.add_argument("--rubric", type=Path, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Write the starter and return the exit code."""
    # pylint: disable=import-outside-toplevel  # --help must answer at once
    from coursekit.expect import GraderFault
    from coursekit.grade import find_rubric
    from coursekit.rubric import load_rubric
    try:
        rubric = load_rubric(arguments.rubric or find_rubric(arguments.module))
        folder = write_starter(rubric, arguments.folder)
    except (GraderFault, ValueError, OSError) as fault:
        print(f"coursekit start: {fault}", file=sys.stderr)
        return 2
    print(f"Your project is in {folder}. Begin with BRIEF.md.\n"
          "To see where you stand, here in this repository: make grade "
          + shlex.join([f"M={arguments.module}", f"SUB={folder}"]))
    return 0


def check_folder(folder: Path) -> Path:
    """Return the folder's full path when a starter may be written there.

    Raises
    ------
    StartError
        When it is inside of this repository, a file, or not empty.
    """
    full = folder.expanduser().resolve()
    if full == ROOT or ROOT in full.parents:
        raise StartError(f"{folder} is inside of this repository; your project is your own: "
                         "choose a folder outside")
    if full.exists() and not full.is_dir():
        raise StartError(f"{folder} is a file")
    if full.is_dir() and any(full.iterdir()):
        raise StartError(f"{folder} is not empty; nothing in it is touched: choose another")
    return full


def write_starter(rubric: "Rubric", folder: Path) -> Path:
    """Write the starter beside its place and move it there when it is whole.

    Parameters
    ----------
    rubric : Rubric
        Its ``starter/`` is copied; ``[starter]`` says what is generated and added.
    folder : Path
        Empty, or not there.

    Returns
    -------
    Path
        The folder.
    """
    source = rubric.folder / "starter"
    full = check_folder(folder)
    if not source.is_dir():
        raise StartError(f"module {rubric.module} has no starter yet")
    full.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".start", dir=full.parent) as name:
        part = Path(name) / "project"
        shutil.copytree(source, part, ignore=shutil.ignore_patterns(*IGNORED))
        add_files(rubric, part, Path(name))
        begin_history(part)
        if full.is_dir():
            full.rmdir()
        part.rename(full)
    return full


def add_files(rubric: "Rubric", part: Path, room: Path) -> None:
    """Add pylint's rules, what the module has already, and the data that its generator makes."""
    # pylint: disable=import-outside-toplevel  # --help must answer at once
    from coursekit.facts import RULES
    from coursekit.reference import Reference
    (part / "pylintrc").write_text(RULES, encoding="utf-8")
    given = rubric.starter
    pairs = {rubric.module_folder / name: part / target
             for name, target in given.get("copy", {}).items()}
    if given.get("generate"):
        print("Generating data …", flush=True)
        made = Reference(rubric, room / "made").run([str(word) for word in given["generate"]])
        pairs |= {made / name: part / target
                  for name, target in given.get("produced", {}).items()}
    for origin, target in pairs.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, target)


def begin_history(folder: Path) -> None:
    """Make a git repository; without git the starter is still whole."""
    if shutil.which("git") is None:
        print("git is not installed: make the repository yourself, with git init")
        return
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True, timeout=60,
                   capture_output=True)
