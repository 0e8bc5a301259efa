"""Measure what the pipeline costs beside its bare work and beside other tools, in one run.

In: where to write, how many rounds. Out: a table and ``build/bench.json``.
Figures that are compared are measured side by side, so the ratio holds on a busy machine too.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cost import Cost, cost_of, interleaved
from benchmarks.other_tools import bare_processes, dvc_repro, mlflow_runs
from rentals.configuration import load_settings
from rentals.plan import STEPS, units
from rentals.synthetic import write_listings_drop

#: What is demanded of the default pipeline.
MOST_OVER_BARE, MOST_OF_A_RERUN = 1.3, 0.05
#: Steps so small that what is around them shows.
SMALL = ("data.rows=700", "checks.min_rows=100", "model.candidates=[median,ridge]",
         "model.text.least_listings=2", "model.text.topics=4", "model.text.folds=2",
         "select.bootstrap_resamples=100", "evaluate.bootstrap_resamples=100",
         "evaluate.single_rows=5")


def bare(place: Path, words: Sequence[str] = ()) -> Cost:
    """Run all steps bare in one process."""
    return cost_of(["-m", "benchmarks.bare", "--out", "bare", *words], place)


def pipeline(place: Path, words: Sequence[str] = ()) -> Cost:
    """Run `rentals run`; in a place where it ran before, nothing has changed."""
    return cost_of(["-m", "rentals.cli", "run", "--out", "ours", *words], place)


def measure_pipeline(folder: Path, rounds: int) -> dict[str, float]:
    """Compare the default pipeline, and its unchanged rerun, with its bare work."""
    found = interleaved({"bare": bare, "run": pipeline, "rerun": pipeline}, rounds, folder)
    cpu = {name: cost.cpu_seconds for name, cost in found.items()}
    return {**{f"{name}_cpu_seconds": seconds for name, seconds in cpu.items()},
            **{f"{name}_wall_seconds": cost.wall_seconds for name, cost in found.items()},
            "run_peak_megabytes": found["run"].peak_megabytes,
            "run_over_bare": cpu["run"] / cpu["bare"], "run_over_bare_at_most": MOST_OVER_BARE,
            "rerun_over_run": cpu["rerun"] / cpu["run"],
            "rerun_over_run_at_most": MOST_OF_A_RERUN}


def measure_overhead(folder: Path, rounds: int) -> dict[str, float]:
    """Compare what each step costs more than its bare work in one process, by tool."""
    found = interleaved({
        "bare": lambda place: bare(place, SMALL),
        "rentals run": lambda place: pipeline(place, SMALL),
        "rentals run, unchanged": lambda place: pipeline(place, SMALL),
        "bare, a process each": lambda place: bare_processes(place, SMALL),
        "dvc repro": lambda place: dvc_repro(place, SMALL),
        "dvc repro, unchanged": lambda place: dvc_repro(place, SMALL)}, rounds, folder)
    # Once is enough for minutes; the others need the rounds.
    found |= interleaved({"mlflow run": lambda place: mlflow_runs(place, SMALL)}, 1,
                         folder / "once")
    floor, counts = found.pop("bare").cpu_seconds, {"mlflow run": len(STEPS)}
    steps = len(units(load_settings(SMALL)))
    return {"bare_cpu_seconds_all_steps": floor, **{
        f"{name}, cpu seconds a step": (
            cost.cpu_seconds - (0 if name.endswith("unchanged") else floor)
        ) / counts.get(name, steps) for name, cost in found.items()}}


def measure_checks(folder: Path, rounds: int) -> dict[str, float]:
    """Compare the project's checks with the same ones in Great Expectations, 20,000 rows."""
    write_listings_drop(folder / "listings.csv", 20_000, 42, 1)
    code = ("import sys, pathlib; from rentals.settings import CheckSettings\n"
            "from rentals.{0} import {1}\nfile = pathlib.Path(sys.argv[1])\n"
            "for _ in range(int(sys.argv[2])): {1}(file, file, CheckSettings())")
    found = interleaved({
        f"{name}, {times}": lambda place, text=code.format(*where), times=times: cost_of(
            ["-c", text, str(folder / "listings.csv"), str(times)], place)
        for name, where in (("ours", ("checks.runner", "run_checks")),
                            ("great_expectations", ("expectations", "run_expectations")))
        for times in (1, 2)}, rounds, folder)
    cpu = {name: cost.cpu_seconds for name, cost in found.items()}
    return {f"{name}_{what}_cpu_seconds": seconds for name in ("ours", "great_expectations")
            for what, seconds in (("first", cpu[f"{name}, 1"]),
                                  ("further", cpu[f"{name}, 2"] - cpu[f"{name}, 1"]))}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write; 0 when done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="pipeline,overhead,checks")
    words = parser.parse_args(argv)
    parts = {"pipeline": measure_pipeline, "overhead": measure_overhead,
             "checks": measure_checks}
    results = {}
    for name in words.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            results[name] = parts[name](Path(folder), words.rounds)
        print(name, *(f"  {key}: {value:,.4g}" for key, value in results[name].items()),
              sep="\n", flush=True)
    words.out.parent.mkdir(parents=True, exist_ok=True)
    words.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"written: {words.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
