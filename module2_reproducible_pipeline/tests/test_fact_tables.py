"""The committed tables: whole, within their ranges, and about groups alone."""

import numpy as np
import pytest

from rentals.fact_tables import EXCLUDING_GROUPS, neighbourhoods, words
from rentals.schema import BOROUGHS, BOX


def test_there_are_221_neighbourhoods_of_five_boroughs() -> None:
    areas = neighbourhoods()
    assert len(set(areas.names)) == len(areas.names) == 221
    assert sorted(set(areas.borough.tolist())) == list(range(len(BOROUGHS)))
    assert areas.numbers["listings"].sum() == 48_895


def test_neighbourhoods_lie_in_the_box() -> None:
    numbers = neighbourhoods().numbers
    assert numbers["latitude"].min() > BOX.latitude_minimum
    assert numbers["latitude"].max() < BOX.latitude_maximum
    assert numbers["longitude"].min() > BOX.longitude_minimum
    assert numbers["longitude"].max() < BOX.longitude_maximum


def test_every_number_of_a_neighbourhood_is_finite_and_prices_are_positive() -> None:
    numbers = neighbourhoods().numbers
    assert all(np.isfinite(values).all() for values in numbers.values())
    for name in ("price_entire", "price_room", "latitude_sd", "longitude_sd"):
        assert numbers[name].min() > 0
    for name in ("share_entire", "share_large_hosts"):
        assert 0 <= numbers[name].min() and numbers[name].max() < .951


def test_words_have_shares_for_whole_homes_and_rooms_of_every_neighbourhood() -> None:
    table = words()
    assert table.shares.shape == (442, len(table.phrases))
    assert len(set(table.phrases)) == len(table.phrases)
    assert 0 <= table.shares.min() and table.shares.max() < 1


@pytest.mark.parametrize("group", EXCLUDING_GROUPS)
def test_words_that_exclude_each_other_leave_room_for_none_of_them(group: str) -> None:
    table = words()
    assert table.shares[:, np.array(table.group) == group].sum(axis=1).max() < .951


def test_a_place_is_named_in_its_own_neighbourhood_far_more_often() -> None:
    areas, table = neighbourhoods(), words()
    column = table.shares[:221, table.phrases.index("astoria")]
    own = column[areas.names.index("Astoria")]
    elsewhere = column[areas.names.index("Harlem")]
    assert own > .2 > .01 > elsewhere


def test_words_known_to_move_prices_move_them_the_right_way() -> None:
    table = words()
    for phrase, is_dearer in (("luxury", True), ("penthouse", True), ("loft", True),
                              ("cozy", False), ("shared", False), ("sublet", False)):
        factors = table.factors[:, table.phrases.index(phrase)]
        assert (factors > 1).all() if is_dearer else (factors < 1).all(), phrase
