"""The law of one listing: generated columns have the facts of the published data.

The facts stand here a second time, as they were published with the data's description and
not as the generator's tables say them, so that a wrong table cannot confirm itself.
"""

import numpy as np
import pandas as pd
import pytest

from rentals.synthetic import generate_listings

SHARES = {
    "neighbourhood_group": {"Manhattan": .443, "Brooklyn": .411, "Queens": .116, "Bronx": .022,
                            "Staten Island": .0076},
    "room_type": {"Entire home/apt": .520, "Private room": .457, "Shared room": .024},
    "neighbourhood": {"Williamsburg": .080, "Bedford-Stuyvesant": .076, "Harlem": .054,
                      "Bushwick": .050},
    "minimum_nights": {1: .26, 2: .24, 3: .165, 30: .077, 7: .043},
    "calculated_host_listings_count": {1: .661},
    "availability_365": {0: .359},
    "number_of_reviews": {0: .206}}
#: At .05, .25, .5, .75, .95.
QUANTILES = {
    "price": (40, 69, 106, 175, 355), "number_of_reviews": (0, 1, 5, 24, 114),
    "reviews_per_month": (.04, .19, .72, 2.02, 4.64), "availability_365": (0, 0, 45, 227, 359),
    "calculated_host_listings_count": (1, 1, 1, 2, 15),
    "latitude": (40.6461, 40.6901, 40.7231, 40.7631, 40.8256),
    "longitude": (-74.0039, -73.9831, -73.9557, -73.9363, -73.8658)}
#: Room, borough -> median price.
MEDIANS = {("Entire home/apt", "Manhattan"): 191, ("Entire home/apt", "Brooklyn"): 145,
           ("Entire home/apt", "Queens"): 120, ("Private room", "Manhattan"): 90,
           ("Private room", "Brooklyn"): 65, ("Private room", "Queens"): 60,
           ("Shared room", "Manhattan"): 69, ("Shared room", "Brooklyn"): 36}
CENTRES = {"Manhattan": (40.7651, .0385, -73.9746, .0221),
           "Brooklyn": (40.685, .0274, -73.9512, .0255),
           "Queens": (40.7315, .0404, -73.8728, .057), "Bronx": (40.8483, .0267, -73.8846, .0328),
           "Staten Island": (40.6102, .0324, -74.1058, .0364)}


@pytest.fixture(scope="module", params=[42, 1, 2], name="generated")
def generated_fixture(request: pytest.FixtureRequest) -> pd.DataFrame:
    """A first drop of the usual size."""
    return generate_listings(20_000, request.param)


@pytest.mark.parametrize("column", SHARES)
def test_shares_are_those_of_the_city(generated: pd.DataFrame, column: str) -> None:
    found = generated[column].value_counts(normalize=True)
    for value, share in SHARES[column].items():
        assert found[value] == pytest.approx(share, abs=.012), value


@pytest.mark.parametrize("column", QUANTILES)
def test_quantiles_are_those_of_the_city(generated: pd.DataFrame, column: str) -> None:
    values = generated[column].dropna()
    for level, expected in zip((.05, .25, .5, .75, .95), QUANTILES[column]):
        assert (values < expected).mean() - .04 <= level <= (values <= expected).mean() + .04


@pytest.mark.parametrize("room, borough", MEDIANS)
def test_median_prices_are_those_of_room_and_borough(
        generated: pd.DataFrame, room: str, borough: str) -> None:
    prices = generated.loc[(generated["room_type"] == room)
                           & (generated["neighbourhood_group"] == borough), "price"]
    assert prices.median() == pytest.approx(MEDIANS[room, borough], rel=.2)


@pytest.mark.parametrize("borough", CENTRES)
def test_boroughs_lie_where_they_are(generated: pd.DataFrame, borough: str) -> None:
    inside = generated[generated["neighbourhood_group"] == borough]
    latitude, latitude_sd, longitude, longitude_sd = CENTRES[borough]
    assert inside["latitude"].mean() == pytest.approx(latitude, abs=.01)
    assert inside["longitude"].mean() == pytest.approx(longitude, abs=.015)
    assert inside["latitude"].std() == pytest.approx(latitude_sd, rel=.3)
    assert inside["longitude"].std() == pytest.approx(longitude_sd, rel=.3)


def test_prices_have_a_heavy_tail_and_the_round_numbers_of_people(
        generated: pd.DataFrame) -> None:
    price = generated["price"]
    assert np.log(price[price > 0]).std() == pytest.approx(.698, abs=.035)
    assert (price > 350).mean() == pytest.approx(.050, abs=.01)
    assert price.between(10, 350).mean() == pytest.approx(.950, abs=.01)
    assert 50 <= (price > 1000).sum() <= 180 and price.max() == 10_000
    assert (price % 5 == 0).mean() == pytest.approx(.711, abs=.02)
    assert (price % 50 == 0).mean() == pytest.approx(.210, abs=.02)


def test_price_goes_with_place_as_in_the_city(generated: pd.DataFrame) -> None:
    numbers = generated[["price", "longitude", "latitude", "minimum_nights",
                         "number_of_reviews", "availability_365"]]
    found = numbers.corr(method="spearman")["price"]
    assert found["longitude"] == pytest.approx(-.44, abs=.04)
    assert found["latitude"] == pytest.approx(.14, abs=.04)
    assert found[["minimum_nights", "number_of_reviews", "availability_365"]].abs().max() < .14


def test_reviews_follow_one_law(generated: pd.DataFrame) -> None:
    has_none = generated["number_of_reviews"] == 0
    assert (generated["last_review"] == "").equals(has_none)
    assert generated["reviews_per_month"].isna().equals(has_none)
    some = generated[~has_none]
    assert some["last_review"].between("2011-03-28", "2019-07-08").all()
    assert (some["reviews_per_month"] <= some["number_of_reviews"]).all()
    # One review is as old as the last one: then the rate follows from the day.
    single = some[some["number_of_reviews"] == 1]
    days = (pd.Timestamp("2019-07-09") - pd.to_datetime(single["last_review"])).dt.days
    assert np.abs(single["reviews_per_month"] - 30 / days.clip(lower=30)).max() <= .0051
