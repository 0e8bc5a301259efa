"""The syllabus: each outcome with its file, its lesson and its criterion, and what is missing.

In: ``syllabus.toml``, the lessons' indexes, the rubrics. Out: a table, and 1 when a module that
counts as done has a gap. So no outcome can lose what teaches or tests it without a word.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from coursekit.lessons import LessonError, read_tasks


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome and what belongs to it; ``lost`` are files that are named and not there."""

    outcome: str
    title: str
    module: int
    files: tuple[str, ...]
    lost: tuple[str, ...]
    lessons: tuple[str, ...]
    criteria: tuple[str, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return what is missing, in words."""
        found = [f"no file {name}" for name in self.lost]
        found += [] if self.files else ["no file"]
        found += [] if self.lessons else ["no lesson"]
        found += [] if self.criteria else ["no criterion"]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Syllabus:
    """All lines, and the modules in which a gap is a fault."""

    lines: tuple[Line, ...]
    done: tuple[int, ...]
    unknown: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the gaps of modules that are done, and outcomes that only others name."""
        gaps = [f"{line.outcome}: {gap}" for line in self.lines if line.module in self.done
                for gap in line.gaps]
        return (*gaps, *self.unknown)


def read_syllabus(root: Path, source: Path | None = None) -> Syllabus:
    """Put outcomes, files, lessons and criteria of a repository together.

    Parameters
    ----------
    root : Path
        Folder of the repository.
    source : Path, optional
        Another file than the package's own ``syllabus.toml``.

    Returns
    -------
    Syllabus

    Raises
    ------
    LessonError
        A file cannot be read.
    """
    content = _toml(source) if source else tomllib.loads(
        resources.files("coursekit").joinpath("syllabus.toml").read_text(encoding="utf-8"))
    modules = {int(path.name[6]): path for path in sorted(root.glob("module[0-9]_*"))
               if path.is_dir()}
    lessons = _lessons(modules.values())
    criteria = criteria_by_outcome(modules.values())
    lines = tuple(_line(entry, modules, lessons, criteria) for entry in content["outcome"])
    known = {line.outcome for line in lines}
    unknown = tuple(f"{name}: named by {', '.join(places)}, but not in the syllabus"
                    for names in (lessons, criteria) for name, places in sorted(names.items())
                    if name not in known)
    return Syllabus(lines, tuple(content["done"]), unknown)


def _line(entry: dict[str, Any], modules: dict[int, Path], lessons: dict[str, list[str]],
          criteria: dict[str, list[str]]) -> Line:
    name, number = entry["id"], int(entry["id"][1])
    files = tuple(entry["files"])
    folder = modules.get(number)
    lost = tuple(file for file in files if folder is None or not (folder / file).is_file())
    return Line(name, entry["title"], number, files, lost, tuple(lessons.get(name, ())),
                tuple(criteria.get(name, ())))


def _lessons(modules: Iterable[Path]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for module in modules:
        index = module / "lessons" / "index.toml"
        for task in read_tasks(index) if index.is_file() else []:
            for outcome in task.outcomes:
                found.setdefault(outcome, []).append(f"{task.number} {task.name}")
    return found


def criteria_by_outcome(modules: Iterable[Path]) -> dict[str, list[str]]:
    """Return, for each outcome, the criteria of the modules' rubrics that ask for it."""
    found: dict[str, list[str]] = {}
    for module in modules:
        path = module / "rubric" / "rubric.toml"
        for criterion in _toml(path).get("criterion", []) if path.is_file() else []:
            for outcome in criterion.get("outcomes", []):
                found.setdefault(str(outcome), []).append(str(criterion.get("id")))
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise LessonError(f"{path}: cannot read it: {err}") from err


def find_root(start: Path) -> Path:
    """Return the folder above ``start``, or above this file, that holds the modules."""
    for folder in (start.resolve(), *start.resolve().parents, *Path(__file__).resolve().parents):
        if any(folder.glob("module[0-9]_*/pyproject.toml")):
            return folder
    raise LessonError(f"{start}: no modules here; call it from the folder of the repository")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--module", type=int, metavar="N", help="show this module only")
    parser.add_argument("--gaps", action="store_true", help="show only outcomes with a gap")
    parser.add_argument("--from", dest="start", type=Path, default=Path.cwd(), metavar="DIR",
                        help="a folder of the repository (the present one)")


def run(arguments: argparse.Namespace) -> int:
    """Show the table.

    Returns
    -------
    int
        0 no gap in a module that is done, 1 a gap, 2 something cannot be read.
    """
    try:
        syllabus = read_syllabus(find_root(arguments.start))
    except LessonError as err:
        print(err, file=sys.stderr)
        return 2
    chosen = [line for line in syllabus.lines
              if arguments.module in (None, line.module) and (line.gaps or not arguments.gaps)]
    show(syllabus, chosen)
    return 1 if syllabus.faults else 0


def show(syllabus: Syllabus, chosen: Sequence[Line]) -> None:
    """Print the lines and what is missing."""
    from rich.console import Console  # pylint: disable=import-outside-toplevel
    from rich.table import Table  # pylint: disable=import-outside-toplevel
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, title_justify="left")
    for name in ("outcome", "what", "file", "lesson", "criterion", "missing"):
        table.add_column(name, no_wrap=name == "outcome")
    for line in chosen:
        is_done = line.module in syllabus.done
        colour = "red" if is_done else "yellow"
        table.add_row(line.outcome, line.title, "\n".join(line.files), "\n".join(line.lessons),
                      " ".join(line.criteria), f"[{colour}]{', '.join(line.gaps)}[/]")
    console.print(table)
    counted = [line for line in syllabus.lines if not line.outcome.endswith(".extra")]
    complete = sum(not line.gaps for line in counted)
    extras = len(syllabus.lines) - len(counted)
    modules = ", ".join(map(str, syllabus.done))
    console.print(f"{complete} of {len(counted)} outcomes are complete (and {extras} extra is "
                  f"listed); modules that are done: {modules}; gaps there: {len(syllabus.faults)}")
    for fault in syllabus.faults:
        console.print(f"gap: {fault}", markup=False)
