"""Features: what is learned is learned from training rows only, and every row stands alone."""

import sys

import numpy as np
import pandas as pd
import pytest
from customer_tables import NAMES
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.utils.estimator_checks import estimator_checks_generator

from churn.data import split_target
from churn.features import RatioToLast, build_features
from churn.schema import CATEGORICAL_FEATURES, NUMERIC_FEATURES

ENCODERS = ("one_hot", "target")
RATIO = "Total_Trans_Amt_per_Total_Trans_Ct"
EVERY_WAY = pytest.mark.parametrize(("encoder", "scaled"), [
    (encoder, scaled) for encoder in ENCODERS for scaled in (False, True)])

#: All of scikit-learn's checks but the one that skips itself unless SciPy is switched to another
#: way of working for the whole process.
CHECKS = [(estimator, check) for estimator, check in estimator_checks_generator(RatioToLast())
          if "array_api" not in check.func.__name__]


def _fitted(customers: pd.DataFrame, encoder: str, *, scaled: bool = False
            ) -> tuple[ColumnTransformer, pd.DataFrame]:
    """Return the fitted step and its training features, with their names."""
    step = build_features(encoder, scaled=scaled, seed=7)  # type: ignore[arg-type]
    values = step.fit_transform(*split_target(customers))
    return step, pd.DataFrame(values, columns=step.get_feature_names_out())


def _transformed(step: ColumnTransformer, customers: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(step.transform(split_target(customers)[0]),
                        columns=step.get_feature_names_out())


@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=lambda part: str(
    getattr(getattr(part, "func", None), "__name__", "ratio")))
def test_ratio_is_a_transformer_as_scikit_learn_wants_it(estimator, check):
    check(estimator)


def test_ratio_divides_every_column_by_the_last() -> None:
    found = RatioToLast().fit_transform([[6.0, 9.0, 3.0], [-1.0, 5.0, 2.0]])
    assert found.tolist() == [[2.0, 3.0], [-0.5, 2.5]]


def test_ratio_over_zero_is_zero_and_none_is_infinite() -> None:
    numbers = [[5.0, 0.0], [0.0, 0.0], [1e300, 1e-300], [-1e300, 1e-300]]
    found, largest = RatioToLast().fit_transform(numbers), sys.float_info.max
    assert found[:, 0].tolist() == [0.0, 0.0, largest, -largest]


def test_ratio_names_its_columns() -> None:
    frame = pd.DataFrame({"amount": [1.0], "dues": [4.0], "count": [2.0]})
    named, unnamed = RatioToLast().fit(frame), RatioToLast().fit(frame.to_numpy())
    assert named.get_feature_names_out().tolist() == ["amount_per_count", "dues_per_count"]
    assert unnamed.get_feature_names_out().tolist() == ["x0_per_x2", "x1_per_x2"]
    assert unnamed.get_feature_names_out(["a", "b", "c"]).tolist() == ["a_per_c", "b_per_c"]
    for step, names in ((named, ["a", "b", "c"]), (unnamed, ["a", "b"])):
        with pytest.raises(ValueError, match="input_features"):
            step.get_feature_names_out(names)


def test_one_column_has_no_ratio() -> None:
    with pytest.raises(ValueError, match="minimum of 2"):
        RatioToLast().fit([[1.0], [2.0]])


def test_one_hot_features_are_named_after_column_and_category(
        many_customers: pd.DataFrame) -> None:
    _, features = _fitted(many_customers, "one_hot")
    expected = [f"{name}_{category}" for name in CATEGORICAL_FEATURES
                for category in sorted(set(many_customers[name]))]
    assert list(features.columns) == [*expected, *NUMERIC_FEATURES, RATIO]
    for name in ("Gender_F", "Income_Category_Unknown", "Card_Category_Gold"):
        column, _, category = name.rpartition("_")
        assert (features[name] == (many_customers[column] == category)).all()


def test_target_features_keep_the_name_of_their_column(many_customers: pd.DataFrame) -> None:
    step, features = _fitted(many_customers, "target")
    assert list(features.columns) == [*CATEGORICAL_FEATURES, *NUMERIC_FEATURES, RATIO]
    rates = _transformed(step, many_customers)["Gender"]
    has_left = split_target(many_customers)[1]
    for gender in "FM":
        is_one = many_customers["Gender"] == gender
        assert rates[is_one].nunique() == 1
        assert rates[is_one].iloc[0] == pytest.approx(has_left[is_one].mean(), abs=0.02)


