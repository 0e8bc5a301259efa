"""Plant known faults into generated listings, and write down which.

In: a frame of good listings. Out: the same frame with faults, and the truth about them.
A check can only be scored when somebody knows every row that it should find.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from rentals.schema import ID

OutlierKind = Literal["swapped", "zero", "sign_flip", "south_of_box"]
OUTLIER_KINDS: tuple[OutlierKind, ...] = ("swapped", "zero", "sign_flip", "south_of_box")

#: A price from here on is listed as extreme, whether it was planted or drawn.
EXTREME_PRICE = 5_000
#: The first is that of the one listing of the true city that lies outside the box.
SOUTH_OF_BOX = (40.49979, 40.49921, 40.49853, 40.49705)

_ROWS_OF_A_SAMPLE = 20_000
_ROWS_FOR_ALL_OUTLIERS = 1_600


@dataclass(frozen=True, slots=True)
class CoordinateOutlier:
    """One listing that was moved, and where it truly lies."""

    id: int
    kind: OutlierKind
    true_latitude: float
    true_longitude: float


def plant_prices(rng: np.random.Generator, listings: pd.DataFrame) -> None:
    """Set a few prices to 0 and a few to the highest that the site takes.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    listings : DataFrame, n rows
        Changed in place: of 20,000 rows five become 0, one 9,999 and one 10,000.
    """
    zeros = round(len(listings) * 5 / _ROWS_OF_A_SAMPLE)
    highest = round(len(listings) / _ROWS_OF_A_SAMPLE)
    rows = rng.choice(len(listings), zeros + 2 * highest, replace=False)
    prices = [0] * zeros + [9_999] * highest + [10_000] * highest
    listings.loc[listings.index[rows], "price"] = prices


def choose_missing(rng: np.random.Generator, rows: int, of_a_sample: int
                   ) -> npt.NDArray[np.bool_]:
    """Return where a text is missing: ``of_a_sample`` times in 20,000 rows.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    rows : int
    of_a_sample : int

    Returns
    -------
    array of bool, shape (rows,)
    """
    is_missing = np.zeros(rows, dtype=np.bool_)
    is_missing[rng.choice(rows, round(rows * of_a_sample / _ROWS_OF_A_SAMPLE),
                          replace=False)] = True
    return is_missing


def plant_outliers(rng: np.random.Generator, listings: pd.DataFrame
                   ) -> tuple[CoordinateOutlier, ...]:
    """Move a few listings out of the city.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    listings : DataFrame, n rows
        Changed in place: four listings of each kind, or one when there are few rows.

    Returns
    -------
    tuple of CoordinateOutlier
        Every listing that was moved, sorted by kind.
    """
    each = len(SOUTH_OF_BOX) if len(listings) >= _ROWS_FOR_ALL_OUTLIERS else 1
    rows = rng.choice(len(listings), each * len(OUTLIER_KINDS), replace=False)
    return tuple(_move(listings, OUTLIER_KINDS[number // each], row, number % each)
                 for number, row in enumerate(rows.tolist()))


def _move(listings: pd.DataFrame, kind: OutlierKind, row: int, number: int
          ) -> CoordinateOutlier:
    label = listings.index[row]
    latitude, longitude = map(float, listings.loc[label, ["latitude", "longitude"]])
    moved = {"swapped": (longitude, latitude), "zero": (0.0, 0.0),
             "sign_flip": (latitude, -longitude),
             "south_of_box": (SOUTH_OF_BOX[number], longitude)}[kind]
    listings.loc[label, ["latitude", "longitude"]] = moved
    return CoordinateOutlier(int(listings.loc[label, ID]), kind, latitude, longitude)


def ids_where(listings: pd.DataFrame, is_marked: "pd.Series[bool]") -> tuple[int, ...]:
    """Return the sorted ids of marked listings."""
    return tuple(sorted(listings.loc[is_marked, ID].tolist()))
