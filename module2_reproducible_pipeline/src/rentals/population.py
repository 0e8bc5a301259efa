"""Draw listings from the facts of `rentals.calibration`: where, whose, how long, how reviewed.

In: how many, and a generator of random numbers. Out: the numeric columns and the codes of
places and rooms; `rentals.wording` then titles them and `rentals.pricing` prices them.

Things are drawn in the order in which one depends on another: neighbourhood, room, host,
days bookable and shortest stay, reviews. Draws become values by plain arithmetic, without exp
or log, so that all processors agree.
"""

from dataclasses import dataclass

import numpy as np

from rentals import calibration as facts
from rentals.fact_tables import Floats, Integers, neighbourhoods

ROWS_OF_THE_CITY = 48_895
_FARTHEST = 2.6  # Standard deviations from the middle of a neighbourhood.
_NO_DAY = 9_999


@dataclass(frozen=True, slots=True)
class Listings:  # pylint: disable=too-many-instance-attributes  # columns of a table
    """Columns of listings, shape (n,) each.

    ``area`` is the row of the neighbourhood, ``room`` the code of the room type in the schema;
    ``north`` and ``east`` are standard deviations from the neighbourhood's middle, ``host_rows``
    the listings of the host, ``days_since_review`` is 9999 where there is none.
    """

    area: Integers
    room: Integers
    north: Floats
    east: Floats
    host_rows: Integers
    availability: Integers
    nights: Integers
    reviews: Integers
    days_since_review: Integers
    reviews_per_month: Floats
    newness: Floats

    @property
    def is_room(self) -> Integers:
        """0 for a whole home, 1 for a private or shared room."""
        return np.minimum(self.room, 1)


def draw_listings(rng: np.random.Generator, rows: int) -> Listings:
    """Draw listings.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    rows : int

    Returns
    -------
    Listings
    """
    area, room, north, east = _places(rng, rows)
    is_room = np.minimum(room, 1)
    size = _host_size(rng, area, is_room)
    is_bookable = rng.random(rows) >= np.array(facts.NOT_BOOKABLE)[is_room * 5 + size]
    availability = is_bookable * _whole(
        _at_share(rng.random(rows), facts.AVAILABILITY, is_room * 5 + size))
    # Hosts with 1, 2-5, 6-20 and more listings: the table parts them no finer.
    nights = np.array(facts.NIGHTS, dtype=np.int64)[
        _pick(rng, np.array(facts.NIGHT_SHARES), is_room * 4 + np.array([0, 1, 1, 2, 3])[size])]
    cell = (np.searchsorted([0, 90, 270], availability) * 3
            + np.searchsorted([2, 6], nights)) * 2 + is_room
    reviews, days, newness = _reviews(rng, cell)
    return Listings(area, room, north, east, _host_rows(rng, size, is_room), availability,
                    nights, reviews, days, _per_month(rng, reviews, days), newness)


def _places(rng: np.random.Generator, rows: int) -> tuple[Integers, Integers, Floats, Floats]:
    """Return neighbourhood, room type, and where in the neighbourhood."""
    areas = neighbourhoods()
    area = _pick(rng, areas.numbers["listings"][None, :], np.zeros(rows, dtype=np.int64))
    is_room = rng.random(rows) >= areas.numbers["share_entire"][area]
    is_shared = rng.random(rows) < np.array(facts.SHARED_SHARES)[areas.borough[area]]
    room = is_room * (1 + is_shared.astype(np.int64))
    north, own = np.clip(rng.normal(size=(2, rows)), -_FARTHEST, _FARTHEST)
    tilt = areas.numbers["correlation"][area]
    east = np.clip(tilt * north + np.sqrt(1.0 - tilt * tilt) * own, -_FARTHEST, _FARTHEST)
    return area, room, north, east


def _pick(rng: np.random.Generator, shares: Floats, row: Integers) -> Integers:
    """Draw a category for each listing, by the shares in its ``row`` of the table."""
    level = rng.random(len(row))
    found = np.zeros(len(row), dtype=np.int64)
    for number, cumulative in enumerate(np.cumsum(shares, axis=1)):
        members = np.flatnonzero(row == number)
        found[members] = np.searchsorted(cumulative[:-1], level[members] * cumulative[-1],
                                         side="right")
    return found


