"""The course's layout: real files, real answers, and no run that did not happen."""

import json
from pathlib import Path

import pytest

from census.course import run_course_layout
from census.live import EXAMPLE
from census.transcripts import write_transcripts

SCREENSHOTS = {"example", "live_get", "live_post", "local_api", "dvcdag",
               "continuous_integration", "continuous_deloyment"}


@pytest.fixture(scope="module", name="layout")
def layout_fixture(whole_run, tmp_path_factory):
    """The course's layout of a whole run."""
    folder = tmp_path_factory.mktemp("course layout")
    run_course_layout(whole_run / "out", folder)
    return folder


def text_of(layout, name):
    """Return a transcript."""
    return (layout / "screenshots" / f"{name}.txt").read_text(encoding="utf-8")


def test_the_files_are_those_of_the_run_by_the_courses_names(layout, whole_run):
    for name, source in (("data/census.csv", "data/census.csv"),
                         ("model/model.skops", "model/model.skops"),
                         ("model_card.md", "card/model_card.md"),
                         ("slice_output.txt", "slices/slice_output.txt")):
        assert (layout / name).read_bytes() == (whole_run / "out" / source).read_bytes()
    slices = (layout / "slice_output.txt").read_text(encoding="utf-8")
    assert "sex: Female, Count: " in slices and "Precision: undefined" in slices


def test_there_is_a_transcript_for_each_screenshot_and_no_picture(layout):
    found = [path for path in layout.rglob("*") if path.parent.name == "screenshots"]
    assert {path.stem for path in found} == SCREENSHOTS
    assert {path.suffix for path in found} == {".txt"}


def test_the_answers_are_those_of_the_service(layout, whole_run):
    assert 'status code: 200\nresult: {"greeting":"Welcome!' in text_of(layout, "live_get")
    posted = text_of(layout, "live_post")
    assert "status code: 200\n" in posted
    answer = json.loads(posted.rpartition("result: ")[2])
    version = (whole_run / "out" / "releases" / "current").readlink().name
    assert answer["model_version"] == version and answer["label"] in (">50K", "<=50K")
    assert json.loads(posted.partition("\n")[2].partition("\n\nstatus")[0]) == EXAMPLE
    examples = json.loads(text_of(layout, "example").partition("\n\n")[2])
    assert "marital-status" in examples["one"]["value"]


def test_the_stages_and_the_workflows_are_shown_as_they_are(layout):
    dag = text_of(layout, "dvcdag")
    assert all(stage in dag for stage in ("generate", "train", "bias", "release"))
    for name in ("continuous_integration", "continuous_deloyment"):
        assert "not the record of a run" in text_of(layout, name)
    assert 'make "lint-$MODULE"' in text_of(layout, "continuous_integration")
    assert "smoke test" in text_of(layout, "continuous_deloyment")


def test_outside_of_the_repository_it_says_so(whole_run, tmp_path, monkeypatch):
    monkeypatch.setattr("census.transcripts._WORKFLOWS", Path("/nowhere"))
    monkeypatch.setattr("census.transcripts._dag", lambda: "")
    write_transcripts(whole_run / "out", tmp_path)
    text = (tmp_path / "continuous_deloyment.txt").read_text(encoding="utf-8")
    assert text.startswith("There is no workflow deploy.yml: this module stands outside")
