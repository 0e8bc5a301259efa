"""Measure drift on large tables beside a loop of ``scipy.stats.ks_2samp``: CPU, error, memory.

In: rows, columns. Out: figures. The reference is summarised once, as it is when it is stored;
its cost stands beside. Laws with heavy tails, ties and constants are among the columns.
"""

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LAWS = ("normal", "heavy tails", "skewed", "ties", "mostly zero", "constant", "counts")


def large_table(rows: int, columns: int, seed: int, shift: float) -> "pd.DataFrame":
    """Return a table of the laws in turn, moved a little by ``shift``.

    Parameters
    ----------
    rows, columns, seed : int
    shift : float

    Returns
    -------
    DataFrame
    """
    import numpy as np  # pylint: disable=import-outside-toplevel
    import pandas as pd  # pylint: disable=import-outside-toplevel

    laws: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
        "normal": lambda rng: rng.normal(shift, 1, rows),
        "heavy tails": lambda rng: rng.standard_cauchy(rows) + shift,
        "skewed": lambda rng: rng.lognormal(shift, 2, rows),
        "ties": lambda rng: rng.normal(10 * shift, 8, rows).round(),
        "mostly zero": lambda rng: rng.exponential(1 + shift, rows) * (rng.random(rows) < 0.1),
        "constant": lambda rng: np.full(rows, 7.0),
        "counts": lambda rng: rng.poisson(1000 * (1 + shift / 10), rows),
    }
    values = np.empty((columns, rows))
    for place in range(columns):
        values[place] = laws[LAWS[place % len(LAWS)]](np.random.default_rng([seed, place]))
    return pd.DataFrame(values.T, columns=[f"column {place}" for place in range(columns)],
                        copy=False)


def measure_here(way: str, rows: int, columns: int) -> dict[str, object]:
    """Measure one way in this process.

    Parameters
    ----------
    way : str
        ``ours`` or ``scipy``.
    rows, columns : int

    Returns
    -------
    dict
        CPU seconds, the largest memory of the process, and the statistic of each column.
    """
    from scipy import stats  # pylint: disable=import-outside-toplevel

    from riskwatch.drift import (  # pylint: disable=import-outside-toplevel
        compare_summaries, summaries_of)
    from riskwatch.watch_settings import (  # pylint: disable=import-outside-toplevel
        DriftSettings)

    reference, current = (large_table(rows, columns, seed, 0.02 * (seed - 1)) for seed in (1, 2))
    made_megabytes = _peak_megabytes()
    started = process_time()
    before = summaries_of(reference, "reference") if way == "ours" else {}
    once = process_time() - started
    started = process_time()
    if way == "ours":
        del reference  # it is known by its quantiles
        report = compare_summaries(before, summaries_of(current, "current", before),
                                   DriftSettings())
        found = [max((test.effect for test in column.tests), default=0.0)
                 for column in report.columns]
    else:
        found = [float(stats.ks_2samp(reference[name], current[name], method="asymp").statistic)
                 for name in reference.columns]
    return {"cpu_seconds": process_time() - started, "reference_once_cpu_seconds": once,
            "tables_megabytes": made_megabytes, "peak_megabytes": _peak_megabytes(),
            "statistics": found}


def measure_drift(rows: int = 1_000_000, columns: int = 20, rounds: int = 3) -> dict[str, float]:
    """Compare both ways, in turn, each in processes of its own.

    Parameters
    ----------
    rows, columns, rounds : int

    Returns
    -------
    dict
        Medians of CPU seconds, their ratio, the largest error of a statistic, memory.
    """
    found: dict[str, list[dict[str, object]]] = {"ours": [], "scipy": []}
    for _ in range(rounds):
        for way, results in found.items():
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.drift", way, str(rows), str(columns)],
                check=True, capture_output=True, text=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"})
            results.append(json.loads(done.stdout))
    ours, scipys = (_middle(found[way], "cpu_seconds") for way in ("ours", "scipy"))
    errors = [abs(one - two) for one, two in zip(
        found["ours"][0]["statistics"], found["scipy"][0]["statistics"])]  # type: ignore
    return {"rows": rows, "columns": columns, "ours_cpu_seconds": ours,
            "scipy_cpu_seconds": scipys, "scipy_over_ours": scipys / ours,
            "reference_once_cpu_seconds": _middle(found["ours"], "reference_once_cpu_seconds"),
            "largest_error": max(errors),
            "ours_peak_megabytes": _middle(found["ours"], "peak_megabytes"),
            "scipy_peak_megabytes": _middle(found["scipy"], "peak_megabytes"),
            "tables_megabytes": _middle(found["ours"], "tables_megabytes")}


def _middle(results: list[dict[str, object]], name: str) -> float:
    values = sorted(float(str(result[name])) for result in results)
    return values[len(values) // 2]


def _peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says begins with the peak of whoever started this process
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        assert found is not None
        return int(found[1]) / 1e3
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    print(json.dumps(measure_here(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
