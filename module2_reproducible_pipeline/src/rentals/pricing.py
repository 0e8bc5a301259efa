"""Price drawn listings: what such a place costs, times what the listing adds, times chance.

In: listings and the factor of their titles. Out: whole US dollars a night.
It is the law that models shall find, so it stands alone and is short. Prices are multiplied
up from factors, because exp and log differ between processors in their last digit.
"""

import numpy as np

from rentals import calibration as facts
from rentals.fact_tables import Floats, Integers, neighbourhoods
from rentals.population import Listings

LEAST, MOST = 10, 10_000


def expected_price(listings: Listings, title_factor: Floats) -> Floats:
    """Return what a listing lets expect, before chance and rounding.

    Parameters
    ----------
    listings : Listings, n rows
    title_factor : array, shape (n,)
        Product of the factors of the words of the title.

    Returns
    -------
    array, shape (n,)
        US dollars a night.
    """
    areas, area, is_room = neighbourhoods(), listings.area, listings.is_room
    price = np.where(is_room == 1, areas.numbers["price_room"][area],
                     areas.numbers["price_entire"][area])
    for slope, place in (("slope_latitude", listings.north), ("slope_longitude", listings.east)):
        quarter = 1.0 + areas.numbers[slope][area] * place / 4.0
        price = price * quarter * quarter * quarter * quarter
    shared = np.array(facts.SHARED_FACTORS)[areas.borough[area]]
    price = price * np.where(listings.room == 2, shared, 1.0) * title_factor
    for values, edges, factors in (
            (listings.nights, facts.MINIMUM_NIGHTS_EDGES, facts.MINIMUM_NIGHTS_FACTORS),
            (listings.reviews, facts.NUMBER_OF_REVIEWS_EDGES, facts.NUMBER_OF_REVIEWS_FACTORS),
            (listings.availability, facts.AVAILABILITY_365_EDGES,
             facts.AVAILABILITY_365_FACTORS),
            (listings.host_rows, facts.CALCULATED_HOST_LISTINGS_COUNT_EDGES,
             facts.CALCULATED_HOST_LISTINGS_COUNT_FACTORS),
            (np.nan_to_num(listings.reviews_per_month), facts.REVIEWS_PER_MONTH_EDGES,
             facts.REVIEWS_PER_MONTH_FACTORS),
            (listings.days_since_review, facts.DAYS_SINCE_REVIEW_EDGES,
             facts.DAYS_SINCE_REVIEW_FACTORS)):
        price = price * np.array(factors)[is_room, np.searchsorted(edges, values)]
    return np.asarray(price, dtype=np.float64)


def draw_prices(rng: np.random.Generator, expected: Floats, is_room: Integers) -> Integers:
    """Draw prices around what is expected, with the heavy tail and round numbers of people.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    expected : array, shape (n,)
        US dollars, as `expected_price` returns.
    is_room : array of int, shape (n,)
        0 for whole homes, 1 for rooms: their chance differs.

    Returns
    -------
    array of int, shape (n,)
        US dollars, from 10 to 10,000.
    """
    edges = np.array(facts.EXPECTATION_EDGES)
    band = is_room * 6 + (expected[:, None] > edges[is_room]).sum(axis=1)
    scores, table = np.array(facts.SCORES), np.array(facts.RESIDUAL)
    score = np.clip(rng.normal(size=len(expected)), scores[0], scores[-1])
    below = np.clip(np.searchsorted(scores, score) - 1, 0, len(scores) - 2)
    part = (score - scores[below]) / (scores[below + 1] - scores[below])
    low, high = table[band, below], table[band, below + 1]
    price = np.clip(expected * (low + part * (high - low)), LEAST, MOST)
    return _rounded(rng, price)


def _rounded(rng: np.random.Generator, price: Floats) -> Integers:
    """Round each price to a step that people like at that height."""
    shares = np.cumsum(np.array(facts.HEAP_SHARES), axis=1)
    band = np.searchsorted(facts.HEAP_EDGES, price)
    level = rng.random(len(price)) * shares[band, -1]
    number = np.minimum((level[:, None] >= shares[band]).sum(axis=1), len(facts.HEAP_STEPS) - 1)
    step = np.array(facts.HEAP_STEPS, dtype=np.int64)[number]
    # 1e-6: a value just below a half must not round otherwise on another processor.
    rounded = np.floor(price / step + 0.5 + 1e-6).astype(np.int64) * step
    return np.asarray(np.clip(rounded, LEAST, MOST), dtype=np.int64)
