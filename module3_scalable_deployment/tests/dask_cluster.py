"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


@dataclass
class Cluster:
    """Where the scheduler answers, and the processes of the workers by name."""

    stack: ExitStack
    folder: Path
    address: str = ""
    workers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, program: str, *words: str) -> "subprocess.Popen[bytes]":
        """Start a program of Dask; it is killed by its own id at the end."""
        log = self.stack.enter_context(open(self.folder / "cluster.log", "ab"))
        process = self.stack.enter_context(subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{program}", *_LOCAL, *words],
            stdout=log, stderr=log, cwd=self.folder))
        self.stack.callback(process.kill)
        return process

    def add(self, name: str) -> None:
        """Start a worker of one thread."""
        self.workers[name] = self.start(
            "worker", self.address, "--no-nanny", "--nthreads", "1", "--name", name,
            "--local-directory", str(self.folder / name))


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Start a scheduler without workers; stop everything at the end."""
    with ExitStack() as stack:
        cluster, place = Cluster(stack, folder), folder / "scheduler.json"
        cluster.start("scheduler", "--port", "0", "--scheduler-file", str(place))
        until = time.monotonic() + 60
        while not cluster.address:
            try:
                cluster.address = json.loads(place.read_text("utf-8"))["address"]
            except (OSError, ValueError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        yield cluster
