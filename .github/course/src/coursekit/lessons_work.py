"""The learner's own copies: made once from the starter, never overwritten, never lost.

In: a task. Out: files in the git-ignored ``work/`` folder.
What a learner wrote is worth more than anything here, so nothing of it is ever deleted.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from coursekit.lessons import LessonError, Task

#: First words of the marks in starters that show where to begin.
MARK = "Your turn"
_SKIPPED = {"__pycache__", ".git", ".pytest_cache"}
_SCENE_SECONDS = 60


def digest_of(folder: Path) -> str:
    """Return the sha256 of names and contents of all files below ``folder``; git's own left out.

    Of a repository the branches count too, because that is where the work of such a task is.
    """
    digest = hashlib.sha256()
    for path in sorted(_files(folder)):
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    found = []
    for parent, folders, names in os.walk(folder):
        is_git = "HEAD" in names and "refs" in folders
        folders[:] = [name for name in folders if name not in _SKIPPED or name == ".git"]
        if is_git:
            folders[:] = ["refs"]
            names = [name for name in names if name in ("HEAD", "packed-refs")]
        found += [Path(parent, name) for name in names if Path(parent, name).is_file()]
    return found


def prepare(task: Task) -> bool:
    """Copy the starter and set the scene, unless the learner's copy is there.

    Returns
    -------
    bool
        Was it made now?

    Raises
    ------
    LessonError
        The starter is missing, or the folder cannot be written.
    """
    if task.work.exists():
        return False
    part = task.work.with_name(f".{task.name}.part")
    try:
        task.work.parent.mkdir(exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(task.starter, part, ignore=shutil.ignore_patterns(*_SKIPPED))
        if task.has_scene:
            set_scene(task, part)
        part.rename(task.work)
    except OSError as err:
        raise LessonError(f"{task.work}: cannot copy the starter: {err}") from err
    return True


def set_scene(task: Task, folder: Path) -> None:
    """Let the lesson's ``scenes.py`` make the git repositories of a task in ``folder``."""
    if not task.python.exists():
        raise LessonError(f"{task.module.name} has no environment yet: "
                          f"make -C {task.module.name} setup")
    command = [str(task.python), "-B", str(task.folder / "scenes.py"), task.name, str(folder)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=_SCENE_SECONDS)
    except subprocess.TimeoutExpired as err:
        raise LessonError(f"task {task.number}: setting up the repositories took longer than "
                          f"{_SCENE_SECONDS} seconds") from err
    if done.returncode != 0:
        lines = (done.stderr.strip() or "no message").splitlines()
        raise LessonError(f"task {task.number}: cannot set up the repositories: {lines[-1]}")


def reset(task: Task) -> Path | None:
    """Put the starter back; what was there moves aside.

    Returns
    -------
    Path or None
        Where the learner's files are now; None if there were none.
    """
    kept = None
    if task.work.exists():
        kept = _free_name(task.work.parent / "kept", task.name)
        kept.parent.mkdir(exist_ok=True)
        task.work.rename(kept)
    prepare(task)
    return kept


def _free_name(folder: Path, name: str) -> Path:
    number = 1
    while (folder / f"{name}-{number}").exists():
        number += 1
    return folder / f"{name}-{number}"


def first_mark(task: Task) -> tuple[Path, int]:
    """Return the file to edit and the line of its first mark, or of its begin."""
    path = task.work / task.edit
    return path, mark_line(path)


def mark_line(path: Path) -> int:
    """Return the line of the first mark of a file, or 1."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if MARK in line), 1)
