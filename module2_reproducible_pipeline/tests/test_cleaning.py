"""Reasons: one a row, the first that holds, and bounds belong to what is kept."""

import pandas as pd

from rentals.cleaning import OUTSIDE, TOO_CHEAP, TOO_DEAR, find_reasons
from rentals.settings import CleanSettings

INSIDE = (40.75, -73.98)


def _rows(*rows):
    return pd.DataFrame(rows, columns=["price", "latitude", "longitude"])


def _reasons(listings, **settings):
    return find_reasons(listings, CleanSettings(**settings)).tolist()


def test_prices_at_the_bounds_are_kept():
    listings = _rows(*((price, *INSIDE) for price in (9, 10, 350, 351)))
    assert _reasons(listings) == [TOO_CHEAP, "", "", TOO_DEAR]


def test_the_border_of_the_box_belongs_to_it():
    listings = _rows((50, 40.5, -74.25), (50, 41.2, -73.5), (50, 40.49979, -74.0),
                     (50, 0, 0), (50, -73.98, 40.75), (50, 40.75, -73.4999))
    assert _reasons(listings) == ["", "", OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE]


def test_release_1_0_0_kept_what_lies_outside():
    assert _reasons(_rows((50, 0, 0)), drop_outside_box=False) == [""]


def test_a_row_with_two_faults_has_the_first_reason():
    assert _reasons(_rows((0, 0, 0), (10**4, 0, 0))) == [TOO_CHEAP, TOO_DEAR]
