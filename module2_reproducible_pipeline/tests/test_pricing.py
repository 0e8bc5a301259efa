"""Prices: each cause moves them by its own factor, and chance has the shape of the city's."""

from dataclasses import replace

import numpy as np
import pytest

from rentals import calibration as facts
from rentals.fact_tables import neighbourhoods
from rentals.population import Listings, draw_listings
from rentals.pricing import LEAST, MOST, draw_prices, expected_price

AREA = neighbourhoods().names.index("Harlem")


def listings(rows: int = 2000) -> Listings:
    """Drawn listings, all moved to Harlem."""
    drawn = draw_listings(np.random.default_rng(0), rows)
    return replace(drawn, area=np.full(rows, AREA))


def test_the_title_multiplies_what_is_expected() -> None:
    drawn = listings()
    one = expected_price(drawn, np.ones(2000))
    assert expected_price(drawn, np.full(2000, 1.25)) == pytest.approx(one * 1.25)


@pytest.mark.parametrize("column, low, high, edges, factors", [
    ("nights", 1, 30, facts.MINIMUM_NIGHTS_EDGES, facts.MINIMUM_NIGHTS_FACTORS),
    ("availability", 0, 365, facts.AVAILABILITY_365_EDGES, facts.AVAILABILITY_365_FACTORS),
    ("reviews", 1, 150, facts.NUMBER_OF_REVIEWS_EDGES, facts.NUMBER_OF_REVIEWS_FACTORS),
    ("host_rows", 1, 327, facts.CALCULATED_HOST_LISTINGS_COUNT_EDGES,
     facts.CALCULATED_HOST_LISTINGS_COUNT_FACTORS),
    ("days_since_review", 1, 9999, facts.DAYS_SINCE_REVIEW_EDGES,
     facts.DAYS_SINCE_REVIEW_FACTORS)])
def test_each_cause_has_its_own_factor(column: str, low: int, high: int,
                                       edges: tuple[float, ...], factors: facts.Table) -> None:
    drawn, title = listings(), np.ones(2000)
    ratio = (expected_price(replace(drawn, **{column: np.full(2000, high)}), title)
             / expected_price(replace(drawn, **{column: np.full(2000, low)}), title))
    table = np.array(factors)
    of_room = (table[:, np.searchsorted(edges, high)] / table[:, np.searchsorted(edges, low)])
    assert ratio == pytest.approx(of_room[drawn.is_room])


def test_long_stays_are_cheaper_and_whole_homes_dearer() -> None:
    drawn, title = listings(), np.ones(2000)
    month = expected_price(replace(drawn, nights=np.full(2000, 30)), title)
    night = expected_price(replace(drawn, nights=np.full(2000, 1)), title)
    assert (month < night).all()
    assert np.median(night[drawn.room == 0]) > 1.5 * np.median(night[drawn.room == 1])


def test_a_shared_room_is_cheaper_than_a_private_one() -> None:
    drawn, title = listings(), np.ones(2000)
    private = expected_price(replace(drawn, room=np.ones(2000, dtype=np.int64)), title)
    shared = expected_price(replace(drawn, room=np.full(2000, 2)), title)
    assert shared / private == pytest.approx(facts.SHARED_FACTORS[2])


def test_chance_leaves_the_middle_and_stays_in_bounds() -> None:
    expected = np.full(40_000, 120.0)
    prices = draw_prices(np.random.default_rng(1), expected, np.zeros(40_000, dtype=np.int64))
    assert prices.dtype == np.int64
    assert np.median(prices) == pytest.approx(120, rel=.06)
    assert LEAST <= prices.min() and prices.max() <= MOST
    assert .002 < (prices > 480).mean() < .03  # four times what is expected


def test_nothing_costs_less_than_the_least_or_more_than_the_most() -> None:
    for expected, bound in ((1.0, LEAST), (10.0**6, MOST)):
        found = draw_prices(np.random.default_rng(1), np.full(50, expected),
                            np.ones(50, dtype=np.int64))
        assert set(found.tolist()) == {bound}


@pytest.mark.parametrize("is_room, row", [(0, 3), (1, 11)])
def test_homes_and_rooms_of_the_same_price_have_their_own_chance(is_room: int,
                                                                 row: int) -> None:
    prices = draw_prices(np.random.default_rng(1), np.full(40_000, 180.0),
                         np.full(40_000, is_room))
    for score, level in ((-1.6449, .05), (1.2816, .9), (1.96, .975)):
        expected = 180 * facts.RESIDUAL[row][facts.SCORES.index(score)]
        assert np.quantile(prices, level) == pytest.approx(expected, rel=.06)
