"""Setting rows aside: seeded, stratified, and by the listing instead of by the place."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentals.errors import InputError
from rentals.split import STRATUM, set_aside


def _rows(count, start=1):
    return pd.DataFrame({"id": range(start, start + count), STRATUM: [
        "Bronx" if number % 10 == 0 else "Queens" for number in range(count)]})


@given(rows=st.integers(20, 300), fraction=st.floats(0.1, 0.6), seed=st.integers(0, 1000))
def test_every_row_is_on_one_side_in_its_order(rows, fraction, seed):
    kept, aside = set_aside(_rows(rows), fraction, seed)
    assert sorted([*kept["id"], *aside["id"]]) == list(range(1, rows + 1))
    assert kept["id"].is_monotonic_increasing and aside["id"].is_monotonic_increasing


def test_each_borough_gives_its_share():
    _, aside = set_aside(_rows(1000), 0.2, 1)
    assert aside[STRATUM].value_counts().to_dict() == {"Queens": 180, "Bronx": 20}


def test_the_side_follows_from_the_seed_and_the_id_and_not_from_the_order():
    rows = _rows(400)
    aside = set(set_aside(rows, 0.25, 3)[1]["id"])
    shuffled = rows.sample(frac=1, random_state=5).reset_index(drop=True)
    assert set(set_aside(shuffled, 0.25, 3)[1]["id"]) == aside
    assert set(set_aside(rows, 0.25, 4)[1]["id"]) != aside


def test_a_listing_of_an_earlier_drop_stays_on_its_side():
    first, second = _rows(400), _rows(900, start=200)
    kept, aside = set_aside(first, 0.25, 3)
    kept_now, aside_now = set_aside(second, 0.25, 99, earlier_aside=aside["id"],
                                    earlier_kept=kept["id"])
    assert not set(kept["id"]) & set(aside_now["id"])
    assert not set(aside["id"]) & set(kept_now["id"])
    assert len(aside_now) == 224


def test_without_the_earlier_sides_listings_would_change_sides():
    kept, _ = set_aside(_rows(400), 0.25, 3)
    assert set(kept["id"]) & set(set_aside(_rows(900, start=200), 0.25, 99)[1]["id"])


def test_a_listing_that_stands_there_twice_is_refused():
    with pytest.raises(InputError, match="listing 5 stands in the table twice"):
        set_aside(pd.concat([_rows(10), _rows(10).iloc[[4]]]), 0.2, 1)


@pytest.mark.parametrize("rows", [1, 2])
def test_too_few_rows_are_refused(rows):
    with pytest.raises(InputError, match="too few"):
        set_aside(_rows(rows), 0.2, 1)
