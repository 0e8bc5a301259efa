"""A pipeline is written down as it decides, or refused; the scorer's tests prove equality."""

import pandas as pd
import pytest
from served_models import fitted, form, random_rows
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler

from census.errors import ModelFileError
from census.model import build_pipeline
from census.schema import CATEGORICAL, FEATURES, NUMERIC
from census.serving.scorer import Scorer
from census.serving_form import form_to_bytes
from census.settings import TrainSettings
from census.training.serving_export import reference_row, to_serving_form

ROWS = random_rows(1500, 2)
TARGET = (ROWS["age"] > 60) ^ (ROWS["sex"] == "Male") ^ (ROWS["occupation"] == "?")
REFERENCE = form().reference


def pipeline(categories: object, numbers: object, **options: object) -> Pipeline:
    """Return a fitted pipeline with other steps before the trees."""
    columns = ColumnTransformer([("numbers", numbers, list(NUMERIC)),
                                 ("categories", categories, list(CATEGORICAL))])
    model = HistGradientBoostingClassifier(max_iter=10, **options)
    return Pipeline([("columns", columns), ("model", model)]).fit(ROWS, TARGET)


@pytest.mark.parametrize("is_categorical", [True, False])
def test_another_order_and_another_encoding_are_understood(is_categorical: bool) -> None:
    """Numbers first, levels by order of the alphabet or as plain numbers: the answer is equal."""
    places = list(range(len(NUMERIC), len(FEATURES))) if is_categorical else None
    model = pipeline(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
                     "passthrough", categorical_features=places)
    scorer = Scorer(to_serving_form(model, .5, REFERENCE))
    rows = random_rows(500, 9)
    found = scorer.probabilities(scorer.encode_columns(
        [rows[name].tolist() for name in FEATURES]))
    assert abs(found - model.predict_proba(rows)[:, 1]).max() < 1e-6


def test_numbers_that_were_changed_on_their_way_are_refused() -> None:
    model = pipeline(OrdinalEncoder(), StandardScaler())
    with pytest.raises(ModelFileError, match="age reaches the trees changed"):
        to_serving_form(model, .5, REFERENCE)


def test_another_model_is_refused() -> None:
    model = build_pipeline("logistic_regression", TrainSettings(), 0).fit(ROWS, TARGET)
    with pytest.raises(ModelFileError, match="LogisticRegression has no serving form"):
        to_serving_form(model, .5, REFERENCE)


def test_trees_with_too_many_leaves_are_refused() -> None:
    with pytest.raises(ModelFileError, match="more than 64 leaves"):
        to_serving_form(fitted(0, 80, 5), .5, REFERENCE)


def test_a_form_is_a_function_of_the_model() -> None:
    first, second = (to_serving_form(fitted(), .4, REFERENCE) for _ in range(2))
    assert form_to_bytes(first) == form_to_bytes(second) == form_to_bytes(form())


def test_the_reference_is_the_commonest_level_and_the_median() -> None:
    rows = pd.concat([ROWS.head(3)] * 2 + [ROWS.head(1)], ignore_index=True)
    found = reference_row(rows.assign(age=[20, 30, 40, 20, 30, 40, 30]))
    assert found["age"] == 30 and found["occupation"] == ROWS["occupation"][0]
    assert list(found) == list(FEATURES)
