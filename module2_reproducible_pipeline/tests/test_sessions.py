"""Sessions: what is ready before the first step, and nothing recorded before it runs."""

import json
import time
from contextlib import nullcontext

import pytest
from mlflow import MlflowClient
from quick import NOON, quick_settings

from rentals.errors import TrackingError
from rentals.files import sha256_of_file
from rentals.pipeline import PipelineResult, run_pipeline
from rentals.sessions import Session, start_session, write_report
from rentals.tracking_address import local_uri


def _session(out, *words, above=""):
    return start_session(out, quick_settings("tracking.wandb=off", *words), lambda: NOON,
                         lambda _: nullcontext(), above)


def test_nothing_is_written_before_a_step_runs(tmp_path):
    session = _session(tmp_path / "out", "tracking.wandb=offline")
    assert session.uri == local_uri(tmp_path / "out") and session.started == NOON
    assert not list(tmp_path.iterdir())
    assert _session(tmp_path).place.pipeline != session.place.pipeline


def test_a_server_that_does_not_answer_stops_the_pipeline_before_any_work(tmp_path):
    with pytest.raises(TrackingError, match="no MLflow server answers"):
        _session(tmp_path, "tracking.uri=http://127.0.0.1:9")
    assert not list(tmp_path.iterdir())


def test_a_pipeline_records_its_settings_and_its_steps_below_the_run_above_it(tmp_path):
    client = MlflowClient(local_uri(tmp_path))
    above = client.create_run(client.create_experiment(
        "sweeps", artifact_location=str(tmp_path / "x"))).info.run_id
    session = _session(tmp_path, above=above)
    run_pipeline(session.place, ["fetch", "clean"])
    experiment = client.get_experiment_by_name("rentals")
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    parent = runs[f"pipeline {session.place.pipeline[:8]}"]
    assert parent.data.tags["mlflow.parentRunId"] == above
    assert parent.data.tags["pipeline"] == session.place.pipeline
    assert parent.data.tags["data"] == "sample.csv:v1"
    assert parent.data.tags["data_digest"] == sha256_of_file(
        session.place.store.find("sample.csv:latest").path)
    assert json.loads(parent.data.params["model.candidates"]) == ["median", "ridge"]
    for name in ("fetch", "clean"):
        assert runs[name].data.tags["mlflow.parentRunId"] == parent.info.run_id
    files = {file.path for file in client.list_artifacts(runs["clean"].info.run_id,
                                                         "clean_sample.csv")}
    assert files == {"clean_sample.csv/clean_sample.csv"}


def test_a_step_that_mlflow_started_belongs_to_mlflow_s_run(tmp_path, monkeypatch):
    client = MlflowClient(local_uri(tmp_path))
    given = client.create_run(client.create_experiment(
        "theirs", artifact_location=str(tmp_path / "x"))).info.run_id
    monkeypatch.setenv("MLFLOW_RUN_ID", given)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", local_uri(tmp_path))
    session = _session(tmp_path / "elsewhere")
    assert session.uri == local_uri(tmp_path)
    run_pipeline(session.place, ["fetch"])
    found = client.get_experiment_by_name("theirs").experiment_id
    children = [run for run in client.search_runs([found]) if run.info.run_id != given]
    assert [run.data.tags["mlflow.parentRunId"] for run in children] == [given]


def test_a_report_of_a_part_says_so_and_a_second_one_replaces_it(tmp_path):
    session = _session(tmp_path)
    for steps in (["fetch"], ["fetch", "clean"]):
        page = write_report(session, run_pipeline(session.place, steps))
    text = page.read_text("utf-8")
    assert "Some of the steps were run." in text and "rows kept by cleaning" in text
    summary = json.loads((page.parent / "summary.json").read_text("utf-8"))
    assert summary["figures"][0]["name"] == "steps_skipped" and summary["figures"][0]["value"] == 1


def test_the_seconds_of_a_session_are_those_since_it_began(tmp_path):
    session = Session(_session(tmp_path).place, "", NOON, time.monotonic() - 5)
    assert 5 <= session.seconds < 60
    assert PipelineResult(()).outcome("fetch") is None
