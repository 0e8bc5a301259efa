"""Page and summary tell what the record holds; what is undefined stays undefined."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from runpy import run_path

import pytest
from played_days import told_days  # noqa: F401  pylint: disable=unused-import

from riskwatch.page import render
from riskwatch.probe import Asked, Probe
from riskwatch.simulate_words import Told
from riskwatch.summary import RunRecord, build_page, build_summary

PROBE = Probe((Asked("GET /", 200, 12.5, 1234), Asked("GET /metrics", 503, 1.0, 5)),
              "15 routes, 9 rows", True, 1.25, 0)


@pytest.fixture(name="record")
def record_of_run(told: Told) -> RunRecord:
    """A record of the short play."""
    return RunRecord(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 12.5, 9.75, told, PROBE,
                     "generated drops, seed 42",
                     told.played.place.out.parent / "report" / "index.html")


def figures(record: RunRecord) -> Mapping[str, Mapping[str, object]]:
    """The figures of the summary by name."""
    return {figure["name"]: figure for figure in build_summary(record)["figures"]}


def test_the_figures_are_those_of_the_play(record: RunRecord) -> None:
    story, truth, found = record.told.story, record.told.truth, figures(record)
    last = story.last_score()
    assert truth is not None and last is not None
    for name, figure in (("roc_auc", last.roc_auc), ("f1", last.f1)):
        one = found[f"last_drop_{name}"]
        assert (one["value"], one["low"], one["high"]) == (figure.value, figure.low, figure.high)
        assert f"{figure.value:.3f}" in render(build_page(record))
    assert found["deployments"]["value"] == len(story.deployments) >= 2
    assert found["requests_failed"]["value"] == 1 and found["requests_probed"]["value"] == 2
    assert found["drift_eras_seen"]["value"] == sum(
        era.noticed is not None for era in truth.eras)
    blind = replace(truth, eras=tuple(replace(era, noticed=None) for era in truth.eras))
    other = figures(replace(record, told=replace(record.told, truth=blind)))
    assert (other["drift_eras_seen"]["value"], other["drift_eras_missed"]["value"]) == (0, 3)


def test_the_summary_keeps_the_contract_of_the_monorepo(record: RunRecord) -> None:
    summary = build_summary(record)
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert summary["started_utc"] == "2026-01-02T03:04:05Z" and summary["seconds"] == 12.5
    path = Path(__file__).parents[2] / ".github" / "summary.py"
    if not path.is_file():
        pytest.skip("the contract stands in the monorepo only")
    contract = run_path(str(path))
    contract["parse_summary"](summary)
    with pytest.raises(contract["SummaryError"]):
        contract["parse_summary"]({**summary, "more": 1})


def test_the_digest_is_of_every_file_that_arrived(record: RunRecord) -> None:
    lines = "".join(f"{one.file.sha256} {one.file.name}\n" for one in record.told.story.files)
    digest = build_summary(record)["data"]["sha256"]
    assert digest == hashlib.sha256(lines.encode()).hexdigest()
    fewer = replace(record.told.story, files=record.told.story.files[:-1])
    other = replace(record, told=replace(record.told, story=fewer))
    assert build_summary(other)["data"]["sha256"] != digest


def test_own_files_have_no_truth_and_a_play_without_labels_no_score(record: RunRecord) -> None:
    story = replace(record.told.story, scores=())
    bare = replace(record, told=replace(record.told, story=story, truth=None))
    found = figures(bare)
    assert found["last_drop_f1"]["value"] == "undefined" and "false_alarms" not in found
    page = render(build_page(bare))
    assert "Beside the truth" not in page and "ROC AUC" not in page


def test_the_page_names_every_decision_that_did_something_and_every_request(record: RunRecord
                                                                            ) -> None:
    page = render(build_page(record))
    assert page.count("<td class=\"words\">retrain</td>") == len(
        record.told.story.by_action()["retrain"])
    assert "GET /metrics" in page and ">503<" in page and "1,234" in page
    assert "1 of 2" in page  # requests answered


@pytest.mark.parametrize(("changes", "is_sound"), [
    ({}, False), ({"asked": PROBE.asked[:1]}, True),
    ({"asked": PROBE.asked[:1], "exit_code": 1}, False)])
def test_a_run_is_sound_when_play_and_service_are(record: RunRecord, changes: dict[str, object],
                                                  is_sound: bool) -> None:
    probe = replace(PROBE, **changes)  # type: ignore[arg-type]
    assert replace(record, probe=probe).is_sound == is_sound
    assert record.in_words()[-1] == f"report: {record.page}"
