"""Measure what this module costs beside the usual way, in one run.

In: where to write, and how large the largest prediction is. Out: a table and ``build/bench.json``.
Figures that are compared are measured side by side, so the ratio holds on a busy machine too.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cost import cost_of, interleaved
from benchmarks.row_wise import median_cpu_seconds, row_wise, vectorised
from churn.synthetic import generate_customers, write_customers

DEFAULT_ROWS = 10_127


def measure_run(folder: Path, data: Path, grid_cells: int) -> dict[str, float]:
    """Time ``churn run`` beside the usual script; most of its grid may be extrapolated."""
    usual_file = folder / "usual.json"
    usual = cost_of(["-m", "benchmarks.usual_script", "--data", str(data), "--out",
                     str(folder / "usual"), "--cells", str(grid_cells)], usual_file)
    ours = cost_of(["-m", "churn.cli", "run", "--data", str(data), "--out",
                    str(folder / "ours")])
    found = json.loads(usual_file.read_text(encoding="utf-8"))
    whole = found["whole_cpu_seconds"]
    figures = json.loads((folder / "ours/evaluation/figures.json").read_text(encoding="utf-8"))
    return {
        "usual_cpu_seconds_measured": usual.cpu_seconds,
        "usual_grid_cells_timed": found["cells_timed"],
        "usual_grid_cells_total": found["cells_total"],
        "usual_cpu_seconds_whole": whole,
        "churn_run_cpu_seconds": ours.cpu_seconds,
        "usual_over_churn_run": whole / ours.cpu_seconds,
        "usual_peak_megabytes": usual.peak_megabytes,
        "churn_run_peak_megabytes": ours.peak_megabytes,
        "usual_forest_auc": found["forest_auc"],
        "churn_run_auc": figures["figures"]["roc_auc"]["value"],
    }


def measure_imports(rounds: int) -> dict[str, float]:
    """Compare the CPU seconds of ``import churn`` and ``import numpy``."""
    found = interleaved({"nothing": ["-c", ""], "churn": ["-c", "import churn"],
                         "numpy": ["-c", "import numpy"]}, rounds)
    return {f"{name}_cpu_seconds": cost.cpu_seconds for name, cost in found.items()}


def measure_predictions(folder: Path, largest: int) -> list[dict[str, float]]:
    """Score 10^4 rows and ten times more each time, up to ``largest``."""
    found, rows = [], 10_000
    while rows <= largest:
        table = folder / "rows.csv"
        write_customers(table, rows, seed=1)
        cost = cost_of(["-m", "churn.cli", "predict", "--data", str(table), "--model",
                        str(folder / "ours"), "--out", str(folder / "scored")])
        table.unlink()
        found.append({"rows": rows, "rows_per_second": rows / cost.wall_seconds,
                      "cpu_microseconds_per_row": 1e6 * cost.cpu_seconds / rows,
                      "peak_megabytes": cost.peak_megabytes})
        rows *= 10
    return found


def measure_efficiency(rows: int, rounds: int) -> dict[str, float]:
    """Compare the row-wise and the vectorised form of one feature step."""
    customers = generate_customers(rows, seed=1)
    slow = median_cpu_seconds(row_wise, customers, rounds)
    fast = median_cpu_seconds(vectorised, customers, rounds)
    return {"rows": rows, "row_wise_cpu_seconds": slow, "vectorised_cpu_seconds": fast,
            "row_wise_over_vectorised": slow / fast}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write; 0 when done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--grid-cells", type=int, default=6,
                        help="cells of the usual grid to time, of 24 (default: 6)")
    parser.add_argument("--largest", type=int, default=1_000_000,
                        help="most rows to predict (default: 10^6; 10^7 takes some minutes)")
    parser.add_argument("--rounds", type=int, default=5)
    words = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "customers.csv"
        write_customers(data, DEFAULT_ROWS, seed=42)
        results = {"run": measure_run(folder, data, words.grid_cells),
                   "imports": measure_imports(words.rounds),
                   "efficiency": measure_efficiency(DEFAULT_ROWS, words.rounds),
                   "predictions": measure_predictions(folder, words.largest)}
    words.out.parent.mkdir(parents=True, exist_ok=True)
    words.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    for title, figures in results.items():
        print(title)
        for line in figures if isinstance(figures, list) else [figures]:
            print("  " + ", ".join(f"{key} {value:,.4g}" for key, value in line.items()))
    print(f"written: {words.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
