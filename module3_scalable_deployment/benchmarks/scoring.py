"""Measure `census score`: rows a second by format, and what an engine costs beside the work.

In: rows, rounds. Out: figures. The same table is scored as CSV and as Parquet by one process, by
two, and on a Dask cluster of two workers; a table of almost no rows shows what starting costs.
CPU seconds are of all processes.
"""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from benchmarks.cost import Cost, cost_of
from benchmarks.serving import prepare
from census.schema import INPUTS
from census.synthetic import write_rows

_FILES = 8


def measure(folder: Path, rows: int = 800_000, rounds: int = 3) -> dict[str, dict[str, float]]:
    """Return the figures of each way, by name.

    Parameters
    ----------
    folder : Path
        Empty; a model is trained and released in it.
    rows : int
        Of the table, in eight files.
    rounds : int
        The fewest CPU seconds of so many are taken.

    Returns
    -------
    dict
    """
    prepare(folder)
    tables = _write_tables(folder, rows)
    ways = {
        "CSV, one process": ("csv", "--workers", "1"),
        "Parquet, one process": ("parquet", "--workers", "1"),
        "Parquet, two processes": ("parquet", "--workers", "2"),
        "Parquet, Dask with two workers": ("parquet", "--engine", "dask", "--workers", "2"),
        "almost nothing, one process": ("small", "--workers", "1"),
        "almost nothing, Dask with two workers": ("small", "--engine", "dask", "--workers", "2")}
    figures = {}
    for name, (table, *words) in ways.items():
        best = min((_score(folder, tables[table], words) for _ in range(rounds)),
                   key=lambda cost: cost.cpu_seconds)
        # No memory: a process begins with the peak of the one that starts it.
        figures[name] = {"cpu_seconds": best.cpu_seconds, "wall_seconds": best.wall_seconds}
    for name in ("CSV", "Parquet"):
        start = figures["almost nothing, one process"]["cpu_seconds"]
        spent = figures[f"{name}, one process"]["cpu_seconds"] - start
        figures[f"{name}, one process"]["cpu_microseconds_a_row"] = spent / rows * 1e6
    return figures


def _write_tables(folder: Path, rows: int) -> Mapping[str, Path]:
    tables = {name: folder / name for name in ("csv", "parquet", "small")}
    for number in range(_FILES):
        source = folder / "rows.csv"
        write_rows(source, rows // _FILES, number)
        found = pd.read_csv(source, skipinitialspace=True, keep_default_na=False)
        found = found.rename(columns=str.strip)[list(INPUTS)]
        for name, part in (("csv", found), ("parquet", found), ("small", found[:1])):
            tables[name].mkdir(exist_ok=True)
            path = tables[name] / f"part-{number}"
            if name == "csv":
                part.to_csv(path.with_suffix(".csv"), index=False, lineterminator="\n")
            else:
                part.to_parquet(path.with_suffix(".parquet"), index=False)
    return tables


def _score(folder: Path, table: Path, words: list[str]) -> Cost:
    """Score a table afresh, by the command and whatever it starts."""
    with tempfile.TemporaryDirectory(dir=folder) as scores:
        return cost_of(["-m", "census.cli", "score", "--data", str(table), "--scores", scores,
                        "--out", str(folder), *words])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=800_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for title, found_figures in measure(Path(place), given.rows, given.rounds).items():
            print(title, ", ".join(f"{key} {value:,.4g}"
                                   for key, value in found_figures.items()))
