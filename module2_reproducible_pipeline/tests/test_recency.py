"""Days since a day: the day that is counted to is frozen."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from rentals.recency import DaysSince

TRAINING = pd.DataFrame({"last_review": ["2019-07-01", "2019-06-01", ""]})


def test_days_are_counted_to_the_latest_day_of_the_training_rows():
    step = DaysSince().fit(TRAINING)
    assert step.reference_ == "2019-07-01"
    np.testing.assert_array_equal(step.transform(TRAINING), [[0.0], [30.0], [np.nan]])


@pytest.mark.parametrize("batch", [["2019-06-30"], ["2019-06-30", "2019-07-20"],
                                   ["2019-06-30", "2011-01-01", ""]])
def test_the_reference_never_moves_with_the_batch(batch):
    step = DaysSince().fit(TRAINING)
    assert step.transform(pd.DataFrame({"last_review": batch}))[0, 0] == 1.0
    assert step.reference_ == "2019-07-01"


def test_a_later_day_is_negative():
    step = DaysSince().fit(TRAINING)
    assert step.transform(pd.DataFrame({"last_review": ["2019-07-11"]})).tolist() == [[-10.0]]


def test_a_given_reference_and_a_stand_in_for_missing_days_are_used():
    step = DaysSince(reference="2020-01-01", missing="2019-12-01").fit(TRAINING)
    assert step.transform(TRAINING)[:, 0].tolist() == [184.0, 214.0, 31.0]


@pytest.mark.parametrize("absent", ["", None, np.nan, pd.NA])
def test_whatever_means_missing_is_missing(absent):
    found = DaysSince().fit(TRAINING).transform(
        pd.DataFrame({"last_review": [absent, "2019-06-30"]}, dtype=object))
    np.testing.assert_array_equal(found, [[np.nan], [1.0]])


@pytest.mark.parametrize("text", ["yesterday", "2019-13-01", "01/07/2019", "2019-06-31"])
def test_what_is_no_day_is_refused(text):
    step = DaysSince().fit(TRAINING)
    with pytest.raises(ValueError):
        step.transform(pd.DataFrame({"last_review": [text]}))
    with pytest.raises(ValueError):
        DaysSince().fit(pd.DataFrame({"last_review": [text]}))


def test_without_any_day_there_is_nothing_to_count_to():
    nothing = pd.DataFrame({"last_review": ["", ""]})
    with pytest.raises(ValueError, match="no day"):
        DaysSince().fit(nothing)
    assert np.isnan(DaysSince(reference="2019-01-01").fit_transform(nothing)).all()


def test_it_keeps_scikit_learns_habits():
    """Its checks feed numbers only, so the ones that matter stand here."""
    step = DaysSince(missing="2010-01-01")
    with pytest.raises(NotFittedError):
        step.transform(TRAINING)
    assert clone(step).get_params() == {"reference": None, "missing": "2010-01-01"}
    assert step.fit(TRAINING) is step
    assert "reference_" not in vars(clone(step))
    assert step.get_feature_names_out().tolist() == ["days_since_last_review"]
    with pytest.raises(ValueError, match="feature names"):
        step.transform(TRAINING.rename(columns={"last_review": "other"}))
    before = TRAINING.copy()
    step.transform(TRAINING)
    pd.testing.assert_frame_equal(TRAINING, before)
