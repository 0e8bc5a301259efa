"""What a rubric's test uses to run something of the submission, and what comes back.

In: names of the contract, arguments, files. Out: `Result`, made of checked text; the submission's
own faults are raised as `SubmissionFault`, the rubric's as `GraderFault`.
"""

import base64
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit import contract as contracts
from coursekit.expect import GraderFault, NotChecked
from coursekit.answers import Result, read_answer
from coursekit.inside.values import encode
from coursekit.pool import Pool
from coursekit.session import SessionEnded

MOST_FILES_GIVEN = 64_000_000


@dataclass(frozen=True)
class FoundName:
    """Where a contract function was found, or the sentence why not."""

    name: str
    target: str | None
    problem: str | None
    signature: str | None


class Probe:
    """Runs contract functions, probes and commands of one submission inside of the sandbox."""

    def __init__(self, pool: Pool | None, mapping: contracts.Mapping, source: str) -> None:
        self.pool, self.mapping, self.source = pool, mapping, source
        #: Set by the plugin: until when the criterion that runs may take.
        self.deadline = float("inf")
        self.last_ran = ""
        self.cpu_seconds = 0.0
        self._counting = threading.Lock()

    def call(self, name: str, /, *args: Any, **options: Any) -> Result:
        """Call a contract function; ``files``, ``seconds``, ``copy``, ``may_fail`` are options.

        All other named arguments are the function's own.
        """
        own = {key: options.pop(key) for key in ("files", "seconds", "copy", "may_fail")
               if key in options}
        if name not in self.mapping.functions:
            raise GraderFault(f"the contract has no function {name}")
        job = {"kind": "call", "name": name, "args": [encode(item) for item in args],
               "kwargs": {key: encode(item) for key, item in options.items()}}
        shown = ", ".join([*(_short(item) for item in args),
                           *(f"{key}={_short(item)}" for key, item in options.items())])
        return self.do(job, f"{name}({shown})", **{"seconds": 60, **own})

    def run(self, name: str, /, **options: Any) -> Result:
        """Run a function of ``probes.py``, which is given the contract first."""
        own = {key: options.pop(key) for key in ("files", "seconds", "copy", "may_fail")
               if key in options}
        job = {"kind": "run", "name": name, "source": self.source,
               "kwargs": {key: encode(item) for key, item in options.items()}}
        shown = ", ".join(f"{key}={_short(item)}" for key, item in options.items())
        return self.do(job, f"probe {name}({shown})", **{"seconds": 60, **own})

    def command(self, command: str | Sequence[str], **options: Any) -> Result:
        """Run a contract command in a writable copy of the submission."""
        words = list(command) if not isinstance(command, str) else self.find_command(command)
        job = {"kind": "command", "argv": words}
        found = self.do(job, " ".join(words), **{"seconds": 120, "copy": True, **options})
        if found.fault is None and not isinstance(found.value, int):
            raise GraderFault("a command gave no exit code")
        return found

    def find_command(self, name: str) -> list[str]:
        """Return the first form of a contract command whose script or module is there."""
        forms = self.mapping.commands.get(name)
        if forms is None:
            raise GraderFault(f"the contract has no command {name}")
        root = self.ready().submission
        return next((form for form in forms if _is_there(root, form, self.mapping)), forms[0])

    def resolve(self) -> dict[str, FoundName]:
        """Return for each contract function where it is."""
        found = self.do({"kind": "resolve"}, "import the functions of the contract", seconds=90)
        try:
            return {name: FoundName(name, target, problem, signature)
                    for name, target, problem, signature in found.value}
        except (TypeError, ValueError) as fault:
            raise GraderFault("the resolution of names is malformed") from fault

    def ready(self) -> Pool:
        """Return the sandboxes.

        Raises
        ------
        NotChecked
            When there is no environment to run anything in.
        """
        if self.pool is None:
            raise NotChecked("the environment of the submission was not built")
        return self.pool

    def begin(self, task: Callable[..., Any], /, *args: Any, **options: Any) -> "Future[Any]":
        """Start one of this probe's own methods beside others; ``result()`` waits for it."""
        return self.ready().begin(task, *args, **options)

    def do(self, job: dict[str, Any], ran: str, seconds: float, **options: Any) -> Result:
        """Run a job within what is left of the criterion's time.

        Raises
        ------
        SubmissionFault
            When the submission raised, hung, ended or talked too much, unless ``may_fail``.
        NotChecked
            When there is no environment.
        """
        self.last_ran = ran
        pool = self.ready()
        left = max(1.0, min(seconds, self.deadline - time.monotonic()))
        job = {"functions": self.mapping.functions, "path": self.mapping.layout["path"],
               "seconds": left, "copy": options.get("copy", False),
               "collect": options.get("collect", True),
               "files": _packed(options.get("files") or {}), **job}
        try:
            answer = pool.run(job)
        except SessionEnded as fault:
            answer = {"answer": None, "ended": "killed", "stderr": str(fault)}
        found = read_answer(answer, job, ran, left)
        with self._counting:
            self.cpu_seconds += found.cpu_seconds
        if found.fault is not None and not options.get("may_fail"):
            raise found.fault
        return found


def _is_there(root: Path, words: list[str], mapping: contracts.Mapping) -> bool:
    if words[:2] == ["python", "-m"] or words[:2] == ["python3", "-m"]:
        parts = words[2].split(".")
        places = [root / folder for folder in mapping.layout["path"]] + [root]
        return any((place.joinpath(*parts).with_suffix(".py")).is_file()
                   or (place.joinpath(*parts) / "__main__.py").is_file() for place in places)
    scripts = [word for word in words[1:] if word.endswith((".py", ".sh", ".ipynb"))]
    return all((root / script).is_file() for script in scripts)


def _packed(files: Mapping[str, str | bytes]) -> dict[str, str]:
    found = {}
    for name, text in files.items():
        if not contracts.is_below(name):
            raise GraderFault(f"a file given to a probe is called {name!r}")
        data = text.encode("utf-8") if isinstance(text, str) else bytes(text)
        found[name] = base64.b64encode(data).decode("ascii")
    if sum(map(len, found.values())) > MOST_FILES_GIVEN:
        raise GraderFault("the files given to a probe are too large")
    return found


def _short(value: Any) -> str:
    shape = getattr(value, "shape", None)
    if shape is not None and len(shape):
        return f"<{type(value).__name__} {' × '.join(map(str, shape))}>"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
