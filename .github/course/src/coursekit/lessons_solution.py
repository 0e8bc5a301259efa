"""The solution of a task: lay it out for the check, or show it to a reader.

In: a task. Out: a folder that the check passes, or text.
Where the capstone itself does what the task asks for, its own symbol is the solution, so that
there is no second copy that could drift.
"""

import ast
import os
import shutil
import subprocess
from pathlib import Path

from coursekit.lessons import LessonError, Task
from coursekit.lessons_work import set_scene

SOLVE = "solve.sh"
_SOLVE_SECONDS = 60


def lay_solution(task: Task, work: Path) -> None:
    """Make ``work/<task>`` a solved task.

    Parameters
    ----------
    task : Task
    work : Path
        A folder that takes the place of the lesson's ``work``.

    Raises
    ------
    LessonError
        The solution's own script failed.
    """
    place = work / task.name
    shutil.copytree(task.starter, place)
    if task.has_scene:
        set_scene(task, place)
    if task.solution:
        lines = [f"from {module} import {name}" for module, name in map(_parts, task.solution)]
        text = "\n".join(['"""The code of the capstone itself."""', "", *lines, ""])
        (place / task.edit).write_text(text, encoding="utf-8")
    if task.solution_folder.is_dir():
        shutil.copytree(task.solution_folder, place, dirs_exist_ok=True)
    if (place / SOLVE).is_file():
        _solve(task, place)


def _solve(task: Task, place: Path) -> None:
    names = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(["sh", "-eu", SOLVE], cwd=place, env=names, check=False, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=_SOLVE_SECONDS)
    if done.returncode != 0:
        raise LessonError(f"task {task.number}: the solution failed: "
                          f"{(done.stderr or done.stdout).strip()[-500:]}")


def solution_texts(task: Task) -> list[tuple[str, str]]:
    """Return what to show: titles and texts.

    Raises
    ------
    LessonError
        A symbol is not where the index says.
    """
    texts = [(f"{symbol} (the capstone does it here)", symbol_source(task.module, symbol))
             for symbol in task.solution]
    if task.solution_folder.is_dir():
        texts += [(str(path.relative_to(task.solution_folder)), path.read_text("utf-8"))
                  for path in sorted(task.solution_folder.rglob("*"))
                  if path.is_file() and "__pycache__" not in path.parts]
    return texts


def symbol_source(module: Path, symbol: str) -> str:
    """Return the source of ``package.module:name``, read and not imported."""
    dotted, name = _parts(symbol)
    relative = Path(*dotted.split(".")).with_suffix(".py")
    for path in (module / "src" / relative, module / relative):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for node in ast.parse(text).body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
                    return ast.get_source_segment(text, node) or ""
    raise LessonError(f"{symbol}: not found in {module.name}")


def _parts(symbol: str) -> tuple[str, str]:
    dotted, _, name = symbol.partition(":")
    if not name:
        raise LessonError(f"{symbol!r} is no package.module:name")
    return dotted, name
