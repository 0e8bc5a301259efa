"""A running sandbox: one server process for many jobs, started anew when it dies.

In: jobs as dicts. Out: answers as dicts of checked types. Every read has a deadline.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursekit.sandbox import (GRADER, INSIDE, ROOM, STRONG, SUBMISSION, Limits, View,
                               bubblewrap_words, clean_variables, own_user, python_folders)

MOST_LINE = 160_000_000
#: How long the server may take beyond a job's own seconds.
GRACE_SECONDS = 20
START_SECONDS = 90
PRELOAD = ("numpy", "pandas", "scipy.stats", "sklearn.ensemble", "sklearn.linear_model",
           "sklearn.model_selection", "sklearn.metrics", "sklearn.pipeline", "matplotlib.pyplot",
           "matplotlib.font_manager", "joblib", "pytest", "seaborn", "skops.io")


class SessionEnded(RuntimeError):
    """The server died or kept silent: the last job did that, or the machine."""


class Session:  # pylint: disable=too-many-instance-attributes  # a process and its ends
    """Jobs of one submission in one environment."""

    def __init__(self, submission: Path, python: Path, isolation: str,
                 limits: Limits = Limits(), preload: tuple[str, ...] = PRELOAD) -> None:
        self.submission, self.python, self.isolation = submission, python, isolation
        self.limits, self.preload = limits, preload
        self.process: subprocess.Popen[bytes] | None = None
        self.room: str | None = None
        self.pending = b""
        self.restarts = 0
        self.is_over = False

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run a job and return the server's answer.

        Raises
        ------
        SessionEnded
            When the server did not answer; the next job gets a new one.
        """
        if self.process is None or self.process.poll() is not None:
            self.start()
        assert self.process is not None and self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(job).encode("utf-8") + b"\n")
            self.process.stdin.flush()
            line = self.read_line(job["seconds"] + GRACE_SECONDS
                                  + (START_SECONDS if job.get("first") else 0))
            found = json.loads(line)
            if not isinstance(found, dict):
                raise ValueError("an answer is an object")
            return found
        except (OSError, ValueError, RecursionError, SessionEnded) as fault:
            self.close()
            self.restarts += 1
            raise SessionEnded(f"the sandbox ended: {fault}") from fault

    def start(self) -> None:
        """Start the server; its heavy imports happen now, once."""
        self.close()
        if self.is_over:
            raise SessionEnded("the grading is over")
        view = View(self.submission, python_folders(self.python))
        if self.isolation == STRONG:
            submission, room, inside = SUBMISSION, ROOM, GRADER
            words, variables = bubblewrap_words(view, self.limits), {}
        else:
            self.room = tempfile.mkdtemp(prefix="weak")
            submission, room, inside = str(self.submission), self.room, str(INSIDE.parent.parent)
            words = []
            variables = clean_variables({"HOME": room, "TMPDIR": room, "MPLCONFIGDIR": room})
        program = f"import sys; sys.path[:0] = [{inside!r}]; " \
                  "from coursekit.inside.serve import main; main()"
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with  # closed by close
            [*words, str(self.python), "-s", "-c", program], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, cwd="/",
            env=variables or {"PATH": os.environ.get("PATH", "/usr/bin:/bin")})
        self.pending = b""
        config = {"submission": submission, "room": room, "limits": self.limits.as_dict(),
                  "user": own_user() if self.isolation == STRONG else 0,
                  "preload": list(self.preload), "host_pid_namespace":
                      os.stat("/proc/self/ns/pid").st_ino if self.isolation == STRONG else 0}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(config).encode("utf-8") + b"\n")
        self.process.stdin.flush()
        if self.read_line(START_SECONDS) != b'"ready"':
            raise SessionEnded("the server in the sandbox did not start")

    def read_line(self, seconds: float) -> bytes:
        """Return the next line of the server, or raise when it is late, too long or gone."""
        assert self.process is not None and self.process.stdout is not None
        deadline = time.monotonic() + seconds
        parts, total = [self.pending], len(self.pending)
        while b"\n" not in parts[-1]:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise SessionEnded(f"no answer within {seconds:.0f} s")
            chunk = os.read(self.process.stdout.fileno(), 1 << 20)
            if not chunk:
                raise SessionEnded("it was killed or broke off")
            parts.append(chunk)
            total += len(chunk)
            if total > MOST_LINE:
                raise SessionEnded("its answer is too long")
        line, _, self.pending = b"".join(parts).partition(b"\n")
        return line

    def end(self) -> None:
        """End the server for good, also from another thread than the one that waits for it."""
        self.is_over = True
        self._kill()

    def _kill(self) -> None:
        process = self.process
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the server and all that it started; bubblewrap takes its namespace with it."""
        self._kill()
        if self.process is not None:
            self.process.wait()
            for end in (self.process.stdin, self.process.stdout):
                with suppress(OSError):
                    if end is not None:
                        end.close()
            self.process = None
        if self.room is not None:
            shutil.rmtree(self.room, ignore_errors=True)
            self.room = None
