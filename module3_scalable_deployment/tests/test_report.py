"""The report tells what the record holds, and undefined stays undefined."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from census.page import render
from census.places import Places
from census.probe import Probe
from census.report import RunRecord, build_page, build_summary, data_source
from census.training.card_facts import Figure, read_facts

PROBE = Probe(200, ">50K", .987, "20260101T000000Z-00000000", 1.25, 0)


@pytest.fixture(name="record")
def record_fixture(whole_run):
    """The record of the whole run, without pictures."""
    facts = read_facts(Places(whole_run / "out"))
    return RunRecord(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 12.5, facts, PROBE, {})


def test_page_and_summary_show_the_same_figures(record):
    page, summary = render(build_page(record)), build_summary(record)
    for figure in summary["figures"]:
        if figure["name"] in record.facts.metrics.figures:
            assert f"{figure['value']:.3f}" in page, figure["name"]
    assert summary["started_utc"] == "2026-01-02T03:04:05Z" and summary["seconds"] == 12.5


def test_an_undefined_figure_is_called_undefined(record):
    metrics = record.facts.metrics
    figures = {**metrics.figures, "precision": Figure(value=None, low=None, high=None)}
    changed = replace(record, facts=replace(
        record.facts, metrics=metrics.model_copy(update={"figures": figures})))
    found = {one["name"]: one["value"] for one in build_summary(changed)["figures"]}
    assert found["precision"] == "undefined"
    assert "undefined to undefined" in render(build_page(changed))


def test_unequal_groups_are_named_with_ratio_and_interval(record):
    text = render(build_page(record))
    unequal = [one for one in record.facts.fairness.findings
               if one.sure and one.verdict == "unequal" and one.ratio is not None]
    assert unequal
    for one in unequal:
        assert f"{one.ratio:.2f}" in text and f"{one.ratio_low:.2f} to" in text


@pytest.mark.parametrize(("changes", "words"), [
    ({"source": "mine.csv"}, "mine.csv"), ({"source": None}, "generated rows, seed 42")])
def test_the_source_of_the_data_is_told(record, changes, words):
    assert data_source(record.facts.data.model_copy(update=changes)) == words


def test_a_planted_bias_is_told(record):
    planted = record.facts.data.planted.model_copy(update={"bias": 0.5})
    data = record.facts.data.model_copy(update={"planted": planted})
    assert data_source(data) == "generated rows, seed 42, planted bias 0.5"
