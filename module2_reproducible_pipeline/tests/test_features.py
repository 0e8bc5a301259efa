"""Features: what is learned is learned from training rows only, and every row stands alone."""

import numpy as np
import pandas as pd
import pytest
from listing_rows import SMALL, listings
from sklearn.base import clone
from sklearn.compose import ColumnTransformer

from rentals.features import READ_COLUMNS, build_features
from rentals.schema import BOROUGHS, NAMES, ROOM_TYPES

KINDS = ("course", "full")
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
ROWS = listings(240, seed=4)


def _fitted(kind: str, rows: pd.DataFrame) -> tuple[ColumnTransformer, pd.DataFrame]:
    """Return the fitted step and its training features, with their names."""
    step = build_features(kind, SMALL.text, seed=7)  # type: ignore[arg-type]
    values = step.fit_transform(rows, rows["price"])
    return step, pd.DataFrame(values, columns=step.get_feature_names_out())


def _transformed(step: ColumnTransformer, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(step.transform(rows), columns=step.get_feature_names_out())


@EVERY_KIND
def test_prices_and_rows_of_the_test_set_do_not_touch_the_training_features(kind):
    train, test = ROWS.iloc[:180], ROWS.iloc[180:].copy()
    before = _fitted(kind, train)[1]
    test["price"], test["last_review"], test["name"] = 9999, "2031-01-01", "unheard of"
    step, after = _fitted(kind, train)
    transformed = _transformed(step, train)
    _transformed(step, test)
    pd.testing.assert_frame_equal(before, after, check_exact=True)
    pd.testing.assert_frame_equal(_transformed(step, train), transformed, check_exact=True)


@EVERY_KIND
def test_one_row_gets_the_features_it_gets_in_a_batch(kind):
    step, _ = _fitted(kind, ROWS.iloc[:200])
    fresh = ROWS.iloc[200:]
    alone = [_transformed(step, fresh.iloc[[place]]) for place in range(len(fresh))]
    together = _transformed(step, fresh)
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True), rtol=1e-12)
    late = fresh.assign(last_review="2035-01-01")
    pd.testing.assert_frame_equal(
        _transformed(step, pd.concat([fresh.iloc[:3], late])).iloc[:3], together.iloc[:3],
        rtol=1e-12)


@EVERY_KIND
def test_columns_are_found_by_name_and_ids_hosts_and_prices_are_never_read(kind):
    step, training = _fitted(kind, ROWS)
    turned = ROWS[ROWS.columns[::-1]].assign(id=-1, host_id=-1, host_name="?", price=-1)
    np.testing.assert_array_equal(step.transform(turned), step.transform(ROWS))
    np.testing.assert_array_equal(clone(step).fit_transform(turned, ROWS["price"]), training)
    np.testing.assert_array_equal(step.transform(ROWS[list(READ_COLUMNS)]), step.transform(ROWS))


def test_all_columns_but_ids_hosts_and_the_price_are_read():
    assert set(NAMES) - set(READ_COLUMNS) == {"id", "host_id", "host_name", "price"}


def test_the_reference_day_is_the_latest_of_the_training_rows():
    train = ROWS.assign(last_review=["2018-05-05", *[""] * 239])
    for kind in KINDS:
        step, features = _fitted(kind, train)
        assert step.named_transformers_["recency"].reference_ == "2018-05-05"
        assert features["days_since_last_review"].iloc[0] == 0
    later = _transformed(step, ROWS.assign(last_review="2018-05-06"))
    assert (later["days_since_last_review"] == -1).all()


def test_the_course_puts_a_day_and_zero_for_missing_reviews_and_the_full_set_leaves_them():
    missing = ROWS["last_review"] == ""
    for kind, is_missing in (("course", False), ("full", True)):
        features = _fitted(kind, ROWS)[1][missing.to_numpy()]
        for name in ("days_since_last_review", "reviews_per_month"):
            assert (features[name].isna() == is_missing).all()
    course = _fitted("course", ROWS)[1][missing.to_numpy()]
    assert (course["days_since_last_review"] > 3000).all()
    assert (course["reviews_per_month"] == 0).all()


def test_own_price_of_a_training_row_never_enters_its_features():
    """The only listing of its neighbourhood, whose name only it has."""
    rows = ROWS.copy()
    rows.loc[17, ["neighbourhood", "name"]] = ["Alone", "singular unheard"]
    found = []
    for price in (10, 350):
        rows.loc[17, "price"] = price
        step, features = _fitted("full", rows)
        found.append(features.iloc[17])
    np.testing.assert_array_equal(found[0], found[1])
    assert _transformed(step, rows)["neighbourhood"].iloc[17] > 200  # later rows do learn of it


@EVERY_KIND
def test_what_was_not_seen_in_training_is_no_fault(kind):
    step, _ = _fitted(kind, ROWS[ROWS["neighbourhood_group"] != "Queens"])
    strange = ROWS[ROWS["neighbourhood_group"] == "Queens"].assign(
        neighbourhood="Atlantis", name="", last_review="", reviews_per_month=np.nan)
    features = _transformed(step, strange)
    assert (features.filter(like="name_") == 0).all(axis=None)
    if kind == "course":
        assert (features.filter(like="neighbourhood_group_") == 0).all(axis=None)
    else:
        mean = ROWS.loc[ROWS["neighbourhood_group"] != "Queens", "price"].mean()
        assert features["neighbourhood"].tolist() == pytest.approx([mean] * len(strange))


def test_categories_of_the_schema_have_a_column_even_where_no_listing_has_them():
    names = _fitted("full", ROWS)[1].columns
    assert {f"neighbourhood_group_{name}" for name in BOROUGHS} <= set(names)
    assert {f"room_type_{name}" for name in ROOM_TYPES} <= set(names)


def test_topics_have_fixed_signs_and_follow_the_seed():
    first, again = (_fitted("full", ROWS)[0] for _ in range(2))
    loadings, same = (step.named_transformers_["name"][1]["topics"].components_
                      for step in (first, again))
    np.testing.assert_array_equal(loadings, same)
    assert (loadings[np.arange(4), np.abs(loadings).argmax(axis=1)] > 0).all()


def test_folds_follow_the_seed():
    found = [build_features("full", SMALL.text, seed).fit_transform(ROWS, ROWS["price"])
             for seed in (1, 1, 2)]
    np.testing.assert_array_equal(found[0], found[1])
    assert (np.nan_to_num(found[0]) != np.nan_to_num(found[2])).any()


def test_features_leave_their_input_alone():
    before = ROWS.copy()
    for kind in KINDS:
        _transformed(_fitted(kind, ROWS)[0], ROWS)
    pd.testing.assert_frame_equal(ROWS, before)