def _at_share(level: Floats, quantiles: facts.Table, row: Integers) -> Floats:
    """Turn levels from 0 to 1 into values, by the quantiles in each listing's ``row``."""
    levels, table = np.array(facts.SHARES), np.array(quantiles)
    below = np.clip(np.searchsorted(levels, level, side="right") - 1, 0, len(levels) - 2)
    low, high = table[row, below], table[row, below + 1]
    part = (level - levels[below]) / (levels[below + 1] - levels[below])
    return np.asarray(low + part * (high - low), dtype=np.float64)


def _whole(values: Floats) -> Integers:
    return np.rint(values).astype(np.int64)


def _host_size(rng: np.random.Generator, area: Integers, is_room: Integers) -> Integers:
    """Return 0 to 4 for hosts with 1, 2, 3-5, 6-20 and more listings."""
    areas = neighbourhoods()
    size = _pick(rng, np.array(facts.HOST_SIZES), is_room * 5 + areas.borough[area])
    is_large = rng.random(len(area)) < areas.numbers["share_large_hosts"][area]
    return np.where(is_large & (is_room == 0), 4, size)


def _host_rows(rng: np.random.Generator, size: Integers, is_room: Integers) -> Integers:
    """Return how many listings each listing's host has."""
    found = np.minimum(size, 1) + 1
    for number, tables in enumerate((
            (facts.SOME_LISTINGS_ENTIRE, facts.MANY_LISTINGS_ENTIRE, facts.LARGE_LISTINGS_ENTIRE),
            (facts.SOME_LISTINGS_ROOM, facts.MANY_LISTINGS_ROOM, facts.LARGE_LISTINGS_ROOM))):
        for step, (values, rows) in enumerate(tables, 2):
            members = np.flatnonzero((size == step) & (is_room == number))
            picked = _pick(rng, np.array([rows]), np.zeros(len(members), dtype=np.int64))
            found[members] = np.array(values, dtype=np.int64)[picked]
    return found


def _reviews(rng: np.random.Generator, cell: Integers) -> tuple[Integers, Integers, Floats]:
    """Return reviews, days since the last one, and how new the listing is."""
    has_none = rng.random(len(cell)) < np.array(facts.NO_REVIEWS)[cell]
    link = np.array(facts.REVIEWS_TO_DAYS)[cell]
    busy, own, other = rng.normal(size=(3, len(cell)))
    late = link * busy + np.sqrt(1.0 - link * link) * own
    reviews = np.maximum(_whole(_at_share(_level(busy), facts.REVIEWS, cell)), 1)
    days = _whole(_at_share(_level(late), facts.DAYS_SINCE_REVIEW, cell))
    newness = 0.8 * other - 0.4 * np.where(has_none, -1.0, busy) - 0.4 * np.maximum(late, -1.0)
    return np.where(has_none, 0, reviews), np.where(has_none, _NO_DAY, days), newness


def _per_month(rng: np.random.Generator, reviews: Integers, days: Integers) -> Floats:
    """Return reviews a month since the first one, which one review alone decides."""
    band = np.searchsorted(facts.SPAN_EDGES, reviews)
    span = _whole(_at_share(rng.random(len(band)), facts.SPAN_DAYS, band))
    span = np.where(reviews > 1, np.maximum(span, reviews), 0)  # At most one review a day.
    rate = np.round(reviews * 30 / np.maximum(days + span + 1, 30), 2)
    return np.where(reviews > 0, np.maximum(rate, 0.01), np.nan)


def _level(score: Floats) -> Floats:
    """Turn normal scores into levels from 0 to 1, by the ranks of all: no erf is needed."""
    order = np.argsort(np.round(score, 9), kind="stable")
    level = np.empty(len(score))
    level[order] = (np.arange(len(score)) + 0.5) / max(len(score), 1)
    return level
