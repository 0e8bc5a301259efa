"""Generate listings that look like the real ones, for whoever has no real file.

In: a number of rows, a seed, and which of two drops. Out: a table of the exact schema, or a CSV
with a manifest. The manifest tells what was planted, so that a check can be scored against the
truth. The second drop repeats known listings of the first, and some of its places are wrong.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from rentals.data import write_listings
from rentals.errors import SettingsError
from rentals.fact_tables import Floats, Integers, neighbourhoods
from rentals.files import sha256_of_file, write_json
from rentals.hosting import assign_hosts, draw_host_numbers, draw_listing_numbers
from rentals.planting import (EXTREME_PRICE, CoordinateOutlier, choose_missing, ids_where,
                              plant_outliers, plant_prices)
from rentals.population import ROWS_OF_THE_CITY, Listings, draw_listings
from rentals.pricing import draw_prices, expected_price
from rentals.schema import BOROUGHS, BOX, ID, NAMES, ROOM_TYPES, schema_digest
from rentals.wording import draw_host_names, draw_titles

#: Goes up with every change that changes the bytes of a file.
GENERATOR_VERSION = 1

FIRST_DROP_ROWS, SECOND_DROP_ROWS = 20_000, ROWS_OF_THE_CITY
_REPEATED_ROWS = 2_000  # Of a second drop of the usual size.
_TODAY = date(2019, 7, 8)
_NORTHMOST, _WESTMOST, _EASTMOST = 40.9131, -74.2444, -73.7130


@dataclass(frozen=True, slots=True)
class PlantedFacts:  # pylint: disable=too-many-instance-attributes  # a record
    """The truth about the rows; listings are named by their id, in rising order.

    ``repeated`` are those that the first drop of ``first_drop_rows`` rows and the same seed
    holds too, field for field; a first drop has none.
    """

    coordinate_outliers: tuple[CoordinateOutlier, ...]
    zero_prices: tuple[int, ...]
    extreme_prices: tuple[int, ...]
    missing_names: tuple[int, ...]
    missing_host_names: tuple[int, ...]
    without_reviews: int
    first_drop_rows: int
    repeated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Manifest:  # pylint: disable=too-many-instance-attributes  # a record
    """Where a generated file comes from, its digest, and what was planted in it."""

    file: str
    generator_version: int
    schema_sha256: str
    drop: int
    seed: int
    rows: int
    sha256: str
    planted: PlantedFacts


def generate_listings(rows: int, seed: int, drop: int = 1) -> pd.DataFrame:
    """Return generated listings.

    Parameters
    ----------
    rows : int
        At least 100. The usual sizes are 20,000 for the first drop and 48,895 for the second.
    seed : int
        Not negative. The same arguments give the same table everywhere.
    drop : int
        1, or 2 for the later one with its planted outliers and repeated listings.

    Returns
    -------
    DataFrame, shape (rows, 16)
        The columns of ``rentals.schema.COLUMNS`` as `rentals.data.load_listings` gives them.

    Raises
    ------
    SettingsError
        An argument is out of range.
    """
    return _generate(rows, seed, drop)[0]


def write_listings_drop(path: Path, rows: int, seed: int, drop: int = 1) -> Manifest:
    """Write generated listings as a CSV, and ``<stem>.manifest.json`` beside it.

    Parameters
    ----------
    path : Path
        The CSV.
    rows, seed, drop : int
        As for `generate_listings`.

    Returns
    -------
    Manifest

    Raises
    ------
    SettingsError, OutputError
        An argument is out of range, or a file cannot be written.
    """
    listings, planted = _generate(rows, seed, drop)
    write_listings(listings, path)
    manifest = Manifest(path.name, GENERATOR_VERSION, schema_digest(), drop, seed, rows,
                        sha256_of_file(path), planted)
    write_json(path.with_name(f"{path.stem}.manifest.json"), asdict(manifest))
    return manifest


def _generate(rows: int, seed: int, drop: int) -> tuple[pd.DataFrame, PlantedFacts]:
    _check_arguments(rows, seed, drop)
    rng = np.random.default_rng([seed, drop])
    if drop == 1:
        listings = _own_listings(rng, rows, 1)
        return listings, _planted_facts(listings, (), 0, listings.iloc[:0])
    first = generate_listings(max(rows * FIRST_DROP_ROWS // SECOND_DROP_ROWS, 100), seed)
    repeated = first.iloc[rng.choice(len(first), rows * _REPEATED_ROWS // SECOND_DROP_ROWS,
                                     replace=False)]
    own = _own_listings(rng, rows - len(repeated), 2)
    outliers = plant_outliers(rng, own)
    listings = pd.concat([own, repeated]).iloc[rng.permutation(rows)].reset_index(drop=True)
    return listings, _planted_facts(listings, outliers, len(first), repeated)


def _check_arguments(rows: int, seed: int, drop: int) -> None:
    for name, value, is_good in (("rows to generate", rows, rows >= 100),
                                 ("seed", seed, seed >= 0), ("drop", drop, drop in (1, 2))):
        if not is_good:
            raise SettingsError(f"{name}: {value} is out of range; take rows from 100, "
                                "a seed from 0, drop 1 or 2")


def _own_listings(rng: np.random.Generator, rows: int, drop: int) -> pd.DataFrame:
    """Draw listings that no other drop has."""
    drawn = draw_listings(rng, rows)
    titles, factors = draw_titles(rng, drawn, choose_missing(rng, rows, 7))
    price = draw_prices(rng, expected_price(drawn, factors), drawn.is_room)
    host = assign_hosts(rng, drawn.host_rows, min(rows / ROWS_OF_THE_CITY, 1.0))
    _, of_host = np.unique(host, return_index=True)
    host_numbers = draw_host_numbers(rng, drawn.newness[of_host], drop)
    host_names = np.array(draw_host_names(rng, drawn.host_rows[of_host]))[host]
    host_names[choose_missing(rng, rows, 8)] = ""
    areas = neighbourhoods()
    latitude, longitude = _coordinates(drawn)
    listings = pd.DataFrame({
        ID: draw_listing_numbers(rng, drawn.newness, drop),
        "name": pd.Series(titles, dtype="str"), "host_id": host_numbers[host],
        "host_name": pd.Series(host_names.tolist(), dtype="str"),
        "neighbourhood_group": _decoded(BOROUGHS, areas.borough[drawn.area]),
        "neighbourhood": _decoded(areas.names, drawn.area),
        "latitude": latitude, "longitude": longitude,
        "room_type": _decoded(ROOM_TYPES, drawn.room), "price": price,
        "minimum_nights": drawn.nights, "number_of_reviews": drawn.reviews,
        "last_review": pd.Series(_days(drawn), dtype="str"),
        "reviews_per_month": drawn.reviews_per_month,
        "calculated_host_listings_count": drawn.host_rows,
        "availability_365": drawn.availability}, columns=list(NAMES))
    plant_prices(rng, listings)
    return listings


def _coordinates(drawn: Listings) -> tuple[Floats, Floats]:
    """Return degrees north and east with five decimals, within the city."""
    numbers, area = neighbourhoods().numbers, drawn.area
    latitude = numbers["latitude"][area] + numbers["latitude_sd"][area] * drawn.north
    longitude = numbers["longitude"][area] + numbers["longitude_sd"][area] * drawn.east
    return (np.clip(np.round(latitude, 5), BOX.latitude_minimum, _NORTHMOST),
            np.clip(np.round(longitude, 5), _WESTMOST, _EASTMOST))


def _days(drawn: Listings) -> list[str]:
    return [(_TODAY - timedelta(days=days)).isoformat() if reviews else ""
            for days, reviews in zip(drawn.days_since_review.tolist(), drawn.reviews.tolist())]


def _decoded(texts: tuple[str, ...], codes: Integers) -> "pd.Series[str]":
    return pd.Series(pd.array(list(texts), dtype="str").take(codes))


def _planted_facts(listings: pd.DataFrame, outliers: tuple[CoordinateOutlier, ...],
                   first_drop_rows: int, repeated: pd.DataFrame) -> PlantedFacts:
    return PlantedFacts(
        outliers,
        ids_where(listings, listings["price"] == 0),
        ids_where(listings, listings["price"] >= EXTREME_PRICE),
        ids_where(listings, listings["name"] == ""),
        ids_where(listings, listings["host_name"] == ""),
        int((listings["number_of_reviews"] == 0).sum()),
        first_drop_rows, tuple(sorted(repeated[ID].tolist())))
