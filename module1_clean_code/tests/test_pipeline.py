"""The wiring: steps follow one another and hand the right things on."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from churn.errors import OutputError, TableError
from churn.pipeline import Workplace, check_drift, find_data, run, train_and_release
from churn.settings import build_settings
from churn.store import load_model
from churn.synthetic import generate_customers

SETTINGS = build_settings({
    "generated_rows": 700,
    "training": {"search": "none", "folds": 2, "candidates": ["logistic_regression"]},
    "evaluation": {"bootstrap_resamples": 100, "permutation_repeats": 1}})
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(name="titles")
def _titles():
    return []


@pytest.fixture(name="place")
def _place(tmp_path, titles):
    @contextmanager
    def step(title):
        titles.append(title)
        yield

    return Workplace(tmp_path / "out", SETTINGS, lambda: NOW, step)


def test_a_run_takes_its_steps_in_order(place, titles):
    report = run(place, None)
    assert titles == ["generate data", "explore", "train logistic regression", "evaluate",
                      "release", "check drift", "report"]
    assert report == place.out / "report" / "index.html"
    summary = json.loads((place.out / "report" / "summary.json").read_text(encoding="utf-8"))
    assert summary["started_utc"] == "2026-01-02T03:04:05Z"
    assert summary["data"]["source"] == "generated rows, seed 42"


def test_the_release_is_the_model_that_was_assessed(place):
    customers, data = find_data(place, None)
    training, assessment, release = train_and_release(place, customers, data)
    stored = load_model(place.out)
    assert stored.release.version == release.version
    assert stored.facts.data_sha256 == data.sha256
    assert stored.facts.threshold == training.threshold.value
    assert stored.facts.metrics["roc_auc"] == round(assessment.figure("roc_auc").value, 6)
    assert release.version.startswith("20260102T030405Z-")


def test_the_users_table_is_taken_as_it_is(place, tmp_path):
    table = tmp_path / "mine.csv"
    generate_customers(120, seed=3).to_csv(table)
    customers, data = find_data(place, table)
    assert (len(customers), data.rows, data.source) == (120, 120, "mine.csv")
    assert not (place.out / "data").exists()


def test_a_bad_table_leaves_no_results(place, tmp_path):
    table = tmp_path / "mine.csv"
    generate_customers(120, seed=3).drop(columns="Gender").to_csv(table)
    with pytest.raises(TableError, match="lacks Gender"):
        run(place, table)
    assert not place.out.exists()


def test_a_result_that_cannot_be_written_is_an_output_error(place):
    place.out.mkdir()
    (place.out / "eda").write_text("a file where a folder should be")
    with pytest.raises(OutputError, match="eda"):
        run(place, None)


def test_drift_compares_features_only(place):
    """A share of leavers that moved is no drift of the features."""
    reference = generate_customers(600, seed=1)
    current = reference.assign(Attrition_Flag="Attrited Customer")
    found = check_drift(place, reference, current, None)
    assert found.decision.answer == "keep"
    assert "Attrition_Flag" not in {column.name for column in found.report.columns}
