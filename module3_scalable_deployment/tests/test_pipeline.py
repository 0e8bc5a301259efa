"""A whole run: every stage, a service that answered, a report by the root's contract."""

import json
import re
import shutil
from argparse import Namespace

import pytest

from census.pipeline import STAGES, run
from census.probe import Probe
from census.settings import Settings


def test_every_stage_left_its_files(whole_run):
    out = whole_run / "out"
    for path in ("data/census.csv", "prepared/train.csv", "model/model.skops",
                 "evaluation/metrics.json", "slices/slice_output.txt", "bias/fairness.json",
                 "card/model_card.md", "releases/current/manifest.json", "report/index.html",
                 "report/summary.json", "report/roc.png", "logs/census.log"):
        assert (out / path).is_file(), path


def test_the_summary_keeps_the_contract(whole_run):
    folder = whole_run / "out" / "report"
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert set(summary) == {"module", "title", "started_utc", "seconds", "data", "figures",
                            "images", "links"}
    assert summary["module"] == "module3_scalable_deployment"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", summary["started_utc"])
    assert summary["data"]["source"] == "generated rows, seed 42"
    for path in [*summary["images"], *(link["path"] for link in summary["links"])]:
        assert (folder / path).is_file(), path
    metrics = json.loads((folder / "../evaluation/metrics.json").read_text(encoding="utf-8"))
    found = {figure["name"]: figure for figure in summary["figures"]}
    for name, figure in metrics["figures"].items():
        assert (found[name]["value"], found[name]["low"]) == (figure["value"], figure["low"])


def test_the_report_shows_the_service_that_answered(whole_run):
    out = whole_run / "out"
    page = (out / "report" / "index.html").read_text(encoding="utf-8")
    version = (out / "releases" / "current").readlink().name
    assert "answered status 200" in page and "stopped with exit code 0" in page
    assert version in page
    assert page.count("data:image/png;base64,") >= 4


def test_the_log_tells_each_stage_and_its_seconds(whole_run):
    log = (whole_run / "out" / "logs" / "census.log").read_text(encoding="utf-8")
    for stage in (*STAGES, "service"):
        assert re.search(rf"census\.pipeline: {stage}: ", log), stage


@pytest.mark.parametrize(("answer", "code"), [
    (Probe(200, ">50K", .9, "v", 1.0, 0), 0), (Probe(503, ">50K", .9, "v", 1.0, 0), 1),
    (Probe(200, ">50K", .9, "v", 1.0, -9), 1)])
def test_a_service_that_fails_is_exit_1(whole_run, tmp_path, monkeypatch, answer, code):
    monkeypatch.setattr("census.pipeline.STAGES", ())
    monkeypatch.setattr("census.pipeline.probe", lambda _: answer)
    shutil.copytree(whole_run / "out", tmp_path / "out", symlinks=True)
    words = Namespace(out=tmp_path / "out", data=None, course_layout=tmp_path / "course")
    monkeypatch.setattr("census.pipeline.run_course_layout", lambda out, folder: folder.mkdir())
    assert run(words, Settings()) == code and words.course_layout.is_dir()
