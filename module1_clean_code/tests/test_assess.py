"""An assessment holds the figures of the rows it names."""

from contextlib import nullcontext

import pytest
from sklearn.metrics import f1_score, roc_auc_score

from churn.assess import assess_rows, assess_training, auc_estimate, figures_json
from churn.data import split_target
from churn.predict import leaving_probability
from churn.settings import build_settings
from churn.synthetic import generate_customers
from churn.training import train

SETTINGS = build_settings({
    "training": {"search": "none", "folds": 2,
                 "candidates": ["logistic_regression", "hist_gradient_boosting"]},
    "evaluation": {"bootstrap_resamples": 100, "permutation_repeats": 1}})


@pytest.fixture(scope="module", name="training")
def _training():
    return train(generate_customers(900, seed=6), SETTINGS, lambda _title: nullcontext())


@pytest.fixture(scope="module", name="found")
def _found(training):
    return assess_training(training, SETTINGS)


def test_the_figures_are_those_of_the_hold_out(training, found):
    features, has_left = split_target(training.split.hold_out)
    probability = leaving_probability(training.best.pipeline, features)
    assert (found.rows, found.row_count) == ("hold-out", 270)
    assert found.figure("roc_auc").value == pytest.approx(roc_auc_score(has_left, probability))
    assert found.figure("f1").value == pytest.approx(
        f1_score(has_left, probability >= training.threshold.value))


def test_the_pictures_name_training_rows_and_hold_out(found):
    titles = [axis.get_title(loc="left") for axis in found.pictures["classification_report"].axes]
    assert titles == ["training rows", "hold-out"]
    assert set(found.pictures) == {"roc_and_precision_recall", "classification_report",
                                   "calibration", "cost_by_threshold", "importances",
                                   "partial_dependence"}


def test_every_feature_has_an_importance_and_no_other_column(found):
    assert len(found.importances) == 19
    assert found.importances[0].column.startswith("Total_")


def test_a_stored_model_is_assessed_on_the_rows_given(training):
    rows = generate_customers(300, seed=9)
    found = assess_rows(training.best.pipeline, 0.3, rows, "new rows", SETTINGS)
    features, has_left = split_target(rows)
    assert found.figure("roc_auc").value == pytest.approx(
        roc_auc_score(has_left, leaving_probability(training.best.pipeline, features)))
    estimate = auc_estimate(found)
    assert estimate.low <= estimate.value <= estimate.high and estimate.rows == 300


def test_an_undefined_figure_is_null_in_json_and_absent_from_the_manifest(training):
    found = assess_rows(training.best.pipeline, 2.0, generate_customers(300, seed=9), "none",
                        SETTINGS)
    assert figures_json(found)["figures"]["precision"]["value"] is None
    assert "precision" not in found.defined_figures() and "f1" in found.defined_figures()
