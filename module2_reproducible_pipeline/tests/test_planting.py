"""Planted faults: every one is written down, and nothing else changes."""

import numpy as np
import pandas as pd
import pytest

from rentals.planting import (OUTLIER_KINDS, SOUTH_OF_BOX, choose_missing, ids_where,
                              plant_outliers, plant_prices)


def frame(rows: int) -> pd.DataFrame:
    """Return listings of one place and price; the index is not 0 to n - 1 on purpose."""
    return pd.DataFrame({"id": np.arange(rows) + 10, "latitude": 40.7, "longitude": -73.9,
                         "price": 80}, index=np.arange(rows) * 2)


def test_of_a_usual_drop_sixteen_are_moved_four_of_each_kind() -> None:
    outliers = plant_outliers(np.random.default_rng(0), frame(2000))
    assert [outlier.kind for outlier in outliers] == [
        kind for kind in OUTLIER_KINDS for _ in range(4)]
    assert len({outlier.id for outlier in outliers}) == 16


def test_of_a_small_drop_one_of_each_kind_is_moved() -> None:
    assert len(plant_outliers(np.random.default_rng(0), frame(100))) == len(OUTLIER_KINDS)


def test_each_kind_goes_where_its_name_says_and_the_truth_is_kept() -> None:
    listings = frame(2000)
    outliers = plant_outliers(np.random.default_rng(0), listings)
    places = listings.set_index("id")[["latitude", "longitude"]]
    for number, outlier in enumerate(outliers):
        expected = {"swapped": (-73.9, 40.7), "zero": (0, 0), "sign_flip": (40.7, 73.9),
                    "south_of_box": (SOUTH_OF_BOX[number % 4], -73.9)}[outlier.kind]
        assert tuple(places.loc[outlier.id]) == expected
        assert (outlier.true_latitude, outlier.true_longitude) == (40.7, -73.9)


def test_all_others_stay_where_they_are() -> None:
    listings = frame(2000)
    moved = {outlier.id for outlier in plant_outliers(np.random.default_rng(0), listings)}
    pd.testing.assert_frame_equal(listings[~listings["id"].isin(moved)],
                                  frame(2000)[~frame(2000)["id"].isin(moved)])


@pytest.mark.parametrize("rows, zeros, highest", [(20_000, 5, 1), (48_895, 12, 2), (100, 0, 0)])
def test_a_few_prices_are_zero_and_a_few_the_highest(rows: int, zeros: int,
                                                     highest: int) -> None:
    listings = frame(rows)
    plant_prices(np.random.default_rng(0), listings)
    counts = listings["price"].value_counts()
    assert [counts.get(price, 0) for price in (0, 9_999, 10_000)] == [zeros, highest, highest]
    assert counts[80] == rows - zeros - 2 * highest


@pytest.mark.parametrize("rows, missing", [(20_000, 7), (48_895, 17), (100, 0)])
def test_texts_are_missing_as_often_as_in_the_true_sample(rows: int, missing: int) -> None:
    assert choose_missing(np.random.default_rng(0), rows, 7).sum() == missing


def test_ids_are_listed_in_rising_order() -> None:
    listings = frame(5).iloc[::-1]
    assert ids_where(listings, listings["id"] != 12) == (10, 11, 13, 14)
