"""One job in a process of its own: call a function, run a probe, a command, or the tests.

In: a job as the grader wrote it, the working folder as current directory. Out: a dict for JSON,
``{"ok": true, "value": ...}`` or ``{"ok": false, "kind": ..., "type": ..., "text": ...}``.
"""

import inspect
import os
import subprocess
import sys
import traceback
from typing import Any

from coursekit.inside import resolve, suite
from coursekit.inside.values import decode, encode

MOST_TRACE = 4000


def run_job(job: dict[str, Any], submission: str) -> dict[str, Any]:
    """Return what the job gave; whatever the submission raises becomes a part of the answer.

    Parameters
    ----------
    job : dict
        ``kind`` and what that kind needs.
    submission : str
        Where the submission lies; the working copy when the job asked for one.

    Returns
    -------
    dict
        The answer.
    """
    paths = [os.path.normpath(os.path.join(submission, folder)) for folder in job["path"]]
    if job["kind"] == "tests":
        # A test finds its neighbours as plain pytest would; the mapping only adds to that.
        paths.append(submission)
    sys.path[:0] = [path for path in dict.fromkeys(paths) if os.path.isdir(path)]
    try:
        return {"ok": True, "value": KINDS[job["kind"]](job, submission)}
    except SystemExit as stop:
        return {"ok": False, "kind": "exit", "type": "SystemExit",
                "text": f"exit code {stop.code}"}
    except BaseException as fault:  # pylint: disable=broad-exception-caught  # foreign code
        kind = "memory" if isinstance(fault, MemoryError) else "exception"
        return {"ok": False, "kind": kind, "type": type(fault).__name__,
                "text": _told(fault), "inside_probe": _inside_probe(fault)}


def _told(fault: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(fault, limit=-6))[-MOST_TRACE:]
    except Exception:  # pylint: disable=broad-exception-caught  # foreign __str__
        return type(fault).__name__


def _inside_probe(fault: BaseException) -> bool:
    """Tell whether the last frame is the rubric's own: then the fault is the rubric's."""
    frames = list(traceback.walk_tb(fault.__traceback__))
    return bool(frames) and frames[-1][0].f_code.co_filename == "<probes>"


def _call(job: dict[str, Any], _submission: str) -> Any:
    found = resolve.resolve_all({job["name"]: job["functions"][job["name"]]})[job["name"]]
    if found.function is None:
        raise LookupError(found.problem)
    arguments = [decode(item) for item in job["args"]]
    named = {name: decode(item) for name, item in job["kwargs"].items()}
    return encode(found.function(*arguments, **named))


def _run(job: dict[str, Any], _submission: str) -> Any:
    space: dict[str, Any] = {"__name__": "probes", "__file__": "<probes>"}
    exec(compile(job["source"], "<probes>", "exec"), space)  # pylint: disable=exec-used
    function = space[job["name"]]
    named = {name: decode(item) for name, item in job["kwargs"].items()}
    contract = resolve.namespace(resolve.resolve_all(job["functions"]))
    return encode(function(contract, **named))


def _resolve(job: dict[str, Any], _submission: str) -> Any:
    entries = resolve.resolve_all(job["functions"]).values()
    return [[entry.name, entry.target, entry.problem, _signature(entry.function)]
            for entry in entries]


def _signature(function: Any) -> str | None:
    try:
        return None if function is None else str(inspect.signature(function))[:300]
    except (TypeError, ValueError):
        return None


def _command(job: dict[str, Any], submission: str) -> Any:
    words = [sys.executable if word in ("python", "python3") else word for word in job["argv"]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(
        path for path in sys.path if path.startswith(submission))}
    with subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL) as process:
        return process.wait()


KINDS = {"call": _call, "run": _run, "resolve": _resolve, "command": _command,
         "tests": suite.run_tests}
