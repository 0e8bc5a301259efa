"""The candidates: columns by name, unknown levels refused, nothing learned from what is scored."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

from census.data import split_target
from census.model import build_pipeline
from census.schema import CATEGORICAL, FEATURES
from census.settings import TrainSettings
from census.synthetic import generate_rows

NAMES = ("logistic_regression", "hist_gradient_boosting")
each_candidate = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module", name="rows")
def rows_fixture() -> pd.DataFrame:
    """Generated rows to learn from."""
    return generate_rows(2500, 3)


@pytest.fixture(scope="module", name="fitted")
def fitted_fixture(rows):
    """Each candidate, fitted once."""
    return {name: build_pipeline(name, TrainSettings(), 42).fit(*split_target(rows))
            for name in NAMES}


def _scores(model, frame):
    return model.predict_proba(frame)[:, 1]


@each_candidate
def test_the_order_of_columns_cannot_change_an_answer(fitted, rows, name):
    expected = _scores(fitted[name], rows[list(FEATURES)])
    for seed in range(3):
        columns = np.random.default_rng(seed).permutation(rows.columns)
        assert np.array_equal(_scores(fitted[name], rows[list(columns)]), expected)


@each_candidate
def test_one_row_is_answered_as_in_a_batch(fitted, rows, name):
    batch = _scores(fitted[name], rows.iloc[:40])
    alone = [_scores(fitted[name], rows.iloc[[place]])[0] for place in range(40)]
    np.testing.assert_allclose(alone, batch, rtol=0, atol=1e-12)


@each_candidate
@pytest.mark.parametrize("column", CATEGORICAL)
@pytest.mark.parametrize("change", [lambda level: f" {level}", lambda level: f"{level} ",
                                    str.swapcase, lambda level: "nowhere", lambda level: ""])
def test_an_unknown_level_is_refused_and_not_guessed(fitted, rows, name, column, change):
    row = rows.iloc[[0]].assign(**{column: change("Private" if column == "workclass" else "x")})
    with pytest.raises(ValueError, match="unknown categories"):
        _scores(fitted[name], row)


@each_candidate
def test_every_level_of_the_schema_has_an_answer(fitted, rows, name):
    for column, levels in CATEGORICAL.items():
        frame = pd.concat([rows.iloc[[0]].assign(**{column: level}) for level in levels])
        assert np.isfinite(_scores(fitted[name], frame)).all()


@each_candidate
def test_a_missing_column_is_refused(fitted, rows, name):
    with pytest.raises(ValueError, match="age"):
        _scores(fitted[name], rows.drop(columns="age"))


@each_candidate
def test_weight_education_text_and_answer_do_not_reach_the_model(fitted, rows, name):
    changed = rows.assign(fnlgt=1, education="Preschool", salary="<=50K")
    assert np.array_equal(_scores(fitted[name], changed), _scores(fitted[name], rows))


@each_candidate
def test_levels_come_from_the_schema_and_not_from_the_rows(fitted, name):
    encoder = fitted[name]["columns"].named_transformers_["categories"]
    assert isinstance(encoder, (OneHotEncoder, OrdinalEncoder))
    assert [list(levels) for levels in encoder.categories_] == list(map(list,
                                                                        CATEGORICAL.values()))


@each_candidate
def test_features_do_not_depend_on_the_answers(rows, name):
    features, label = split_target(rows)
    turned = label.sample(frac=1, random_state=0).to_numpy()
    seen = [build_pipeline(name, TrainSettings(), 42).fit(features, answers)[:-1]
            .transform(features) for answers in (label, turned)]
    left, right = (part.toarray() if hasattr(part, "toarray") else part for part in seen)
    assert np.array_equal(left, right)
