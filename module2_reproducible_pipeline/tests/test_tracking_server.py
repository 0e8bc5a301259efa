"""A real MLflow server, on SQLite and on PostgreSQL, asked over its REST API what it was told."""

import hashlib

import pytest
import requests

from quick import WORDS, run_captured
from servers import free_port, mlflow_server, postgresql

from rentals.artifacts import Store
from rentals.lineage import all_runs

STEPS = "fetch,clean,split,train,select,evaluate,release"
RUNS = ("fetch", "clean", "split", "train median", "train ridge", "select", "evaluate", "release")


class _Told:
    """What a pipeline told a server, and the folder in which it ran."""

    def __init__(self, address, out):
        self.address, self.out = address, out
        self.experiment = self.get("experiments/get-by-name", experiment_name="rentals")[
            "experiment"]["experiment_id"]
        found = requests.post(f"{address}/api/2.0/mlflow/runs/search", timeout=30, json={
            "experiment_ids": [self.experiment]}).json()["runs"]
        self.runs = {run["info"]["run_name"]: run for run in found}

    def get(self, ask, **words):
        """Ask the REST API."""
        answer = requests.get(f"{self.address}/api/2.0/mlflow/{ask}", params=words, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def values(self, title, kind):
        """Return the tags, params or metrics of a run."""
        return {one["key"]: one["value"] for one in self.runs[title]["data"].get(kind, ())}

    def sha256(self, title, path):
        """Download an artifact; return its digest."""
        run = self.runs[title]["info"]["run_id"]
        answer = requests.get(f"{self.address}/get-artifact", timeout=30,
                              params={"path": path, "run_uuid": run})
        assert answer.ok, answer.text
        return hashlib.sha256(answer.content).hexdigest()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"], name="told")
def told_fixture(request, tmp_path_factory):
    """Let a pipeline log to a server on each database."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield from _told(f"sqlite:///{folder}/server.db", folder)
    else:
        with postgresql() as store:
            yield from _told(store, folder)


def _told(store, folder):
    with mlflow_server(store, folder) as address:
        code, said = run_captured([
            "run", "--out", str(folder / "out"), "--steps", STEPS, *WORDS, "tracking=server",
            f"tracking.uri={address}", "tracking.wandb=off"])
        assert code == 0, said
        assert f"MLflow: {address}\n" in said
        yield _Told(address, folder / "out")


def test_the_server_has_a_parent_run_with_a_child_for_each_unit(told):
    parent, = (name for name in told.runs if name.startswith("pipeline "))
    assert set(told.runs) == {parent, *RUNS}
    assert {run["info"]["status"] for run in told.runs.values()} == {"FINISHED"}
    ids = {told.values(title, "tags").get("mlflow.parentRunId") for title in RUNS}
    assert ids == {told.runs[parent]["info"]["run_id"]}
    assert told.values(parent, "params")["data.rows"] == "700"
    error = told.values("evaluate", "metrics")["mean_absolute_error"]
    assert told.values(parent, "metrics")["evaluate_mean_absolute_error"] == error > 0


def test_the_server_has_the_tags_and_figures_of_the_records(told):
    for record in all_runs(Store(told.out / "artifacts")):
        tags = told.values(record.step, "tags")
        assert (tags["code_digest"], tags["pipeline"]) == (record.code, record.pipeline)
        assert told.runs[record.step]["info"]["run_id"] == record.tracking_id
        assert told.values(record.step, "metrics") == pytest.approx(record.metrics)
        for use in record.outputs:
            assert tags[f"output.{use.name}"] == use.digest
        for use in record.inputs:
            assert tags[f"input.{use.role}"] == f"{use.reference} {use.digest}"


def test_the_artifacts_of_the_server_are_those_of_the_store(told):
    store = Store(told.out / "artifacts")
    table = store.get("clean_sample.csv")
    assert told.sha256("clean", "clean_sample.csv/clean_sample.csv") == table.digest
    model = (store.get("release").path / "model.skops").read_bytes()
    assert told.sha256("release", "release/model.skops") == hashlib.sha256(model).hexdigest()
    assert not (told.out / "mlruns").exists() and not (told.out / "mlflow.db").exists()


def test_the_registry_of_the_server_has_the_release_under_its_alias(told):
    found = told.get("registered-models/alias", name="rentals", alias="prod")["model_version"]
    assert found["version"] == "1" and found["status"] == "READY"
    assert found["run_id"] == told.runs["release"]["info"]["run_id"]
    listed = told.get("artifacts/list", run_id=found["run_id"], path="model")["files"]
    assert {"model/MLmodel", "model/model.skops"} <= {file["path"] for file in listed}


def test_a_server_that_is_not_there_is_one_plain_line_before_any_work(tmp_path):
    words = ["run", "--out", str(tmp_path / "out"), "--steps", "fetch", "data.rows=300",
             "tracking=server", f"tracking.uri=http://127.0.0.1:{free_port()}",
             "tracking.wandb=off"]
    code, said = run_captured(words)
    assert code == 2 and "no MLflow server answers there" in said and "Traceback" not in said
    assert "tracking.when_unreachable=local" in said
    assert not (tmp_path / "out" / "artifacts" / "objects").exists()
    code, said = run_captured([*words, "tracking.when_unreachable=local"])
    assert code == 0 and "recording in" in said
    assert (tmp_path / "out" / "mlflow.db").is_file()
