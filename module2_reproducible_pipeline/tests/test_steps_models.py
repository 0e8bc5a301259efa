"""The steps train, select, evaluate and release, on a hundred listings."""

import csv
import json

import numpy as np
import pytest
import yaml

from listing_rows import SMALL, listings

from rentals.contents import content_of
from rentals.data import load_listings, write_listings
from rentals.evaluate import compare
from rentals.model_files import load_model
from rentals.plan import CHOSEN, Task
from rentals.settings import EvaluateSettings, SelectSettings, Settings
from rentals.steps import evaluate, release, select, train

SETTINGS = Settings(model=SMALL, select=SelectSettings(bootstrap_resamples=100),
                    evaluate=EvaluateSettings(bootstrap_resamples=100, single_rows=5))
NAMES = ("median", "ridge", "random_forest")


@pytest.fixture(scope="module", name="made")
def made_fixture(tmp_path_factory):
    """A folder with tables, trained candidates and what select made of them."""
    folder = tmp_path_factory.mktemp("models")
    for name, rows in (("trainval.csv", listings(400)), ("test.csv", listings(120, seed=9))):
        write_listings(rows, folder / name)
    for name in NAMES:
        train.run(Task({"trainval": folder / "trainval.csv"}, SETTINGS, folder, name))
    select.run(Task(_candidates(folder), SETTINGS, folder))
    _evaluate(folder, folder / CHOSEN, folder)
    return folder


def _candidates(folder):
    return {"trainval": folder / "trainval.csv",
            **{name: folder / f"model_{name}" for name in NAMES}}


