"""What ``learn`` prints: short, in plain words, with file, line and what to do next.

In: tasks, verdicts, progress. Out: text on standard output.
A beginner reads this after every try, so it names one thing to mend, not ten.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table

from coursekit.lessons import Task
from coursekit.lessons_check import Verdict
from coursekit.lessons_progress import Progress
from coursekit.lessons_solution import solution_texts
from coursekit.lessons_work import first_mark
from coursekit.syllabus import criteria_by_outcome

if TYPE_CHECKING:
    from coursekit.learn import Desk

_MOST_CRITERIA = 6
_SIGNS = {"passed": "[green]passed[/]", "skipped": "[yellow]skipped[/]", "open": "open"}


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def near(path: Path) -> str:
    """Return a path as one types it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def typed(verb: str = "", task: str = "", *, gives_up: bool = False) -> str:
    """Return what one types for a verb: by make, if make has called us, or the program's name."""
    if os.environ.get("LEARN_AS") == "make":
        words = ["make", "learn" if verb in ("", "check") else verb,
                 f"TASK={task}" if task else "", "GIVE_UP=1" if gives_up else ""]
    else:
        words = ["learn", verb, task, "--give-up" if gives_up else ""]
    return f"`{' '.join(word for word in words if word)}`"


def _head(console: Console, task: Task) -> None:
    console.print(f"\n[bold]Task {task.number} · {escape(task.title)}[/]  "
                  f"({escape(task.lesson_title)}, about {task.minutes} minutes)")


def verdict(task: Task, result: Verdict, progress: Progress) -> None:
    """Show what a check said of a task."""
    console = _console()
    _head(console, task)
    for note in result.notes:
        console.print(f"[yellow]Note:[/] {escape(note)}")
    if progress.starter_changed(task):
        console.print("[yellow]Note:[/] the starter changed since you began. Your work is kept; "
                      f"{typed('reset', task.name)} takes the new one.")
    if result.state == "passed":
        console.print(f"  [green]Passed[/] in {result.seconds:.1f} s. "
                      f"{typed('solution', task.name)} shows how the capstone does it.")
        asked_for = prepares_for(task)
        if asked_for:
            rubric = near(task.module / "rubric" / "rubric.toml")
            console.print(f"  In the capstone's rubric, {rubric}, this prepares for {asked_for}.")
        return
    if result.state == "not_checked":
        console.print("  [magenta]Could not be checked.[/] Does your work return another kind of "
                      "thing than the task asks for? If not, this is not your fault:")
        console.print(_indented(result.message), markup=False)
        return
    console.print(f"  Read   {near(task.folder / 'README.md')}, {escape(task.title)}")
    if task.has_scene:
        console.print(f"  Work   in the repository {near(task.work / 'you')}")
    path, line = result.place or first_mark(task)
    if path.name == "NOTES.md":
        console.print(f"  Notes  {near(path)}, for yourself; the check reads the repository")
    else:
        console.print(f"  Edit   {near(path)}:{line}")
    console.print(f"  [red]Not yet[/] ({result.seconds:.1f} s):")
    console.print(_indented(result.message), markup=False)
    console.print(f"  Then   {typed()} again, or {typed('watch')} to check on every save; "
                  f"stuck: {typed('hint')}")


def prepares_for(task: Task) -> str:
    """Return the criteria of the capstone's rubric that ask for the outcomes of a task."""
    criteria = criteria_by_outcome([task.module])
    found = sorted({name for outcome in task.outcomes for name in criteria.get(outcome, [])})
    rest = len(found) - _MOST_CRITERIA
    return ", ".join(found[:_MOST_CRITERIA]) + (f" and {rest} more" if rest > 0 else "")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())


def one_line(task: Task, result: Verdict) -> None:
    """Show a verdict in one line."""
    first = (result.message.splitlines() or [""])[0]
    word = {"passed": "passed", "failed": "not yet", "not_checked": "could not check"}
    _console().print(f"{task.number:<6} {task.name:<14} {word[result.state]:<9} {first}".rstrip(),
                     markup=False)


def hints(task: Task, count: int) -> None:
    """Show the first ``count`` hints of a task."""
    console = _console()
    _head(console, task)
    for number, text in enumerate(task.hints[:count], 1):
        console.print(f"  Hint {number} of {len(task.hints)}: {text}", markup=False)
    if count == len(task.hints):
        last = typed("solution", task.name, gives_up=True)
        console.print(f"  That was the last one. {last} shows the solution.")


def listing(desk: "Desk") -> None:
    """Show all tasks, their state, and a bar."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for name in ("task", "name", "what", "outcomes", "state", "help"):
        table.add_column(name, no_wrap=name != "what")
    passed = 0
    for task in desk.tasks:
        entry = desk.progress(task).entry(task)
        passed += entry.state == "passed"
        helped = ["gave up"] if entry.gave_up else []
        helped += [f"{entry.hints} of {len(task.hints)} hints"] if entry.hints else []
        table.add_row(task.number, task.name, escape(task.title), " ".join(task.outcomes),
                      _SIGNS[entry.state], ", ".join(helped))
    console.print(table)
    line = Table.grid(padding=(0, 2))
    line.add_row(ProgressBar(total=len(desk.tasks), completed=passed, width=40),
                 f"{passed} of {len(desk.tasks)} tasks passed")
    console.print(line)


def finished(desk: "Desk") -> None:
    """Say that nothing is open, and name what was skipped."""
    skipped_names = [task.number for task in desk.tasks
                     if desk.progress(task).entry(task).state == "skipped"]
    rest = f" Skipped: {', '.join(skipped_names)}." if skipped_names else ""
    _console().print(f"\nNo task is open.{rest} {typed('check-all')} checks everything anew; "
                     "next comes the capstone: `make start M=1 TO=../my-capstone`.")


def skipped(task: Task, following: Task | None) -> None:
    """Say what was skipped and what comes now."""
    rest = f"next is {following.number} {following.name}" if following else "nothing is open now"
    _console().print(f"Task {task.number} is skipped; {rest}. "
                     f"{typed('check', task.name)} takes it up again.")


def was_reset(task: Task, kept: Path | None) -> None:
    """Say where the files of a task are now."""
    old = f" Your files are in {near(kept)}." if kept else ""
    _console().print(f"Task {task.number} begins anew in {near(task.work)}.{old}")


def solution_refused(task: Task) -> None:
    """Say how to get the solution."""
    _console().print(f"Task {task.number} is not passed yet. {typed('hint', task.name)} helps; "
                     f"{typed('solution', task.name, gives_up=True)} shows the solution and "
                     "notes it.")


def solution(task: Task) -> None:
    """Show the solution of a task."""
    console = _console()
    _head(console, task)
    for title, text in solution_texts(task):
        console.print(f"\n[bold]{escape(title)}[/]")
        console.print(text.rstrip(), markup=False)
