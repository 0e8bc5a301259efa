"""Check again whenever the learner saves, and go on to the next task when one passes.

In: the desk. Out: verdicts as they come, until Ctrl-C or until no task is open.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import Change, DefaultFilter, watch as changes_of

from coursekit import learn_show as show
from coursekit.lessons import Task

if TYPE_CHECKING:
    from coursekit.learn import Desk


_USUAL = DefaultFilter()


def is_saved_work(change: Change, path: str) -> bool:
    """Tell a learner's save or commit from the traces that tools leave."""
    parts = Path(path).parts
    if any(part.endswith(".git") for part in parts):
        return (parts[-1] == "HEAD" or "refs" in parts) and not path.endswith(".lock")
    return _USUAL(change, path)


def watch(desk: "Desk", name: str | None) -> int:
    """Check the chosen task now and after every change of its files.

    Returns
    -------
    int
        0 when nothing is left open; Ctrl-C ends it too.
    """
    logging.getLogger("watchfiles").setLevel(logging.ERROR)  # it would tell of Ctrl-C
    task = desk.chosen(name, "watch") if name else desk.current()
    while task is not None:
        if _until_passed(desk, task) or name:
            break
        task = desk.current()
    if not name and task is None:
        show.finished(desk)
    return 0


def _until_passed(desk: "Desk", task: Task) -> bool:
    """Return False when the task passed, True when the learner left."""
    result = desk.check(task)
    show.verdict(task, result, desk.progress(task))
    if result.state == "passed":
        return False
    print(f"Watching {show.near(task.work)} · Ctrl-C leaves", flush=True)
    for _ in changes_of(task.work, watch_filter=is_saved_work, raise_interrupt=False,
                        debounce=300, step=50):
        result = desk.check(task)
        show.verdict(task, result, desk.progress(task))
        if result.state == "passed":
            return False
        print(f"Watching {show.near(task.work)} · Ctrl-C leaves", flush=True)
    print(f"\nLeft; {show.typed()} goes on from here.", flush=True)
    return True
