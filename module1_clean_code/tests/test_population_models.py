"""Models find generated customers as hard, and as easy, as true ones."""

import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from churn.schema import CATEGORICAL_FEATURES, FEATURES, LEFT, NUMERIC_FEATURES
from churn.synthetic import generate_customers


@pytest.fixture(scope="module", params=[42, 1, 2], name="generated")
def generated_fixture(request: pytest.FixtureRequest) -> pd.DataFrame:
    """As many customers as the true file has, with the answer as 0 and 1 beside."""
    customers = generate_customers(10_127, request.param)
    return customers.assign(left=(customers["Attrition_Flag"] == LEFT).astype(int))


def score(model: object, encoder: object, customers: pd.DataFrame, scoring: str) -> float:
    """Return the mean of five folds, positive being those who left."""
    columns = make_column_transformer((StandardScaler(), list(NUMERIC_FEATURES)),
                                      (encoder, list(CATEGORICAL_FEATURES)))
    folds = StratifiedKFold(5, shuffle=True, random_state=42)
    return float(cross_val_score(make_pipeline(columns, model), customers[list(FEATURES)],
                                 customers["left"], cv=folds, scoring=scoring).mean())


def test_a_linear_model_separates_as_on_the_true_file(generated: pd.DataFrame) -> None:
    found = score(LogisticRegression(max_iter=500), OneHotEncoder(), generated, "roc_auc")
    assert .91 < found < .94


@pytest.mark.soak
def test_boosted_trees_separate_as_on_the_true_file(generated: pd.DataFrame) -> None:
    model = HistGradientBoostingClassifier(learning_rate=.05, max_iter=600, max_leaf_nodes=12,
                                           max_features=.5, random_state=0)
    assert .98 < score(model, OrdinalEncoder(), generated, "roc_auc") < .995


@pytest.mark.soak
def test_a_forest_finds_as_many_as_on_the_true_file(generated: pd.DataFrame) -> None:
    model = RandomForestClassifier(300, random_state=42)
    assert .83 < score(model, OrdinalEncoder(), generated, "f1") < .90
