"""Measure what a grading costs, beside the plain way of doing the same, in one run.

In: how many rounds. Out: a table, ``build/bench.json``, exit code 1 when a limit is missed. The
reference, module 1 itself, is graded; a planted fault is compared with a fresh pytest process.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursekit import sandbox
from coursekit.environment import CACHE, reference_environment
from coursekit.fixtures import Desk
from coursekit.job import GradingJob
from coursekit.rubric import load_rubric

COURSE = Path(__file__).resolve().parents[1]
MODULE = COURSE.parents[1] / "module1_clean_code"
#: What a fork of the module has.
PARTS = ("src", "tests", "config", "README.md", "pyproject.toml", "requirements.lock")
#: Seconds by the clock of a whole grade on two cores, CPU seconds of a planted fault, seconds of
#: `list` and `hint`.
LIMITS = {"grade_seconds": 90.0, "fault_cpu_seconds": 1.0, "list_seconds": 1.0,
          "hint_seconds": 1.0}


def write_fork(folder: Path) -> Path:
    """Copy the reference as a fork of it would look."""
    for part in PARTS:
        source, target = MODULE / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return folder


def timed(words: list[str], **options: Any) -> tuple[float, float]:
    """Run a command that must not break off; return its seconds and CPU seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(words, check=False, capture_output=True, text=True, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return (time.monotonic() - start,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure_grade(fork: Path, folder: Path, rounds: int) -> dict[str, float]:
    """Grade the reference whole, as the command does."""
    walls, cpus = [], []
    for count in range(rounds):
        wall, cpu = timed([sys.executable, "-m", "coursekit.cli", "grade", "1", str(fork), "--env",
                           "reference", "--seed", "1", "--out", str(folder / f"out{count}")])
        report = json.loads((folder / f"out{count}" / "grade.json").read_text("utf-8"))
        if report["verdict"] != "pass":
            raise SystemExit(f"the reference did not pass: {report['faults']}")
        walls.append(wall)
        # Sandboxes are not children that are waited for: what ran inside is in the report.
        cpus.append(cpu + sum(entry["cpu_seconds"] for entry in report["criteria"]))
    return {"grade_seconds": statistics.median(walls), "grade_seconds_most": max(walls),
            "grade_cpu_seconds": statistics.median(cpus)}


def measure_faults(fork: Path, python: Path, rounds: int) -> dict[str, float]:
    """Run the tests with each planted fault, and the same tests in processes of their own."""
    job = GradingJob(str(MODULE / "rubric"), str(fork), os.devnull, str(python), "reference", "",
                     sandbox.choose_isolation(sandbox.STRONG), 1, ("M1-54",), (), (),
                     time.time() + 3600)
    desk = Desk(job)
    costs: list[float] = []
    try:
        suite, do = desk.suite, desk.probe.do
        chosen = {name: suite.callers(suite.functions[name]) for name in suite.bugs}
        desk.probe.do = lambda job, *given, **named: noted(  # type: ignore
            do(job, *given, **named), costs if is_one_of(job, chosen) else [])
        found = sum(not tests.green for tests in suite.bugs.values())
    finally:
        desk.close()
    sample = sorted(chosen)[:: max(1, len(chosen) // max(1, 3 * rounds))]
    fresh = [timed([str(python), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p",
                    "no:randomly", "-n", "0", *chosen[name]], cwd=fork,
                   env={**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg",
                        "PYTHONPATH": str(fork / "src")})[1]
             for name in sample]
    return {"faults": len(costs), "faults_found": found,
            "fault_cpu_seconds": statistics.mean(costs),
            "fault_cpu_seconds_median": statistics.median(costs),
            "fault_cpu_seconds_most": max(costs),
            "fresh_process_cpu_seconds": statistics.mean(fresh),
            "fresh_over_forked": statistics.mean(fresh) / statistics.mean(costs)}


def is_one_of(job: Any, faults: Any) -> bool:
    """Tell whether a job runs the tests with one of these faults; controls run in between."""
    kind, name = job.get("seeded") or ("", "")
    return kind == "bug" and name in faults


def noted(result: Any, costs: list[float]) -> Any:
    """Write down what a run cost."""
    costs.append(result.cpu_seconds)
    return result


def measure_verbs(rounds: int) -> dict[str, float]:
    """Time the learner's quick verbs."""
    return {f"{verb}_seconds": statistics.median(
        timed([sys.executable, "-m", "coursekit.cli", "learn", verb])[0] for _ in range(rounds))
        for verb in ("list", "hint")}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--rounds", type=int, default=2)
    words = parser.parse_args(argv)
    python = reference_environment(load_rubric(MODULE / "rubric"), CACHE).python
    assert python is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        fork = write_fork(folder / "fork")
        results = {**measure_grade(fork, folder, words.rounds),
                   **measure_faults(fork, python, words.rounds),
                   **measure_verbs(words.rounds + 1)}
    words.out.parent.mkdir(parents=True, exist_ok=True)
    words.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    missed = [key for key, limit in LIMITS.items() if results[key] > limit]
    for key, value in results.items():
        limit = f"  (limit {LIMITS[key]:g})" if key in LIMITS else ""
        print(f"{key:28} {value:10,.3f}{limit}{'  MISSED' if key in missed else ''}")
    print(f"written: {words.out}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
