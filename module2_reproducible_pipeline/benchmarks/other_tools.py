"""The same steps under other tools: a DVC project, and one `mlflow run` for each step.

In: settings, a folder. Out: what each costs.
DVC runs the bare steps, so that it pays for itself alone and not for our store and tracking.
"""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cost import MODULE, Cost, cost_of, total
from rentals.configuration import load_settings
from rentals.plan import STEPS, units


def write_dvc_project(folder: Path, words: Sequence[str]) -> int:
    """Write ``dvc.yaml`` with a stage for each unit of the plan; return how many."""
    plan = units(load_settings(words))
    stages = {unit.title.replace(" ", "-"): {
        "cmd": shlex.join(["python", "-m", "benchmarks.bare", "--out", ".", "--unit",
                           unit.title, *words]),
        "deps": sorted({one.reference.partition(":")[0] for one in unit.inputs}),
        "outs": list(unit.outputs)} for unit in plan}
    # JSON is YAML.
    (folder / "dvc.yaml").write_text(json.dumps({"stages": stages}, indent=1), encoding="utf-8")
    return len(plan)


def dvc_repro(place: Path, words: Sequence[str]) -> Cost:
    """Run all stages, or find that nothing changed when they ran in this place before."""
    folder = place / "dvc"
    if not folder.is_dir():
        folder.mkdir()
        write_dvc_project(folder, words)
        cost_of(["-m", "dvc", "init", "--no-scm", "-q"], folder)
    return cost_of(["-m", "dvc", "repro", "-q"], folder)


def bare_processes(place: Path, words: Sequence[str]) -> Cost:
    """Run each unit bare, in a process of its own: each loads its libraries afresh."""
    folder = place / "processes"
    folder.mkdir()
    return total([cost_of(["-m", "benchmarks.bare", "--out", ".", "--unit", unit.title, *words],
                          folder) for unit in units(load_settings(words))])


def mlflow_runs(place: Path, words: Sequence[str]) -> Cost:
    """Run each step by `mlflow run`, as its own process that starts another."""
    folder = place / "mlflow"
    folder.mkdir()
    hydra = " ".join(word for word in words if not word.startswith(
        ("data.rows=", "model.candidates=")))
    costs = []
    for step in STEPS:
        given = ["-P", f"out={folder}", "-P", f"hydra_options={hydra}"]
        for word in words:
            if word.startswith("data.rows=") and step == "fetch":
                given += ["-P", f"rows={word.partition('=')[2]}"]
            if word.startswith("model.candidates=") and step in ("train", "select"):
                given += ["-P", f"candidates={word.partition('=')[2].strip('[]')}"]
        costs.append(cost_of(["-m", "mlflow", "run", str(MODULE), "--env-manager", "local",
                              "-e", step, *given], folder))
    return total(costs)