@EVERY_WAY
def test_numbers_pass_unless_they_are_scaled(encoder: str, scaled: bool,
                                             many_customers: pd.DataFrame) -> None:
    _, features = _fitted(many_customers, encoder, scaled=scaled)
    expected = many_customers[list(NUMERIC_FEATURES)].astype(float)
    expected[RATIO] = many_customers["Total_Trans_Amt"] / many_customers["Total_Trans_Ct"]
    if scaled:
        expected = (expected - expected.mean()) / expected.std(ddof=0)
    pd.testing.assert_frame_equal(features[expected.columns], expected)


@EVERY_WAY
def test_test_rows_and_their_labels_do_not_touch_the_training_features(
        encoder: str, scaled: bool, many_customers: pd.DataFrame) -> None:
    train, test = many_customers.iloc[:180], many_customers.iloc[180:].copy()
    before = _fitted(train, encoder, scaled=scaled)[1]
    answers = split_target(test)[1]
    test["Attrition_Flag"] = np.where(answers == 1, "Existing Customer", "Attrited Customer")
    test["Credit_Limit"] *= 1000
    step, after = _fitted(train, encoder, scaled=scaled)
    seen = _transformed(step, test)
    pd.testing.assert_frame_equal(before, after, check_exact=True)
    pd.testing.assert_frame_equal(_transformed(step, train), _transformed(
        _fitted(train, encoder, scaled=scaled)[0], train), check_exact=True)
    # What was learned comes from the training rows: test rows with wild numbers stay wild.
    assert seen["Credit_Limit"].mean() > 50 * abs(after["Credit_Limit"]).mean()


@EVERY_WAY
def test_one_row_gets_the_features_it_gets_in_a_batch(encoder: str, scaled: bool,
                                                      many_customers: pd.DataFrame) -> None:
    step, _ = _fitted(many_customers.iloc[:200], encoder, scaled=scaled)
    fresh = many_customers.iloc[228:]
    alone = [_transformed(step, fresh.iloc[[place]]) for place in range(len(fresh))]
    pd.testing.assert_frame_equal(_transformed(step, fresh), pd.concat(alone, ignore_index=True),
                                  check_exact=True)


@EVERY_WAY
def test_columns_are_found_by_name_and_others_dropped(encoder: str, scaled: bool,
                                                      many_customers: pd.DataFrame) -> None:
    step, training = _fitted(many_customers, encoder, scaled=scaled)
    features, has_left = split_target(many_customers)
    planted = features[features.columns[::-1]].assign(CLIENTNUM=has_left, Leak=has_left)
    np.testing.assert_array_equal(step.transform(planted), step.transform(features))
    np.testing.assert_array_equal(clone(step).fit_transform(planted, has_left), training)


@pytest.mark.parametrize("answer", [0, 1])
def test_own_answer_of_a_training_row_never_enters_its_features(
        answer: int, many_customers: pd.DataFrame) -> None:
    many_customers["Card_Category"] = "Blue"
    many_customers.loc[17, "Card_Category"] = "Platinum"  # the only one
    many_customers.loc[17, "Attrition_Flag"] = ("Existing Customer", "Attrited Customer")[answer]
    step, training = _fitted(many_customers, "target")
    rate = split_target(many_customers)[1].mean()
    # The folds without the row know no Platinum, so they give it the rate of all.
    assert training.loc[17, "Card_Category"] == pytest.approx(rate, abs=0.01)
    # Once learned from all rows, the only Platinum's answer is the rate of its kind.
    assert _transformed(step, many_customers).loc[17, "Card_Category"] == answer


@EVERY_WAY
def test_category_not_seen_in_training_is_no_fault(encoder: str, scaled: bool,
                                                   many_customers: pd.DataFrame) -> None:
    train = many_customers[many_customers["Card_Category"] != "Gold"]
    gold = many_customers[many_customers["Card_Category"] == "Gold"]
    step, _ = _fitted(train, encoder, scaled=scaled)
    found = _transformed(step, gold).filter(like="Card_Category")
    neutral = 0.0 if encoder == "one_hot" else split_target(train)[1].mean()
    assert len(gold) > 10 and np.allclose(found, neutral)


def test_folds_of_the_target_encoder_follow_the_seed(many_customers: pd.DataFrame) -> None:
    table = split_target(many_customers)
    found = [build_features("target", scaled=False, seed=seed).fit_transform(*table)
             for seed in (1, 1, 2)]
    assert (found[0] == found[1]).all() and (found[0] != found[2]).any()


def test_features_leave_their_input_alone(many_customers: pd.DataFrame) -> None:
    before = many_customers.copy()
    for encoder in ENCODERS:
        _transformed(_fitted(many_customers, encoder, scaled=True)[0], many_customers)
    pd.testing.assert_frame_equal(many_customers, before)
    assert list(many_customers.columns) == NAMES
