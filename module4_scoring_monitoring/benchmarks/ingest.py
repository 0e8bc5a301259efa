"""Measure ingest beside pandas: CPU seconds and memory by rows and by number of files.

In: rows, files, rounds. Out: figures of whole processes, imports and all. Ours checks every
value, keeps origins, writes Parquet and a ledger; the usual way writes one CSV. The floor is
the engine alone, which checks nothing: see `benchmarks.floor_ingest`.
"""

import shutil
import statistics
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from string import ascii_lowercase

from benchmarks.cost import Cost, cost_of

#: Rows, files: few and many files of the same rows, and ten times as many rows.
CASES = ((1_000_000, 10), (1_000_000, 1_000), (10_000_000, 10))
_REPEATED_SHARE = 0.05


def write_drops(folder: Path, rows: int, files: int) -> None:
    """Write drops of together ``rows`` rows, one in twenty of them repeated within its file."""
    # pylint: disable=import-outside-toplevel  # the process that measures stays small
    import numpy as np
    import pandas as pd

    from riskwatch.population import draw
    from riskwatch.schema import NAMES

    rng = np.random.default_rng(1)
    # So many rows come from as many corporations as there are names.
    pool = np.array(["".join(name) for name in product(ascii_lowercase, repeat=4)])
    folder.mkdir(parents=True)
    size = rows // files
    for number in range(files):
        drawn = draw(size, "stable", rng, pool)
        drop = pd.DataFrame(dict(zip(NAMES, (
            drawn.corporation, drawn.last_month, drawn.last_year, drawn.employees,
            drawn.exited))))
        count = int(size * _REPEATED_SHARE)
        drop.iloc[size - count:] = drop.iloc[:count].to_numpy()
        drop.to_csv(folder / f"{number:05d}.csv", index=False, lineterminator="\n")


def measure_ingest(folder: Path, rows: int, files: int, rounds: int = 5) -> dict[str, float]:
    """Compare ours with the usual way, in turn, and measure a second ingest of known files.

    Parameters
    ----------
    folder : Path
        To work in; what is written is removed.
    rows, files, rounds : int

    Returns
    -------
    dict
        Medians: CPU seconds, peak megabytes, and how many times less CPU ours takes.
    """
    drops, out, merged = folder / "drops", folder / "out", folder / "finaldata.csv"
    # In a process of its own: a child's peak memory begins with that of its parent.
    cost_of(["-m", "benchmarks.ingest", str(drops), str(rows), str(files)])
    command = ["-m", "riskwatch.cli", "ingest", "--data", str(drops), "--out", str(out)]
    found: dict[str, list[Cost]] = {"ours": [], "again": [], "usual": [], "floor": []}
    for _ in range(rounds):
        shutil.rmtree(out, ignore_errors=True)
        found["ours"].append(cost_of(command))
        found["again"].append(cost_of(command))
        for name in ("usual", "floor"):
            found[name].append(cost_of(
                ["-m", f"benchmarks.{name}_ingest", str(drops), str(merged)]))
    shutil.rmtree(folder)

    def median(name: str, read: Callable[[Cost], float]) -> float:
        return round(statistics.median(read(cost) for cost in found[name]), 3)

    return {
        "rows": rows, "files": files, "rounds": rounds,
        "ours_cpu_seconds": median("ours", lambda cost: cost.cpu_seconds),
        "ours_peak_megabytes": median("ours", lambda cost: cost.peak_megabytes),
        "known_files_cpu_seconds": median("again", lambda cost: cost.cpu_seconds),
        "known_files_wall_seconds": median("again", lambda cost: cost.wall_seconds),
        "usual_cpu_seconds": median("usual", lambda cost: cost.cpu_seconds),
        "usual_peak_megabytes": median("usual", lambda cost: cost.peak_megabytes),
        "floor_cpu_seconds": median("floor", lambda cost: cost.cpu_seconds),
        "usual_over_floor": round(median("usual", lambda cost: cost.cpu_seconds)
                                  / median("floor", lambda cost: cost.cpu_seconds), 2),
        "usual_over_ours": round(median("usual", lambda cost: cost.cpu_seconds)
                                 / median("ours", lambda cost: cost.cpu_seconds), 2),
        "floor_over_ours": round(median("floor", lambda cost: cost.cpu_seconds)
                                 / median("ours", lambda cost: cost.cpu_seconds), 2),
    }


if __name__ == "__main__":
    write_drops(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
