"""What a command costs: CPU seconds, wall seconds, peak memory.

In: a command. Out: its cost, as the operating system accounts for the finished process.
CPU seconds beside wall seconds, because other work on the machine moves only the latter; one
thread each, because threads that wait for one another burn CPU seconds without working.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

MODULE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system, with children), wall seconds, peak memory in MB."""

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


class CommandFailed(RuntimeError):
    """The measured command did not exit with 0."""


def cost_of(words: Sequence[str], folder: Path) -> Cost:
    """Run a Python command to its end in a folder and return its cost.

    Parameters
    ----------
    words : sequence of str
        What follows the name of the interpreter.
    folder : Path
        Where it runs; what it prints goes to ``printed.txt`` there.

    Returns
    -------
    Cost

    Raises
    ------
    CommandFailed
        Its exit code was not 0.
    """
    # Programs that the command starts must be those of this environment.
    here = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(MODULE), "DVC_NO_ANALYTICS": "1",
            "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1",
            "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    started = perf_counter()
    with open(folder / "printed.txt", "ab") as sink, subprocess.Popen(
            [sys.executable, *words], stdout=sink, stderr=sink, cwd=folder,
            env={**os.environ, **here}) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (folder / "printed.txt").read_text("utf-8", errors="replace")[-2000:]
        raise CommandFailed(f"exit {process.returncode}: {' '.join(words)}\n{said}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(usage.ru_utime + usage.ru_stime, perf_counter() - started,
                usage.ru_maxrss / unit)


def total(costs: Sequence[Cost]) -> Cost:
    """Return the cost of several commands, one after another."""
    return Cost(sum(cost.cpu_seconds for cost in costs), sum(cost.wall_seconds for cost in costs),
                max(cost.peak_megabytes for cost in costs))


def interleaved(works: Mapping[str, Callable[[Path], Cost]], rounds: int, folder: Path
                ) -> dict[str, Cost]:
    """Measure works in turn, round by round; return the median of each.

    Parameters
    ----------
    works : mapping
        Name -> what runs in the folder of a round and returns its cost.
    rounds : int
    folder : Path
        Each round gets an empty folder in it.

    Returns
    -------
    dict
        Name -> median cost.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in works}
    for number in range(rounds):
        place = folder / f"round {number}"
        place.mkdir(parents=True)
        for name, work in works.items():
            costs[name].append(work(place))
    return {name: Cost(*(statistics.median(getattr(cost, field) for cost in found) for field in
                         ("cpu_seconds", "wall_seconds", "peak_megabytes")))
            for name, found in costs.items()}
