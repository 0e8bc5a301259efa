"""What a learner has done, in one small git-ignored file beside the lessons.

In: states of tasks. Out: ``lessons/.progress.json``. It is derived: an entry counts only while
the work still is what it was when it passed, and ``check-all`` makes it anew.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from coursekit.lessons import Task
from coursekit.lessons_work import digest_of

FILE_NAME = ".progress.json"
State = Literal["open", "passed", "skipped"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Of one task: its state, digests of what passed and of the starter, and the help taken."""

    state: State = "open"
    work: str = ""
    starter: str = ""
    hints: int = 0
    gave_up: bool = False


class Progress:
    """The entries of one module, written through to the file."""

    def __init__(self, lessons: Path) -> None:
        self.path = lessons / FILE_NAME
        self._entries = _read(self.path)

    def entry(self, task: Task) -> Entry:
        """Return what is noted of a task; a pass lapses when its files change."""
        entry = self._entries.get(task.name, Entry())
        if entry.state == "passed" and entry.work != digest_of(task.work):
            return replace(entry, state="open")
        return entry

    def put(self, task: Task, entry: Entry) -> None:
        """Note an entry and write the file."""
        self._entries[task.name] = entry
        content = {name: asdict(self._entries[name]) for name in sorted(self._entries)}
        part = self.path.with_name(f"{FILE_NAME}.part")
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        os.replace(part, self.path)

    def passed(self, task: Task) -> None:
        """Note that the work of a task passed as it is now."""
        self.put(task, replace(self.entry(task), state="passed", work=digest_of(task.work)))

    def opened(self, task: Task, *, is_new: bool = False) -> None:
        """Note that a task is open; with a new copy, from which starter it was made."""
        entry = replace(self.entry(task), state="open", work="")
        if is_new:
            entry = replace(entry, starter=digest_of(task.starter))
        if entry != self._entries.get(task.name):
            self.put(task, entry)

    def starter_changed(self, task: Task) -> bool:
        """Tell if the starter is another one than the copy was made from."""
        noted = self.entry(task).starter
        return bool(noted) and noted != digest_of(task.starter)


def _read(path: Path) -> dict[str, Entry]:
    """Return the noted entries; a file that is missing, damaged or foreign is no progress."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = {str(name): Entry(**values) for name, values in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return {name: entry for name, entry in entries.items() if _is_sane(entry)}


def _is_sane(entry: Entry) -> bool:
    return (entry.state in ("open", "passed", "skipped") and isinstance(entry.hints, int)
            and isinstance(entry.work, str) and isinstance(entry.starter, str)
            and isinstance(entry.gave_up, bool))
