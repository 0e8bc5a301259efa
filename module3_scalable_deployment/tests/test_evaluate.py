"""Evaluation: what is written is what was measured, from the same rounded scores."""

from types import SimpleNamespace

import numpy as np
import pytest
from census_tables import NAMES
from sklearn.metrics import roc_auc_score

from census.settings import build_settings
from census.training.evaluate import evaluate

SETTINGS = build_settings({"evaluate": {"bootstrap_resamples": 100, "calibration_bins": 5}})
THRESHOLD = 0.4


def fixed(score):
    """Return a model that gives these scores to the first rows, whatever they hold."""
    score = np.asarray(score)
    return SimpleNamespace(predict_proba=lambda features: np.column_stack(
        [1 - score[:len(features)], score[:len(features)]]))


@pytest.fixture(name="found")
def found_fixture(many_people):
    """An evaluation of 240 rows by scores that know something."""
    rng = np.random.default_rng(1)
    label = (many_people["salary"] == ">50K").to_numpy()
    score = np.clip(rng.normal(.3 + .3 * label, .2), 0, 1)
    return evaluate(fixed(score), THRESHOLD, many_people, SETTINGS)


def test_predictions_carry_the_raw_columns_and_three_more(found, many_people):
    assert list(found.predictions) == [*NAMES[:-1], "label", "score", "predicted"]
    table = found.predictions
    assert table[NAMES[:-1]].equals(many_people[NAMES[:-1]])
    assert ((table["score"] >= THRESHOLD).astype(int) == table["predicted"]).all()
    assert (table["score"] == table["score"].round(6)).all()
    assert table["label"].sum() == (many_people["salary"] == ">50K").sum()


def test_figures_can_be_checked_against_the_predictions(found):
    figures = {one.name: one for one in found.figures}
    table = found.predictions
    assert figures["roc_auc"].value == pytest.approx(
        roc_auc_score(table["label"], table["score"]))
    hits = (table["label"] & table["predicted"]).sum()
    assert figures["precision"].value == pytest.approx(hits / table["predicted"].sum())
    assert figures["recall"].value == pytest.approx(hits / table["label"].sum())
    for figure in found.figures:
        assert figure.low <= figure.value <= figure.high


def test_curves_are_the_rates_at_each_hundredth(found):
    curves, table = found.curves, found.predictions
    assert len(curves) == 101
    row = curves.loc[curves["threshold"] == .37].iloc[0]
    is_predicted = table["score"] >= .37
    assert row["true_positive_rate"] == pytest.approx(is_predicted[table["label"] == 1].mean(),
                                                      abs=1e-6)
    assert row["false_positive_rate"] == pytest.approx(is_predicted[table["label"] == 0].mean(),
                                                       abs=1e-6)
    missed = (~is_predicted & (table["label"] == 1)).sum()
    needless = (is_predicted & (table["label"] == 0)).sum()
    assert row["cost_per_row"] == pytest.approx((1.75 * missed + needless) / 240, abs=1e-6)


def test_a_precision_without_any_positive_answer_is_undefined(many_people):
    found = evaluate(fixed(np.full(240, .5)), THRESHOLD, many_people, SETTINGS)
    after = found.curves[found.curves["threshold"] > .5]
    assert after["precision"].isna().all()
    assert (after["true_positive_rate"] == 0).all()


def test_calibration_has_the_bins_that_hold_rows(found):
    table, bins = found.predictions, found.calibration
    assert bins["rows"].sum() == 240
    first = bins.iloc[0]
    inside = table["score"] < .2
    assert first["rows"] == inside.sum()
    assert first["mean_score"] == pytest.approx(table.loc[inside, "score"].mean(), abs=1e-6)
    assert first["share_positive"] == pytest.approx(table.loc[inside, "label"].mean(), abs=1e-6)
    assert (bins["low"] <= bins["share_positive"]).all()
    assert (bins["share_positive"] <= bins["high"]).all()


def test_empty_bins_are_left_out_and_a_score_of_one_has_a_bin(many_people):
    score = np.where(many_people["salary"] == ">50K", 1.0, 0.05)
    bins = evaluate(fixed(score), THRESHOLD, many_people, SETTINGS).calibration
    assert bins["from_score"].tolist() == [0, .8]
    assert bins["share_positive"].tolist() == [0, 1]
