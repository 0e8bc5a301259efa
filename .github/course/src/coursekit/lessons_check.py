"""Run the check of a task: plain pytest in the module's environment, with a time limit.

In: a task. Out: a `Verdict`: passed, failed with a message and a place, or could not be checked.
The check runs as a program of its own, so nothing a learner writes can stop this one.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coursekit.lessons import LessonError, Task
from coursekit.lessons_original import original_check
from coursekit.lessons_work import mark_line

TIME_LIMIT = 60.0
_FRAME = re.compile(r'File "([^"]+)", line (\d+)|^([^\s:]+\.py):(\d+): ', re.MULTILINE)
_NAMED = re.compile(r"([\w/-]+\.\w+)(?:, line (\d+))?\b")
_ASSERTED = re.compile(r"^(?:AssertionError|Failed|Exit): ?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check said; ``place`` is a file of the learner and a line, where one is known."""

    state: Literal["passed", "failed", "not_checked"]
    message: str = ""
    place: tuple[Path, int] | None = None
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


def run_check(task: Task, *, work: Path | None = None, time_limit: float = TIME_LIMIT
              ) -> Verdict:
    """Run the test of one task on the learner's work.

    Parameters
    ----------
    task : Task
    work : Path, optional
        A folder to check in place of the lesson's own ``work``.
    time_limit : float
        Seconds after which the check is stopped.

    Returns
    -------
    Verdict

    Raises
    ------
    LessonError
        The module has no environment.
    """
    if not task.python.exists():
        raise LessonError(f"{task.module.name} has no environment yet: "
                          f"make -C {task.module.name} setup")
    work = work or task.work.parent
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        check, notes = original_check(task, Path(folder))
        report = Path(folder, "junit.xml")
        printed, code = _run(task, check, work, report, time_limit)
        verdict = _read_report(report, work / task.name) if code is not None else Verdict(
            "failed", f"The check did not end within {time_limit:.0f} seconds: look for a loop "
            "that never ends, or a program that waits for an answer.")
    said = "\n".join(printed.strip().splitlines()[-8:])
    if verdict.state == "passed" and code != 0 or _ended_by_the_work(verdict, code, said):
        verdict = Verdict("failed", "The check was broken off before its end. Does something in "
                          "your work end Python, such as exit() or os._exit()?")
    elif verdict.state == "not_checked" and not verdict.message:
        verdict = Verdict("not_checked", said or f"pytest wrote no report and ended with {code}")
    return Verdict(verdict.state, verdict.message, verdict.place, notes,
                   time.monotonic() - started)


def _run(task: Task, check: Path, work: Path, report: Path, time_limit: float
         ) -> tuple[str, int | None]:
    """Return what was printed and pytest's exit code; None when it did not end in time."""
    command = [str(task.python), "-B", "-m", "pytest", "-c", str(task.module / "pyproject.toml"),
               "--rootdir", str(task.module), "-p", "no:randomly", "-p", "no:cacheprovider",
               "--assert=plain", "--tb=native", "-q", f"--junitxml={report}",
               f"{check}::{task.test}"]
    dropped = ("PYTEST_ADDOPTS", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "GIT_DIR",
               "GIT_WORK_TREE", "GIT_INDEX_FILE")
    environment = {key: value for key, value in os.environ.items() if key not in dropped}
    environment |= {"LESSON_WORK": str(work), "LESSON_MODULE": str(task.module),
                    "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as output, subprocess.Popen(
            command, cwd=task.module, env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True) as process:
        try:
            code: int | None = process.wait(timeout=time_limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        output.seek(0)
        return output.read().decode(errors="replace"), code


def _ended_by_the_work(verdict: Verdict, code: int | None, said: str) -> bool:
    """Tell if Python left without a word and of its own will: a signal would be negative."""
    return (verdict.state == "not_checked" and not verdict.message and not said
            and code is not None and code >= 0)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the check's own session, programs it left behind among them."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


def _read_report(report: Path, work: Path) -> Verdict:
    """Return what JUnit's report says of the one test."""
    try:
        case = next(ET.parse(report).getroot().iter("testcase"))
    except (OSError, ET.ParseError, StopIteration):
        return Verdict("not_checked")
    for kind in ("failure", "error", "skipped"):
        found = case.find(kind)
        if found is not None:
            return _judge(kind, found.get("message", ""), found.text or "", work)
    return Verdict("passed")


def _judge(kind: str, message: str, text: str, work: Path) -> Verdict:
    frames = [(Path(name or short), int(line or short_line))
              for name, line, short, short_line in _FRAME.findall(text)]
    own = [(path, line) for path, line in frames if work in path.parents]
    if kind == "skipped":
        return Verdict("failed", f"Your work skips its own check: {message}")
    place = own[-1] if own else None
    if kind == "failure" and _ASSERTED.match(message):
        # The attribute is cut off where it is long; the end of the text holds all of it.
        whole = _ASSERTED.split(text)[-1] if _ASSERTED.search(text) else _ASSERTED.sub("", message)
        return Verdict("failed", whole.strip(), place or _place_named(whole.strip(), work))
    if kind == "failure" and place:
        if "reading from stdin" in message:
            message = "a question to the user (input); a program that runs by itself asks nobody"
        return Verdict("failed", f"Your code stopped with {message}", place)
    last = text.strip().splitlines()[-1:] or [message]
    return Verdict("not_checked", f"{message or last[0]}")


def _place_named(message: str, work: Path) -> tuple[Path, int] | None:
    """Return the file of the learner, and the line, with which a message begins."""
    found = _NAMED.match(message)
    if found is None or not (work / found[1]).is_file():
        return None
    path = work / found[1]
    return path, int(found[2]) if found[2] else mark_line(path)
