"""Importances belong to the names beside them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from churn.explain import (column_importances, dependence_figure, importance_figure,
                           mean_answer)

COLUMNS = ["Gender", "Education_Level", "Customer_Age", "Credit_Limit", "Total_Trans_Ct"]


def _planted(column, rows=600):
    """Customers whose answer depends on one column only."""
    rng = np.random.default_rng(3)
    features = pd.DataFrame({
        "Gender": rng.choice(["F", "M"], rows),
        "Education_Level": rng.choice(["College", "Graduate", "Unknown"], rows),
        "Customer_Age": rng.integers(20, 70, rows).astype(float),
        "Credit_Limit": rng.random(rows).round(3) * 1000,
        "Total_Trans_Ct": rng.integers(0, 100, rows).astype(float)})
    values = features[column]
    has_left = (values == values.iloc[0] if values.dtype == "str"
                else values > values.median()).astype(int)
    names = ["Gender", "Education_Level"]
    pipeline = make_pipeline(
        ColumnTransformer([("c", OneHotEncoder(sparse_output=False), names)],
                          remainder="passthrough"),
        HistGradientBoostingClassifier(max_iter=20, random_state=0)).fit(features, has_left)
    return pipeline, features, has_left


@pytest.mark.parametrize("planted", COLUMNS)
def test_the_planted_column_is_the_one_that_is_named(planted):
    pipeline, features, has_left = _planted(planted)
    found = column_importances(pipeline, features, has_left, repeats=2, seed=0)
    assert found[0].column == planted
    assert found[0].mean > 0.3
    assert all(abs(other.mean) < 0.02 for other in found[1:])
    axis = importance_figure(found).get_axes()[0]
    longest = int(np.argmax([patch.get_width() for patch in axis.patches]))
    assert axis.get_yticklabels()[longest].get_text() == planted


def test_the_mean_answer_rises_where_the_planted_column_does():
    pipeline, features, _ = _planted("Total_Trans_Ct")
    grid, average = mean_answer(pipeline, features, "Total_Trans_Ct")
    median = features["Total_Trans_Ct"].median()
    assert average[grid < median - 5].max() < 0.2 < 0.8 < average[grid > median + 5].min()


def test_dependence_is_drawn_for_numeric_columns_under_their_own_names():
    pipeline, features, has_left = _planted("Gender")
    found = column_importances(pipeline, features, has_left, repeats=1, seed=0)
    figure = dependence_figure(pipeline, features, found, most=3)
    names = [axis.get_xlabel() for axis in figure.get_axes()]
    assert names == [i.column for i in found if i.column not in ("Gender", "Education_Level")]


def test_more_than_1500_rows_are_drawn_from_and_the_seed_decides():
    pipeline, features, has_left = _planted("Customer_Age", rows=2500)
    first, again = (column_importances(pipeline, features, has_left, repeats=1, seed=1)
                    for _ in range(2))
    assert first == again
