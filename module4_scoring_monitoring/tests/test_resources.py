"""What can be listed follows from the tables: columns, filters and their values."""

from dataclasses import fields

import pytest

from riskwatch.records import DriftVerdict
from riskwatch.tables import SPEC_OF
from riskwatch.web.resources import BY_PATH, RESOURCES, SUMMARY_CHECK, Kind


def test_every_list_of_the_watch_is_there() -> None:
    assert set(BY_PATH) == {
        "/v1/scores", "/v1/drift", "/v1/decisions", "/v1/runs", "/v1/deployments",
        "/v1/diagnostics", "/v1/summary-statistics", "/v1/data/files"}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
def test_filters_are_columns_and_known_to_the_ledger(resource: object) -> None:
    filters = resource.filters  # type: ignore[attr-defined]
    known = {"run_id", *SPEC_OF[resource.record].filters}  # type: ignore[attr-defined]
    assert set(filters) <= known and set(filters) <= set(resource.columns)  # type: ignore


def test_types_and_choices_come_from_the_record() -> None:
    columns = BY_PATH["/v1/drift"].columns
    assert columns["verdict"] == Kind("string", False, ("drift", "no_drift", "not_enough_data"))
    assert columns["file_id"] == Kind("integer", True)
    assert columns["p_value"] == Kind("number", True)
    assert list(columns)[:4] == ["id", "made_utc", "run_id", "file_id"]
    assert set(columns) - {"id", "made_utc", "run_id"} == {
        field.name for field in fields(DriftVerdict)}


def test_a_run_shows_its_end_and_summaries_are_fixed() -> None:
    assert BY_PATH["/v1/runs"].columns["outcome"].is_nullable
    assert "run_id" not in BY_PATH["/v1/runs"].columns
    summary = BY_PATH["/v1/summary-statistics"]
    assert summary.fixed == {"check": SUMMARY_CHECK} and "check" not in summary.filters
