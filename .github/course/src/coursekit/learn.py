"""``learn``: lead a learner from task to task, with feedback in seconds.

In: a verb, and perhaps the number or name of a task. Out: text, and 0, 1 when a check said no,
or 2 with one plain line. Only verbs stand here; what they print is in ``learn_show``.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from coursekit import learn_show as show
from coursekit.lessons import LessonError, Task, all_tasks, choose
from coursekit.lessons_check import Verdict, run_check
from coursekit.lessons_progress import Progress
from coursekit.lessons_work import prepare, reset

VERBS = {
    "next": "show the next open task and what its check says (the default)",
    "watch": "check again whenever you save; leave with Ctrl-C",
    "hint": "show the next hint, a bit more telling each time",
    "list": "show all tasks and how far you are",
    "check": "check one task; exit 1 while it fails",
    "skip": "go past the open task; it stays on the list",
    "reset": "put the starter back; your files move to work/kept",
    "solution": "show the solution, once you passed or with --give-up",
    "check-all": "check every task anew and rebuild the progress",
}


class Desk:
    """The tasks of all modules and the progress in each; what a verb works with."""

    def __init__(self, start: Path) -> None:
        self.tasks = all_tasks(start)
        self._progress: dict[Path, Progress] = {}

    def progress(self, task: Task) -> Progress:
        """Return the progress of the task's module."""
        lessons = task.folder.parent
        if lessons not in self._progress:
            self._progress[lessons] = Progress(lessons)
        return self._progress[lessons]

    def current(self) -> Task | None:
        """Return the first open task."""
        return next((task for task in self.tasks
                     if self.progress(task).entry(task).state == "open"), None)

    def chosen(self, name: str | None, verb: str) -> Task:
        """Return the named task or the first open one; without any, say what to type."""
        task = choose(self.tasks, name) if name else self.current()
        if task is None:
            raise LessonError(f"no task is open; say which one: {show.typed(verb, 'NAME')}")
        return task

    def open(self, task: Task) -> None:
        """Make the learner's copy of a task, if it is not there."""
        if prepare(task):
            self.progress(task).opened(task, is_new=True)

    def check(self, task: Task) -> Verdict:
        """Check a task and note the outcome."""
        self.open(task)
        verdict = run_check(task)
        if verdict.state == "passed":
            self.progress(task).passed(task)
        elif self.progress(task).entry(task).state == "passed":
            self.progress(task).opened(task)
        return verdict


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs and options."""
    lines = "\n".join(f"  {verb:<10} {text}" for verb, text in VERBS.items())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"verbs:\n{lines}"
    parser.add_argument("verb", nargs="?", choices=list(VERBS), default="next", metavar="VERB")
    parser.add_argument("task", nargs="?", metavar="TASK",
                        help="number or name, as `list` shows them; the first open one if absent")
    parser.add_argument("--give-up", action="store_true",
                        help="show the solution of a task that is not passed; this is noted")
    parser.add_argument("--from", dest="start", type=Path, default=Path.cwd(), metavar="DIR",
                        help="a folder of the repository (the present one)")


def run(arguments: argparse.Namespace) -> int:
    """Do what the verb says.

    Returns
    -------
    int
        0 done, 1 a check said no, 2 a foreseen fault.
    """
    try:
        desk = Desk(arguments.start)
        if arguments.verb == "watch":
            from coursekit.learn_watch import watch  # pylint: disable=import-outside-toplevel
            return watch(desk, arguments.task)
        if arguments.verb == "solution":
            task = desk.chosen(arguments.task, "solution")
            return _solution(desk, task, arguments.give_up)
        return _ACTIONS[arguments.verb](desk, arguments.task)
    except LessonError as err:
        print(err, file=sys.stderr)
        return 2
    except OSError as err:
        print(f"{err.filename or 'the lessons'}: {err.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _next(desk: Desk, name: str | None) -> int:
    """Check open tasks until one fails, and show it."""
    task = desk.chosen(name, "") if name else desk.current()
    while task is not None:
        verdict = desk.check(task)
        show.verdict(task, verdict, desk.progress(task))
        if verdict.state != "passed" or name:
            return 2 if verdict.state == "not_checked" else 0
        task = desk.current()
    show.finished(desk)
    return 0


def _check(desk: Desk, name: str | None) -> int:
    task = desk.chosen(name, "check")
    verdict = desk.check(task)
    show.verdict(task, verdict, desk.progress(task))
    return {"passed": 0, "failed": 1, "not_checked": 2}[verdict.state]


def _check_all(desk: Desk, _: str | None) -> int:
    states = []
    for task in desk.tasks:
        if not task.work.exists():
            verdict = Verdict("failed", "not begun")
        else:
            verdict = desk.check(task)
        states.append(verdict.state)
        show.one_line(task, verdict)
    show.listing(desk)
    if "not_checked" in states:
        return 2
    return 1 if "failed" in states else 0


def _hint(desk: Desk, name: str | None) -> int:
    task = desk.chosen(name, "hint")
    progress = desk.progress(task)
    entry = progress.entry(task)
    count = min(entry.hints + 1, len(task.hints))
    show.hints(task, count)
    progress.put(task, replace(entry, hints=count))
    return 0


def _list(desk: Desk, _: str | None) -> int:
    show.listing(desk)
    return 0


def _skip(desk: Desk, name: str | None) -> int:
    task = desk.chosen(name, "skip")
    progress = desk.progress(task)
    entry = progress.entry(task)
    if entry.state == "passed":
        raise LessonError(f"task {task.number} is passed already")
    progress.put(task, replace(entry, state="skipped"))
    following = desk.current()
    show.skipped(task, following)
    return 0


def _reset(desk: Desk, name: str | None) -> int:
    task = desk.chosen(name, "reset")
    kept = reset(task)
    desk.progress(task).opened(task, is_new=True)
    show.was_reset(task, kept)
    return 0


def _solution(desk: Desk, task: Task, gives_up: bool) -> int:
    progress = desk.progress(task)
    entry = progress.entry(task)
    if entry.state != "passed" and not gives_up:
        show.solution_refused(task)
        return 1
    if entry.state != "passed":
        progress.put(task, replace(entry, gave_up=True))
    show.solution(task)
    return 0


_ACTIONS = {"next": _next, "check": _check, "check-all": _check_all, "hint": _hint,
            "list": _list, "skip": _skip, "reset": _reset}
