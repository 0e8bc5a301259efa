"""Importances belong to the names beside them."""

from dataclasses import replace

import numpy as np
import pytest
from listing_rows import SMALL, listings
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from rentals.errors import InputError
from rentals.features import READ_COLUMNS
from rentals.importances import (feature_sources, impurity_importances, importance_figure,
                                 permutation_importances)
from rentals.model import build_model, fit_model

ROWS = listings(400, seed=8)
COURSE_COLUMNS = set(READ_COLUMNS) - {"neighbourhood"}
#: Per column a price that follows this column alone.
PLANTED = {
    "room_type": lambda rows: rows["room_type"] == "Private room",
    "neighbourhood_group": lambda rows: rows["neighbourhood_group"] == "Brooklyn",
    "name": lambda rows: rows["name"].str.contains("Luxury"),
    "longitude": lambda rows: rows["longitude"] + 74,
    "minimum_nights": lambda rows: rows["minimum_nights"] / 30,
    "last_review": lambda rows: rows["last_review"] > "2018-06-01",
    "availability_365": lambda rows: rows["availability_365"] / 365,
}


def _planted(column, name="random_forest"):
    rows = ROWS.copy()
    if column in ("longitude", "neighbourhood_group"):  # otherwise the one tells the other
        rng = np.random.default_rng(1)
        rows["neighbourhood_group"] = rng.permutation(rows["neighbourhood_group"])
        rows["latitude"] = rng.permutation(rows["latitude"])
        rows["longitude"] = rng.permutation(rows["longitude"])
    rows["price"] = 50 + 200 * PLANTED[column](rows).astype(float)
    return fit_model(build_model(name, SMALL, 1), rows, rows["price"]), rows


@pytest.mark.parametrize("column", PLANTED)
def test_the_planted_column_is_the_one_that_is_named(column):
    model, rows = _planted(column)
    for found in (impurity_importances(model),
                  permutation_importances(model, rows, rows["price"], repeats=2, seed=1)):
        assert found[0].column == column
        assert found[0].mean > 3 * found[1].mean
        axis = importance_figure("Needs", "share", found).get_axes()[0]
        longest = int(np.argmax([patch.get_width() for patch in axis.patches]))
        assert axis.get_yticklabels()[longest].get_text() == column


def test_the_forests_importances_are_shares_of_all_input_columns():
    model, _ = _planted("room_type")
    found = impurity_importances(model)
    assert {i.column for i in found} == COURSE_COLUMNS
    assert sum(i.mean for i in found) == pytest.approx(1)


def test_columns_of_a_category_and_words_of_a_name_are_added_up():
    model, _ = _planted("name")
    shares = dict(zip(model[0].get_feature_names_out(), model[-1].feature_importances_))
    summed = {i.column: i.mean for i in impurity_importances(model)}
    words = model[0].named_transformers_["name"].get_feature_names_out()
    assert len(words) == 4
    assert summed["name"] == pytest.approx(sum(shares[word] for word in words))
    assert summed["neighbourhood_group"] == pytest.approx(sum(
        share for name, share in shares.items() if name.startswith("neighbourhood_group_")))


def test_every_feature_knows_its_columns():
    for name in ("random_forest", "averaged_boosting"):
        model, _ = _planted("name", name)
        sources = dict(zip(model[0].get_feature_names_out(), feature_sources(model)))
        assert set().union(*sources.values()) <= set(READ_COLUMNS)
        assert sources["days_since_last_review"] == ("last_review",)
        assert sources["neighbourhood_group_Queens"] == ("neighbourhood_group",)
        assert sources["latitude"] == ("latitude",)
    assert sources["km_to_midtown"] == ("latitude", "longitude")
    assert sources["room_type_Shared room"] == ("room_type",)
    assert sources["crossfittedscore0"] == sources["name_words"] == ("name",)
    assert sources["neighbourhood"] == ("neighbourhood",)


def test_shuffling_counts_dollars():
    rows = ROWS.assign(price=np.where(ROWS["room_type"] == "Private room", 250, 50))
    whole = replace(SMALL, random_forest=replace(SMALL.random_forest, max_features=1.0))
    model = fit_model(build_model("random_forest", whole, 1), rows, rows["price"])
    found = permutation_importances(model, rows, rows["price"], repeats=3, seed=1)
    # Of 50 and 250 dollars, 1/3 private: a shuffled room is wrong in 4 of 9 rows, by 200.
    assert found[0].mean == pytest.approx(200 * 4 / 9, rel=0.1)
    assert found[1].mean == 0


def test_of_two_names_that_a_feature_starts_with_the_longer_is_its_column():
    columns = ["neighbourhood", "neighbourhood_group"]
    step = ColumnTransformer([("both", OneHotEncoder(), columns), ("other", "drop", ["name"])],
                             verbose_feature_names_out=False).fit(ROWS)
    found = dict(zip(step.get_feature_names_out(), feature_sources(Pipeline([("f", step)]))))
    assert found["neighbourhood_group_Queens"] == ("neighbourhood_group",)
    assert found["neighbourhood_Astoria"] == ("neighbourhood",)


@pytest.mark.parametrize(("name", "columns"), [
    ("random_forest", COURSE_COLUMNS), ("averaged_boosting", set(READ_COLUMNS))])
def test_only_columns_that_the_model_reads_are_shuffled(name, columns):
    model, rows = _planted("room_type", name)
    found = permutation_importances(model, rows, rows["price"], repeats=1, seed=1)
    assert {i.column for i in found} == columns


def test_more_than_1500_rows_are_drawn_from_and_the_seed_decides():
    model, _ = _planted("minimum_nights")
    rows = listings(2500, seed=9)
    first, again, other = (permutation_importances(model, rows, rows["price"], repeats=1,
                                                   seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_a_model_without_importances_of_its_own_says_so():
    model, _ = _planted("name", "ridge")
    with pytest.raises(InputError, match="shuffle"):
        impurity_importances(model)
