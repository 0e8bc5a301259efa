"""The report: what the pipeline found, and what it found out when it stopped early."""

import json

import pytest

from quick import WORDS, run_captured


@pytest.fixture(scope="module", name="stopped")
def stopped_fixture(tmp_path_factory):
    """The report of a pipeline whose check said no."""
    out = tmp_path_factory.mktemp("stopped")
    code, said = run_captured(["run", "--out", str(out), *WORDS, "checks.min_rows=5000",
                               "tracking.wandb=off", "--steps", "fetch,clean,check,split"])
    assert code == 1 and "rentals run: check: " in said
    return out / "report"


def test_a_stopped_pipeline_has_a_report_that_says_why(stopped):
    page = (stopped / "index.html").read_text("utf-8")
    assert "Stopped: check: 1 of" in page and "row_count" in page.replace("row count", "row_count")
    summary = json.loads((stopped / "summary.json").read_text("utf-8"))
    assert [one["name"] for one in summary["figures"]] == ["steps_skipped"]
    assert summary["images"] == ["lineage.png"]


def test_the_figures_of_the_page_are_those_of_the_artifacts(home):
    report = home / "out" / "report"
    summary = json.loads((report / "summary.json").read_text("utf-8"))
    page = (report / "index.html").read_text("utf-8")
    for one in summary["figures"][:3]:
        assert f"<b>{one['value']:.2f}</b>" in page
        assert one["low"] < one["value"] < one["high"]


def test_the_page_shows_what_w_and_b_has_recorded(home):
    page = (home / "out" / "report" / "index.html").read_text("utf-8")
    for name in ("clean/rows_kept", "train/ridge/mean_absolute_error"):
        assert f"<td>{name}</td>" in page
