"""Measure commands that a person waits for: a cycle with nothing new, a rollback, the play.

In: a folder to work in. Out: figures of whole processes. CPU seconds stand beside wall seconds,
because other work on the machine moves only the latter.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.cost import Cost, cost_of

_CLI = ["-m", "riskwatch.cli"]
_FIRST_DAYS = 5


def measure_cycle(folder: Path, rounds: int) -> dict[str, float]:
    """Measure cycles that find nothing new, behind one that trained and deployed.

    Parameters
    ----------
    folder : Path
        To work in; left empty.
    rounds : int

    Returns
    -------
    dict
        CPU and wall seconds.
    """
    out = folder / "out"
    cost_of([*_CLI, "data", "--out", str(out)])
    days = [str(day) for day in sorted((out / "drops").glob("day_*"))[:_FIRST_DAYS]]
    command = [*_CLI, "cycle", "--out", str(out), "--data", *days]
    cost_of(command)
    return _of(folder, [cost_of(command) for _ in range(rounds)])


def measure_rollback(folder: Path, rounds: int) -> dict[str, float]:
    """Measure rollbacks to the release before, each behind a deployment."""
    # pylint: disable=import-outside-toplevel  # a child's peak memory begins with its parent's
    from benchmarks.api import store_model
    from riskwatch.deploy import deploy
    from riskwatch.ledger import open_ledger
    from riskwatch.workplace import Workplace

    place = Workplace(folder / "out")
    costs = []
    with closing(open_ledger(place)) as ledger:
        old, new = (store_model(place, seed) for seed in (1, 2))
        deploy(place, ledger, old, "to go back to")
        for _ in range(rounds):
            deploy(place, ledger, new, "to be rolled back")
            costs.append(cost_of([*_CLI, "rollback", "--out", str(place.out)]))
    return _of(folder, costs)


def measure_simulation(folder: Path, days: int) -> dict[str, float]:
    """Measure the play of so many days, once: it is long."""
    found = _of(folder, [cost_of([*_CLI, "simulate", "--days", str(days), "--out",
                                  str(folder / "out")])])
    return {"days": days, **found}


def _of(folder: Path, costs: list[Cost]) -> dict[str, float]:
    def middle(read: Callable[[Cost], float]) -> float:
        return round(sorted(map(read, costs))[len(costs) // 2], 3)

    shutil.rmtree(folder / "out")
    return {"cpu_seconds": middle(lambda cost: cost.cpu_seconds),
            "wall_seconds": middle(lambda cost: cost.wall_seconds),
            "peak_megabytes": middle(lambda cost: cost.peak_megabytes)}
