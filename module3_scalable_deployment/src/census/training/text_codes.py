"""Give texts codes quickly, when rows share their text objects.

In: an array of objects. Out: a code for each row, and the distinct objects.
A reader makes one object for each distinct text, and a million rows point at it. Telling objects
apart by their address is four times cheaper than by their text; the few that are left are then
compared as text, so equal texts at two addresses are one group.
"""

import ctypes
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Rows looked at first: if most of them have an object of their own, addresses do not help.
_LOOKED_AT = 10_000


def text_codes(values: NDArray[Any]) -> tuple[NDArray[np.intp], list[Any]]:
    """Return what ``pandas.factorize`` does, but for the order of the distinct values.

    Parameters
    ----------
    values : ndarray of object, shape (n,)

    Returns
    -------
    codes : ndarray of intp, shape (n,)
        Places in the distinct values; -1 where a value is missing.
    distinct : list
    """
    objects = np.ascontiguousarray(values, dtype=object)
    first = _addresses(objects[:_LOOKED_AT])
    if len(np.unique(first)) * 4 > len(first):
        codes, distinct = pd.factorize(objects)
        return codes, list(distinct)
    places, addresses = pd.factorize(_addresses(objects))
    row_of = np.empty(len(addresses), dtype=np.intp)
    row_of[places] = np.arange(len(objects))  # any one row of each object
    codes, distinct = pd.factorize(objects[row_of])
    return codes[places], list(distinct)


def _addresses(objects: NDArray[Any]) -> NDArray[np.intp]:
    """Return where each object stands: CPython keeps exactly that in an array of objects."""
    return np.frombuffer(ctypes.string_at(objects.ctypes.data, objects.nbytes), dtype=np.intp)
