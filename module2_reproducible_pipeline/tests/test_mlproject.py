"""MLproject: an entry point for each step, and the same bytes through `mlflow run`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from mlflow import MlflowClient

from quick import WORDS, run_captured

from rentals.artifacts import Store
from rentals.lineage import all_runs
from rentals.plan import STEPS, units
from rentals.settings import Settings

MODULE = Path(__file__).parents[1]
ENTRY_POINTS = yaml.safe_load((MODULE / "MLproject").read_text("utf-8"))["entry_points"]


def test_there_is_an_entry_point_for_each_step_and_one_for_all():
    assert set(ENTRY_POINTS) == {"main", *STEPS}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_every_parameter_has_a_type_and_a_default_and_is_used(name):
    for parameter, told in ENTRY_POINTS[name]["parameters"].items():
        assert told["type"] in ("string", "float", "path", "uri") and "default" in told
        assert f"{{{parameter}}}" in ENTRY_POINTS[name]["command"], parameter


@pytest.mark.parametrize("step", STEPS)
def test_the_artifacts_of_a_step_are_parameters_with_the_plan_s_references(step):
    parameters = ENTRY_POINTS[step]["parameters"]
    named = {one.role: one.reference for unit in units(Settings(), [step]) for one in unit.inputs}
    # Candidates are found by their names, the reference by its alias.
    for role in set(named) - set(Settings().model.candidates) - {"reference"}:
        assert parameters[role]["default"] == named[role]


def _mlflow_run(tmp_path, *words):
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/out/mlflow.db",
                   "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    (tmp_path / "out").mkdir(exist_ok=True)
    return subprocess.run(
        ["mlflow", "run", str(MODULE), "--env-manager", "local", "-P", f"out={tmp_path}/out",
         *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)


def test_mlflow_run_gives_the_same_bytes_as_one_process(home, tmp_path):
    done = _mlflow_run(tmp_path, "-P", f"hydra_options={' '.join(WORDS)} tracking.wandb=off")
    assert done.returncode == 0, done.stderr
    stores = Store(home / "out" / "artifacts"), Store(tmp_path / "out" / "artifacts")
    first, second = ({use.name: use.digest for record in all_runs(store)[:10]
                      for use in record.outputs} for store in stores)
    assert first == second and len(first) == 13
    client = MlflowClient(f"sqlite:///{tmp_path}/out/mlflow.db")
    runs = client.search_runs(["0"])
    parent = next(run for run in runs if "mlflow.parentRunId" not in run.data.tags)
    assert parent.data.tags["mlflow.project.entryPoint"] == "main"
    children = [run for run in runs if run.data.tags.get("mlflow.parentRunId")
                == parent.info.run_id]
    assert len(children) == 10 and parent.info.status == "FINISHED"
    one = _mlflow_run(tmp_path, "-e", "clean", "-P", "max_price=200", "-P",
                      "hydra_options=tracking.wandb=off")
    assert one.returncode == 0, one.stderr
    shutil.copytree(home / "out" / "artifacts", tmp_path / "own" / "artifacts")
    assert run_captured(["step", "clean", "--out", str(tmp_path / "own"), "clean.max_price=200",
                         "tracking.wandb=off"])[0] == 0
    own = Store(tmp_path / "own" / "artifacts")
    for name in ("clean_sample.csv", "dropped_rows.csv"):
        assert stores[1].get(f"{name}:v2").digest == own.get(f"{name}:v2").digest
