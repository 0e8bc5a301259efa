"""The course's names do what they say, without the course's faults."""

import math

import numpy as np
import pandas as pd
import pytest

from census import course
from census.errors import InputError
from census.schema import CATEGORICAL, FEATURES, INPUTS
from census.synthetic import write_rows

#: The course's own list: it names a column that the schema drops.
CATEGORIES = ["workclass", "education", "marital-status", "occupation", "relationship", "race",
              "sex", "native-country"]


@pytest.fixture(scope="module", name="rows")
def rows_fixture(tmp_path_factory):
    """A generated table as pandas reads it: with its leading blanks."""
    path = tmp_path_factory.mktemp("course") / "census.csv"
    write_rows(path, 2000, 3, 0.0)
    rows = pd.read_csv(path)
    assert " sex" in rows.columns and rows[" sex"][0].startswith(" ")
    return rows


@pytest.fixture(scope="module", name="fitted")
def fitted_fixture(rows):
    """The course's own steps: features, answers, encoder, binarizer, model."""
    features, answers, encoder, binarizer = course.process_data(
        rows[:1500], categorical_features=CATEGORIES, label="salary", training=True)
    return features, answers, encoder, binarizer, course.train_model(features, answers)


def predict(rows, fitted):
    """Return the answers for rows."""
    features, *_ = course.process_data(rows, CATEGORIES, None, False, *fitted[2:4])
    return course.inference(fitted[4], features)


def test_process_data_returns_the_features_of_the_schema_and_labels(rows, fitted):
    features, answers, encoder, _, _ = fitted
    assert features.shape == (1500, sum(map(len, CATEGORICAL.values())) + 5)
    assert answers.tolist() == (rows[" salary"][:1500] == " >50K").astype(int).tolist()
    names = " ".join(encoder.get_feature_names_out())
    assert "fnlgt" not in names and "education_" not in names


def test_process_data_leaves_its_input_alone(rows):
    before = rows.copy()
    course.process_data(rows, CATEGORIES, "salary")
    assert rows.equals(before)


def test_the_model_beats_the_majority(rows, fitted):
    test = rows[1500:]
    answers = (test[" salary"] == " >50K").to_numpy()
    assert (predict(test, fitted) == answers).mean() > (~answers).mean() + 0.03


def test_the_order_of_columns_cannot_change_a_prediction(rows, fitted):
    test = rows[1500:]
    before = predict(test, fitted)
    assert 0 < before.mean() < 1
    for order in (test.columns[::-1], sorted(test.columns), np.roll(test.columns, 5)):
        assert np.array_equal(predict(test[list(order)], fitted), before)


def test_the_order_of_columns_in_training_cannot_change_the_model(rows, fitted):
    features, answers, *_ = course.process_data(rows[rows.columns[::-1]][:1500], CATEGORIES[::-1],
                                                "salary")
    assert np.array_equal(features, fitted[0]) and np.array_equal(answers, fitted[1])


def test_blanks_around_names_and_words_cannot_change_a_prediction(rows, fitted):
    test = rows[1500:]
    stripped = test.rename(columns=str.strip)
    stripped = stripped.assign(**{name: stripped[name].str.strip() for name in CATEGORIES})
    assert np.array_equal(predict(stripped, fitted), predict(test, fitted))


def test_an_unknown_word_is_refused_and_no_row_of_zeros(rows, fitted):
    with pytest.raises(ValueError, match="unknown categories"):
        predict(rows[1500:].assign(**{" race": "Martian"}), fitted)


def test_missing_columns_and_encoders_are_named(rows, fitted):
    with pytest.raises(InputError, match="race"):
        predict(rows.drop(columns=" race"), fitted)
    with pytest.raises(InputError, match="encoder"):
        course.process_data(rows, CATEGORIES, training=False)


@pytest.mark.parametrize(("y", "preds", "expected"), [
    ([1, 1, 1, 0, 0], [1, 0, 1, 1, 0], (2 / 3, 2 / 3, 2 / 3)),
    ([1, 1, 0, 0], [1, 0, 0, 0], (1, 1 / 2, 2 / 3)),
    ([1, 0], [0, 1], (0, 0, 0)),
    ([0, 0, 0], [0, 0, 0], (math.nan, math.nan, math.nan)),
    ([0, 0, 0], [0, 1, 0], (0, math.nan, 0)),
    ([1, 0, 0], [0, 0, 0], (math.nan, 0, 0))])
def test_metrics_are_shares_and_undefined_over_nothing(y, preds, expected):
    found = course.compute_model_metrics(np.array(y), np.array(preds))
    assert found == pytest.approx(expected, nan_ok=True)


def test_slices_are_those_of_their_rows(rows, fitted):
    test = rows[1500:]
    women = test[test[" sex"] == " Female"]
    expected = course.compute_model_metrics(
        (women[" salary"] == " >50K").astype(int).to_numpy(), predict(women, fitted))
    words = (CATEGORIES, "salary", *fitted[2:])
    assert course.performance_on_categorical_slice(test, "sex", "Female", *words) == expected
    men = course.performance_on_categorical_slice(test, "sex", "Male", *words)
    assert men != expected


def test_a_slice_without_positives_or_rows_is_not_perfect(rows, fitted):
    test = rows[1500:]
    poor = test[(test[" salary"] == " <=50K") & (predict(test, fitted) == 0)].copy()
    words = (CATEGORIES, "salary", *fitted[2:])
    for value in ("Female", "Nobody"):
        found = course.performance_on_categorical_slice(poor, "sex", value, *words)
        assert all(math.isnan(value) for value in found)


def test_labels_are_words():
    assert course.apply_label(np.array([1])) == ">50K"
    assert course.apply_label([0]) == "<=50K"


def test_model_and_encoder_are_saved_and_answer_as_before(rows, fitted, tmp_path):
    course.save_model(fitted[4], tmp_path / "model.skops")
    course.save_model(fitted[2], tmp_path / "encoder.skops")
    model = course.load_model(tmp_path / "model.skops")
    encoder = course.load_model(tmp_path / "encoder.skops")
    again = predict(rows[1500:], (None, None, encoder, fitted[3], model))
    assert np.array_equal(again, predict(rows[1500:], fitted))
    with pytest.raises(InputError, match="none.skops"):
        course.load_model(tmp_path / "none.skops")


def test_the_names_are_those_of_the_course():
    assert set(FEATURES) < set(INPUTS)
    for name in ("process_data", "train_model", "inference", "compute_model_metrics",
                 "save_model", "load_model", "performance_on_categorical_slice", "apply_label"):
        assert getattr(course, name).__doc__, name
