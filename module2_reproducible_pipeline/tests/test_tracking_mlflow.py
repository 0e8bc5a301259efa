"""MLflow: parent and child runs on SQLite, and plain words when nobody answers."""

import sqlite3

import pytest
from mlflow import MlflowClient

from quick import NOON

from rentals.errors import TrackingError
from rentals.tracking import TrackedRun
from rentals.tracking_address import local_uri
from rentals.tracking_mlflow import MlflowTracker


@pytest.fixture(scope="module", name="folder")
def folder_fixture(tmp_path_factory):
    """A folder whose database was made once; each test has an experiment of its own."""
    return tmp_path_factory.mktemp("mlflow")


def _runs(folder, experiment):
    client = MlflowClient(local_uri(folder))
    found = client.get_experiment_by_name(experiment)
    return {run.info.run_name: run for run in client.search_runs([found.experiment_id])}


def _tracked(tmp_path, **changes):
    (tmp_path / "made").write_text("x", encoding="utf-8")
    return TrackedRun(**{"title": "clean", "started": NOON, "seconds": 2.0, "is_success": True,
                         "params": {"clean.max_price": "350"}, "metrics": {"rows_kept": 5},
                         "tags": {"code_digest": "c"}, "outputs": {"a.csv": tmp_path / "made"},
                         **changes})


def test_a_pipeline_is_a_parent_run_with_a_child_for_each_unit(folder, tmp_path):
    tracker = MlflowTracker(local_uri(folder), "one", folder)
    parent = tracker.start("pipeline", {"seed": "42"}, {"pipeline": "p"})
    child = tracker.record(_tracked(tmp_path))
    tracker.record(_tracked(tmp_path, title="check", is_success=False))
    tracker.finish({"mae": 3.5}, {"data_digest": "d"}, is_success=True)
    runs = _runs(folder, "one")
    assert runs["pipeline"].info.run_id == parent and runs["clean"].info.run_id == child
    assert {runs[name].data.tags["mlflow.parentRunId"] for name in ("clean", "check")} == {parent}
    assert [runs[name].info.status for name in ("pipeline", "clean", "check")] == [
        "FINISHED", "FINISHED", "FAILED"]
    assert runs["pipeline"].data.params == {"seed": "42"}
    assert runs["pipeline"].data.metrics == {"mae": 3.5}
    assert runs["pipeline"].data.tags["data_digest"] == "d"
    assert runs["clean"].data.params == {"clean.max_price": "350"}
    assert runs["clean"].data.metrics == {"rows_kept": 5}
    assert runs["clean"].data.tags["code_digest"] == "c"
    assert runs["clean"].info.end_time - runs["clean"].info.start_time == 2000
    client = MlflowClient(local_uri(folder))
    assert [file.path for file in client.list_artifacts(child, "a.csv")] == ["a.csv/made"]
    assert (folder / "mlruns").is_dir()


def test_a_run_that_exists_becomes_the_parent_and_is_left_open(folder, tmp_path):
    client = MlflowClient(local_uri(folder))
    given = client.create_run(client.create_experiment(
        "theirs", artifact_location=str(tmp_path / "theirs"))).info.run_id
    tracker = MlflowTracker(local_uri(folder), "ours", folder, parent=given)
    assert tracker.start("pipeline", {}, {}) == given
    tracker.record(_tracked(tmp_path))
    tracker.finish({"mae": 1}, {}, is_success=True)
    assert client.get_run(given).info.status == "RUNNING"
    assert _runs(folder, "theirs")["clean"].data.tags["mlflow.parentRunId"] == given


def test_a_pipeline_of_a_sweep_stands_below_it(folder):
    above = MlflowTracker(local_uri(folder), "sweep", folder)
    top = above.start("sweep", {}, {})
    MlflowTracker(local_uri(folder), "sweep", folder, top).start("pipeline", {}, {})
    assert _runs(folder, "sweep")["pipeline"].data.tags["mlflow.parentRunId"] == top


def test_a_model_is_registered_with_its_alias_and_a_second_one_moves_it(folder, tmp_path):
    tracker = MlflowTracker(local_uri(folder), "models", folder)
    tracker.start("pipeline", {}, {})
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "MLmodel").write_text("flavors: {}\n", encoding="utf-8")
    versions = [tracker.register("rentals", tracker.record(_tracked(tmp_path)),
                                 tmp_path / "release", "prod") for _ in range(2)]
    client = MlflowClient(local_uri(folder))
    assert versions == ["1", "2"]
    assert client.get_model_version_by_alias("rentals", "prod").version in ("2", 2)


def test_a_locked_database_is_one_plain_line(folder, monkeypatch):
    tracker = MlflowTracker(local_uri(folder), "locked", folder)
    tracker.start("pipeline", {}, {})
    monkeypatch.setattr(tracker._client._tracking_client.store, "log_batch",  # pylint: disable=W0212
                        _fail_as_locked)
    with pytest.raises(TrackingError, match="database is locked") as caught:
        tracker.finish({"a": 1}, {}, is_success=True)
    assert "\n" not in str(caught.value)


def _fail_as_locked(*_, **__):
    from sqlalchemy.exc import OperationalError  # pylint: disable=import-outside-toplevel
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))
