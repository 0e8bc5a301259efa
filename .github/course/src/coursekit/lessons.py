"""The lessons of the modules, as their ``index.toml`` files list them.

In: a folder to look from. Out: frozen tasks, in the order in which they are learned.
A task knows its places (starter, work, check, solution), so nobody else puts paths together.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class LessonError(Exception):
    """A foreseen fault; its text is one plain line for the user."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: a part of a lesson with a check of its own.

    ``number`` is module.lesson.task; ``edit`` the first file to change, relative to the work
    folder; ``solution`` the capstone's own symbols, or empty where files hold the solution;
    ``has_scene`` tells that git repositories are set up for it.
    """

    # pylint: disable=too-many-instance-attributes  # the keys of an entry of the index

    number: str
    name: str
    title: str
    lesson_title: str
    folder: Path
    outcomes: tuple[str, ...]
    minutes: int
    edit: str
    hints: tuple[str, ...]
    solution: tuple[str, ...]
    has_scene: bool

    @property
    def module(self) -> Path:
        """Folder of the module."""
        return self.folder.parents[1]

    @property
    def starter(self) -> Path:
        """What the learner begins with."""
        return self.folder / "starter" / self.name

    @property
    def work(self) -> Path:
        """The only place that the learner edits."""
        return self.folder / "work" / self.name

    @property
    def solution_folder(self) -> Path:
        """Files of the solution, where the capstone has no symbol for it."""
        return self.folder.parent / "solutions" / self.folder.name / self.name

    @property
    def check(self) -> Path:
        """The file with the tests of the lesson."""
        return self.folder / "check_exercise.py"

    @property
    def test(self) -> str:
        """Name of the test function of this task."""
        return f"test_{self.name}"

    @property
    def python(self) -> Path:
        """Interpreter of the module's environment."""
        return self.module / ".venv" / "bin" / "python"


def find_indexes(start: Path) -> list[Path]:
    """Return the ``index.toml`` of every module, seen from a clone or a copied-out module.

    Parameters
    ----------
    start : Path
        A folder inside of it. Seen from elsewhere, the clone that holds this file is taken.

    Returns
    -------
    list of Path
        In the order of the modules.

    Raises
    ------
    LessonError
        There are no lessons above ``start``.
    """
    places = [start.resolve(), *start.resolve().parents, *Path(__file__).resolve().parents]
    for folder in places:
        found = sorted(folder.glob("module[0-9]_*/lessons/index.toml"))
        if found:
            return found
    for folder in places:
        alone = folder / "lessons" / "index.toml"
        if alone.is_file():
            return [alone]
    raise LessonError(f"{start}: no lessons here; call it from the folder of the repository")


def read_tasks(index: Path) -> list[Task]:
    """Return the tasks of one module.

    Parameters
    ----------
    index : Path
        A module's ``lessons/index.toml``.

    Returns
    -------
    list of Task
        In order.

    Raises
    ------
    LessonError
        The file cannot be read, or a key is missing or of the wrong type.
    """
    try:
        content = tomllib.loads(index.read_text(encoding="utf-8"))
        return [_task(index, f"{content['module']}.{lesson_number}.{number}", lesson, entry)
                for lesson_number, lesson in enumerate(content["lesson"], 1)
                for number, entry in enumerate(lesson["task"], 1)]
    except KeyError as err:
        raise LessonError(f"{index}: the key {err} is missing") from err
    except (OSError, ValueError, TypeError) as err:
        raise LessonError(f"{index}: cannot read the lessons: {err}") from err


def _task(index: Path, number: str, lesson: dict[str, Any], entry: dict[str, Any]) -> Task:
    solution = entry.get("solution", [])
    return Task(
        number=number, name=entry["name"], title=entry["title"], lesson_title=lesson["title"],
        folder=index.parent / lesson["folder"], outcomes=tuple(entry["outcomes"]),
        minutes=int(entry["minutes"]), edit=entry["edit"], hints=tuple(entry["hints"]),
        solution=(solution,) if isinstance(solution, str) else tuple(solution),
        has_scene=bool(entry.get("scene", False)))


def all_tasks(start: Path) -> list[Task]:
    """Return the tasks of all modules that have lessons, in order."""
    return [task for index in find_indexes(start) for task in read_tasks(index)]


def choose(tasks: list[Task], name: str) -> Task:
    """Return the task with this number or name.

    Raises
    ------
    LessonError
        There is none, or the name is that of several.
    """
    found = [task for task in tasks if name in (task.number, task.name)]
    if len(found) != 1:
        numbers = ", ".join(f"{task.number} {task.name}" for task in found or tasks)
        what = "there is no task" if not found else "there are several tasks"
        raise LessonError(f"{what} {name!r}; take one of: {numbers}")
    return found[0]
