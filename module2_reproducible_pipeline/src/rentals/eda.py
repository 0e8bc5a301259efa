"""Explore listings: figures and tables that say what cleaning and models have to deal with.

In: listings as they were loaded. Out: frames and ``matplotlib`` figures; nothing is written.
The exploration's notebook and the report call the same functions, so they cannot disagree.
"""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from rentals.figures import NEUTRAL_COLOUR, SERIES_COLOURS, new_figure, plain_label
from rentals.schema import BOROUGHS, BOX, COLUMNS, PRICE, ROOM_TYPES
from rentals.settings import CleanSettings

_CAP = 1000  # dollars; the few dearer listings would squeeze all others to the left


def column_table(listings: pd.DataFrame) -> pd.DataFrame:
    """Return one row a column: missing values, different values, and quantiles of numbers.

    Parameters
    ----------
    listings : DataFrame, shape (n, 16)

    Returns
    -------
    DataFrame, shape (16, 8)
    """
    rows = []
    for column in COLUMNS:
        values = listings[column.name]
        is_number = column.kind in ("integer", "decimal")
        missing = int(values.isna().sum() if is_number else (values == "").sum())
        quantiles = values.quantile([0, 0.25, 0.5, 0.75, 1]) if is_number else [math.nan] * 5
        rows.append([column.name, missing, values.nunique(), *np.round(list(quantiles), 4)])
    return pd.DataFrame(rows, columns=["column", "missing", "different", "minimum", "q25",
                                       "median", "q75", "maximum"])


def group_table(listings: pd.DataFrame) -> pd.DataFrame:
    """Return number of listings and median price by borough and room.

    Parameters
    ----------
    listings : DataFrame, shape (n, 16)

    Returns
    -------
    DataFrame
        Columns borough, room, listings, median_price.
    """
    table = listings.groupby(["neighbourhood_group", "room_type"], sort=True)[PRICE].agg(
        ["size", "median"]).reset_index()
    table.columns = pd.Index(["borough", "room", "listings", "median_price"])
    return table


def draw_prices(listings: pd.DataFrame, bounds: CleanSettings) -> Figure:
    """Draw the distribution of prices, and which part the model is for.

    Parameters
    ----------
    listings : DataFrame, shape (n, 16)
    bounds : CleanSettings
        Lowest and highest price kept.

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure("Prices: the model is for the part between the lines")
    axis.hist(listings[PRICE].clip(upper=_CAP), bins=100, color=SERIES_COLOURS[0])
    for bound in (bounds.min_price, bounds.max_price):
        axis.axvline(bound, color=SERIES_COLOURS[1], linewidth=1.5)
    axis.set_xlabel(f"dollars a night, {_CAP} standing for more")
    axis.set_ylabel("listings")
    return figure


def draw_map(listings: pd.DataFrame, points: int) -> Figure:
    """Draw listings on the map, coloured by price.

    Parameters
    ----------
    listings : DataFrame, shape (n, 16)
    points : int
        At most so many, evenly taken.

    Returns
    -------
    Figure
        Listings outside the city's box are counted in the title, not drawn.
    """
    is_inside = (listings["longitude"].between(BOX.longitude_minimum, BOX.longitude_maximum)
                 & listings["latitude"].between(BOX.latitude_minimum, BOX.latitude_maximum))
    inside = listings[is_inside]
    drawn = inside.iloc[:: max(1, math.ceil(len(inside) / points))]
    figure, (axis,) = new_figure(f"Where listings are dear; {int((~is_inside).sum())} lie "
                                 "outside the city's box", height=6.0)
    dots = axis.scatter(drawn["longitude"], drawn["latitude"], s=4, linewidths=0,
                        c=drawn[PRICE].clip(10, 350), cmap="cividis")
    figure.colorbar(dots, ax=axis, label="dollars a night, 10 to 350", shrink=0.8)
    axis.set_xlabel("degrees of longitude")
    axis.set_ylabel("degrees of latitude")
    axis.set_aspect(1 / math.cos(math.radians(40.7)))
    return figure


def draw_groups(listings: pd.DataFrame) -> Figure:
    """Draw the median price by borough and room.

    Parameters
    ----------
    listings : DataFrame, shape (n, 16)

    Returns
    -------
    Figure
    """
    table = group_table(listings).set_index(["borough", "room"])["median_price"]
    figure, (axis,) = new_figure("Median price by borough and room")
    places = np.arange(len(BOROUGHS))
    for number, room in enumerate(ROOM_TYPES):
        heights = [table.get((borough, room), 0.0) for borough in BOROUGHS]
        axis.bar(places + (number - 1) * 0.27, heights, 0.25, label=room,
                 color=SERIES_COLOURS[number])
    axis.set_xticks(places, BOROUGHS)
    axis.set_ylabel("dollars a night")
    axis.legend(frameon=False)
    return figure


def draw_neighbourhoods(listings: pd.DataFrame, count: int) -> Figure:
    """Draw the neighbourhoods with most listings: the middle half of their prices.

    Parameters
    ----------
    listings : DataFrame, shape (n, 16)
    count : int

    Returns
    -------
    Figure
    """
    sizes = listings["neighbourhood"].value_counts().sort_index().sort_values(
        ascending=False, kind="stable").head(count)
    prices = listings[listings["neighbourhood"].isin(sizes.index)].groupby("neighbourhood")[PRICE]
    quartiles = pd.DataFrame({name: prices.quantile(share) for name, share in (
        ("low", 0.25), ("middle", 0.5), ("high", 0.75))}).sort_values("middle", kind="stable")
    figure, (axis,) = new_figure("The largest neighbourhoods: median, and the middle half",
                                 height=1.2 + 0.28 * len(quartiles))
    names = [plain_label(name) for name in quartiles.index]
    axis.hlines(names, quartiles["low"], quartiles["high"], color=NEUTRAL_COLOUR)
    axis.plot(quartiles["middle"], names, "o", color=SERIES_COLOURS[0])
    axis.grid(axis="y", visible=False)
    axis.grid(axis="x", alpha=0.25)
    axis.set_xlabel("dollars a night")
    return figure
