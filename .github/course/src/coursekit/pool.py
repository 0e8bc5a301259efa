"""A few sandboxes of one submission, so that jobs that need nothing of each other run together.

In: how a sandbox is made, how many there may be. Out: what `Session` gives, and futures.
"""

import os
import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from coursekit.session import Session

#: More would only take memory: each holds the heavy libraries.
MOST = 4


def count_cores() -> int:
    """Return how many sandboxes may work at once: one a core, at most four."""
    return max(1, min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity")
                      else os.cpu_count() or 1))


class Pool:
    """Runs jobs of one submission in the sandbox that was used last and is free."""

    def __init__(self, submission: Path, make: Callable[[], Session], size: int | None = None
                 ) -> None:
        self.submission = submission
        self._sessions = [make() for _ in range(size or count_cores())]
        self._free: queue.LifoQueue[Session] = queue.LifoQueue()
        for session in self._sessions:
            self._free.put(session)
        # Sandboxes die with the thread that started them: these live as long as the pool.
        self._threads = ThreadPoolExecutor(len(self._sessions), "sandbox")

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run a job, when a sandbox is free, and return its answer.

        Raises
        ------
        SessionEnded
            As `Session.run`.
        """
        session = self._free.get()
        try:
            return session.run(job)
        finally:
            self._free.put(session)

    def begin(self, task: Callable[..., Any], /, *args: Any, **options: Any) -> "Future[Any]":
        """Start a task that runs jobs; it may not wait for another one."""
        return self._threads.submit(task, *args, **options)

    def close(self) -> None:
        """Forget what has not begun, and end the sandboxes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for session in self._sessions:
            session.end()
        self._threads.shutdown()
        for session in self._sessions:
            session.close()
