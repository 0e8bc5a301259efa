"""What a command costs: CPU seconds, wall seconds, peak memory.

In: a command. Out: its cost, as the operating system accounts for the finished process.
CPU seconds beside wall seconds, because other work on the machine moves only the latter; one
thread each, because threads that wait for one another burn CPU seconds without working.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system), wall seconds, and peak resident memory in MB."""

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


#: Starts the command from a small process, because a child's peak of memory begins with that of
#: whoever started it; says its exit code, CPU seconds and peak.
_LAUNCH = """
import os, sys
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
with open(int(sys.argv[1]), "w") as answer:
    answer.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_utime + usage.ru_stime} "
                 f"{usage.ru_maxrss}")
"""


class CommandFailed(RuntimeError):
    """The measured command did not exit with 0."""


def cost_of(words: Sequence[str], output: Path | None = None) -> Cost:
    """Run a Python command to its end and return its cost.

    Parameters
    ----------
    words : sequence of str
        What follows the name of the interpreter.
    output : Path, optional
        Where its standard output goes; it is dropped by default.

    Returns
    -------
    Cost

    Raises
    ------
    CommandFailed
        Its exit code was not 0.
    """
    read, write = os.pipe()
    started = perf_counter()
    with open(output or os.devnull, "wb") as sink, subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LAUNCH, str(write), sys.executable, *words],
            stdout=sink, stderr=subprocess.DEVNULL, pass_fds=(write,),
            env={**os.environ, "OMP_NUM_THREADS": "1"}) as process:
        os.close(write)
        with os.fdopen(read, encoding="ascii") as answer:
            said = answer.read().split()
    elapsed = perf_counter() - started
    if process.returncode or not said or int(said[0]):
        raise CommandFailed(f"exit {said[0] if said else process.returncode}: {' '.join(words)}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(float(said[1]), elapsed, float(said[2]) / unit)


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Cost]:
    """Measure commands in turn, round by round; return the median of each.

    Parameters
    ----------
    commands : mapping
        Name -> words, as for `cost_of`.
    rounds : int

    Returns
    -------
    dict
        Name -> median cost.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            costs[name].append(cost_of(words))
    return {name: Cost(*(statistics.median(getattr(cost, field) for cost in found) for field in
                         ("cpu_seconds", "wall_seconds", "peak_megabytes")))
            for name, found in costs.items()}
