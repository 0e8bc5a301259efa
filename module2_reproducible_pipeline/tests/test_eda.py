"""Exploration: tables that count right, and figures that are functions of the listings."""

import pandas as pd
import pytest
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection

from listing_rows import listings

from rentals import eda
from rentals.figures import png_bytes
from rentals.settings import CleanSettings

ROWS = listings(60)


def test_the_column_table_counts_missing_values_of_texts_and_numbers():
    table = eda.column_table(ROWS).set_index("column")
    assert table.loc["last_review", "missing"] == (ROWS["last_review"] == "").sum() > 0
    assert table.loc["reviews_per_month", "missing"] == ROWS["reviews_per_month"].isna().sum()
    assert table.loc["price", "median"] == ROWS["price"].median()
    assert pd.isna(table.loc["name", "median"]) and len(table) == 16


def test_the_group_table_counts_every_listing():
    table = eda.group_table(ROWS)
    assert table["listings"].sum() == 60
    one = ROWS[(ROWS["neighbourhood_group"] == "Queens") & (ROWS["room_type"] == "Private room")]
    found = table[(table["borough"] == "Queens") & (table["room"] == "Private room")]
    assert found["median_price"].tolist() == [one["price"].median()]


@pytest.mark.parametrize("draw", [
    lambda rows: eda.draw_prices(rows, CleanSettings()), lambda rows: eda.draw_map(rows, 100),
    eda.draw_groups, lambda rows: eda.draw_neighbourhoods(rows, 3)])
def test_equal_listings_give_equal_pictures_and_others_do_not(draw):
    other = ROWS.assign(price=ROWS["price"] * 2 + 1)
    assert png_bytes(draw(ROWS)) == png_bytes(draw(ROWS.copy())) != png_bytes(draw(other))


def test_the_map_counts_what_lies_outside_and_does_not_draw_it():
    rows = ROWS.copy()
    rows.loc[:2, "latitude"] = 0.0
    figure = eda.draw_map(rows, 1000)
    assert "3 lie outside" in figure.get_suptitle()
    assert len(figure.findobj(PathCollection)[0].get_offsets()) == 57


def test_a_neighbourhood_with_dollar_signs_is_drawn_as_it_stands():
    rows = ROWS.assign(neighbourhood="$Soho$")
    figure = eda.draw_neighbourhoods(rows, 3)
    assert [text.get_text() for text in figure.findobj(Axis)[1].get_ticklabels()] == [
        r"\$Soho\$"]
