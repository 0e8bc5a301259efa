"""Evaluate: figures of the test rows, and models that may not be released."""

import json

import numpy as np
import pytest
from listing_rows import listings
from trained import evaluate_in, rows_of

from rentals.data import load_listings
from rentals.model_files import load_model
from rentals.plan import CHOSEN
from rentals.steps import evaluate


def test_the_evaluation_is_of_the_testrows_of(made, tmp_path):
    result = evaluate_in(made, made / CHOSEN, tmp_path)
    test = load_listings(made / "test.csv")
    error = np.abs(load_model(made / CHOSEN).pipeline.predict(test) - test["price"]).mean()
    assert result.metrics["mean_absolute_error"] == pytest.approx(error, abs=1e-6)
    figures = json.loads((tmp_path / "evaluation" / "figures.json").read_text("utf-8"))
    assert figures["mean_absolute_error"]["low"] < error < figures["mean_absolute_error"]["high"]
    boroughs = rows_of(tmp_path / "evaluation" / "by_borough.csv")
    assert sum(int(row["rows"]) for row in boroughs) == 120
    assert not result.refusal


def test_a_model_no_better_than_the_median_price_is_refused(made, tmp_path):
    result = evaluate_in(made, made / "model_median", tmp_path)
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
