"""Predicted prices as a table: written by whoever predicts, read by whoever compares.

In: listings and their predicted prices. Out: text of three columns, and the numbers again.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from rentals.errors import InputError
from rentals.schema import ID, PRICE

PREDICTED = "predicted"


def predictions_text(listings: pd.DataFrame, predicted: ArrayLike) -> str:
    """Return id, price and predicted price as CSV.

    Parameters
    ----------
    listings : DataFrame, shape (n, k)
    predicted : array-like of float, shape (n,)
        Dollars a night.

    Returns
    -------
    str
        Four decimals: hundredths of a cent are beyond any doubt the same everywhere.
    """
    numbers = np.asarray(predicted, dtype=np.float64)
    table = listings[[ID, PRICE]].assign(**{PREDICTED: np.round(numbers, 4)})
    return table.to_csv(index=False, lineterminator="\n", float_format="%.4f")


def read_predictions(paths: Iterable[Path]) -> list[pd.DataFrame]:
    """Return tables of predictions of the same rows.

    Parameters
    ----------
    paths : iterable of Path

    Returns
    -------
    list of DataFrame
        Columns id, price, predicted.

    Raises
    ------
    InputError
        They are of different rows, so nothing could be compared.
    """
    tables = [pd.read_csv(path) for path in paths]
    if any(not table[[ID, PRICE]].equals(tables[0][[ID, PRICE]]) for table in tables):
        raise InputError("the candidates were validated on different rows; "
                         "train all of them again")
    return tables