def _rows(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_candidate_stands_beside_its_predictions_of_rows_it_has_not_seen(made):
    stored = load_model(made / "model_ridge")
    rows = _rows(made / "model_ridge" / "validation.csv")
    validation = load_listings(made / "trainval.csv").set_index("id", drop=False).loc[
        [int(row["id"]) for row in rows]]
    assert len(rows) == 80 and stored.facts.rows == 320
    np.testing.assert_allclose(stored.pipeline.predict(validation),
                               [float(row["predicted"]) for row in rows], atol=5e-5)


def test_all_candidates_are_validated_on_the_same_rows(made):
    assert len({tuple(row["id"] for row in _rows(made / f"model_{name}" / "validation.csv"))
                for name in NAMES}) == 1


def test_training_again_gives_the_same_bytes(made, tmp_path):
    train.run(Task({"trainval": made / "trainval.csv"}, SETTINGS, tmp_path, "ridge"))
    assert content_of(tmp_path / "model_ridge") == content_of(made / "model_ridge")


def test_the_least_error_is_chosen_and_the_others_are_compared_with_it(made):
    rows = {row["candidate"]: row for row in _rows(made / CHOSEN / "comparison.csv")}
    best = min(rows.values(), key=lambda row: float(row["mae"]))["candidate"]
    assert load_model(made / CHOSEN).facts.name == best == "ridge"
    tables = {name: _rows(made / f"model_{name}" / "validation.csv") for name in NAMES}
    price, ours, theirs = ([float(row[key]) for row in tables[name]] for name, key in (
        ("ridge", "price"), ("ridge", "predicted"), ("median", "predicted")))
    expected = compare(price, ours, theirs, resamples=100, seed=42)[0]
    assert float(rows["median"]["behind_low"]) == pytest.approx(expected.low, abs=1e-4)
    assert float(rows["ridge"]["behind_best"]) == 0


def test_the_chosen_model_learns_the_validation_rows_too_unless_told_not_to(made, tmp_path):
    assert load_model(made / CHOSEN).facts.rows == 400
    settings = Settings(model=SMALL, select=SelectSettings(100, refit=False))
    select.run(Task(_candidates(made), settings, tmp_path))
    assert load_model(tmp_path / CHOSEN).sha256 == load_model(made / "model_ridge").sha256


def test_equal_candidates_give_the_simpler_one(made, tmp_path):
    inputs = {"trainval": made / "trainval.csv", "ridge": made / "model_ridge",
              "random_forest": made / "model_ridge"}
    select.run(Task(inputs, SETTINGS, tmp_path))
    assert load_model(tmp_path / CHOSEN).facts.name == "ridge"


def _evaluate(made, chosen, out):
    return evaluate.run(Task({"chosen": chosen, "test": made / "test.csv"}, SETTINGS, out))


def test_the_evaluation_is_of_the_test_rows(made, tmp_path):
    result = _evaluate(made, made / CHOSEN, tmp_path)
    test = load_listings(made / "test.csv")
    error = np.abs(load_model(made / CHOSEN).pipeline.predict(test) - test["price"]).mean()
    assert result.metrics["mean_absolute_error"] == pytest.approx(error, abs=1e-6)
    figures = json.loads((tmp_path / "evaluation" / "figures.json").read_text("utf-8"))
    assert figures["mean_absolute_error"]["low"] < error < figures["mean_absolute_error"]["high"]
    boroughs = _rows(tmp_path / "evaluation" / "by_borough.csv")
    assert sum(int(row["rows"]) for row in boroughs) == 120
    assert not result.refusal


def test_a_model_no_better_than_the_median_price_is_refused(made, tmp_path):
    result = _evaluate(made, made / "model_median", tmp_path)
    assert "no better than" in result.refusal


def test_a_model_whose_features_depend_on_the_batch_is_found():
    class _Skewed:  # pylint: disable=too-few-public-methods  # a stand-in
        """Predicts by the newest review of the batch, as the course's model did."""

        @staticmethod
        def predict(rows):
            """Return how many days of review the batch has."""
            return np.full(len(rows), float(len(set(rows["last_review"]))))

    rows = listings(20)
    difference = evaluate.largest_difference(_Skewed(), rows, 5)
    assert difference == rows["last_review"].nunique() - 1 > 0
    refusal = evaluate._refusal(1.0, 2.0, difference)  # pylint: disable=protected-access
    assert "a feature depends on the batch" in refusal


@pytest.fixture(scope="module", name="released")
def released_fixture(made, tmp_path_factory):
    """A release, and the same made once more."""
    folders = []
    for name in ("one", "two"):
        folders.append(tmp_path_factory.mktemp(name))
        result = release.run(Task({"chosen": made / CHOSEN, "trainval": made / "trainval.csv",
                                   "evaluation": made / "evaluation"}, SETTINGS, folders[-1]))
        assert not result.refusal
    return [folder / "release" for folder in folders]


def test_a_release_is_a_function_of_the_model(released):
    assert content_of(released[0]) == content_of(released[1])


def test_a_release_has_signature_example_requirements_and_the_skops_format(released):
    description = yaml.safe_load((released[0] / "MLmodel").read_text("utf-8"))
    assert description["flavors"]["sklearn"]["serialization_format"] == "skops"
    assert {entry["name"] for entry in json.loads(description["signature"]["inputs"])} >= {
        "name", "latitude", "room_type"}
    assert (released[0] / "input_example.json").is_file()
    lines = (released[0] / "requirements.txt").read_text("utf-8").split()
    assert {line.split("==")[0] for line in lines} >= {"scikit-learn", "skops", "numpy"}
    assert all("==" in line for line in lines)
    assert not [path for path in released[0].rglob("*") if path.suffix in (".pkl", ".joblib")]
    assert (released[0] / "code" / "rentals" / "features.py").is_file()
    assert not (released[0] / "code" / "rentals" / "cli.py").exists()


def test_the_list_of_volatile_keys_is_what_mlflow_writes_anew(made, tmp_path, monkeypatch):
    monkeypatch.setattr(release, "make_lasting", lambda *_: None)
    found = []
    for name in ("one", "two"):
        out = tmp_path / name
        release.run(Task({"chosen": made / CHOSEN, "trainval": made / "trainval.csv",
                          "evaluation": made / "evaluation"}, SETTINGS, out))
        found.append(yaml.safe_load((out / "release" / "MLmodel").read_text("utf-8")))
    changed = {key for key in found[0] if found[0][key] != found[1][key]}
    assert changed | {"model_size_bytes"} == set(release.VOLATILE_KEYS)


def test_a_release_that_answers_differently_is_refused(made, tmp_path, monkeypatch):
    monkeypatch.setattr(release, "difference_when_loaded", lambda *_: 0.5)
    result = release.run(Task({"chosen": made / CHOSEN, "trainval": made / "trainval.csv",
                               "evaluation": made / "evaluation"}, SETTINGS, tmp_path))
    assert "0.5 dollars" in result.refusal
