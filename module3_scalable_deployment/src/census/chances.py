"""Draw from tables of whole shares, alike on every processor.

In: a source of chance, a table, which of its rows each person follows. Out: whole numbers.
"""

from itertools import accumulate

import numpy as np
import numpy.typing as npt

from census.calibration import Table

Integers = npt.NDArray[np.int64]


def pick(rng: np.random.Generator, shares: Table, row: Integers) -> Integers:
    """Draw a category for each person, by the shares in its ``row`` of the table."""
    width = max(map(len, shares))
    table = np.array([list(accumulate(line)) + [sum(line)] * (width - len(line))
                      for line in shares])
    level = rng.integers(0, table[row, -1])
    return np.asarray((level[:, None] >= table[row]).sum(axis=1), dtype=np.int64)


def pick_value(rng: np.random.Generator, values: Table, shares: Table,
               row: Integers) -> Integers:
    """Draw one of the values in each person's ``row``."""
    width = max(map(len, values))
    table = np.array([list(line) + [0] * (width - len(line)) for line in values])
    return np.asarray(table[row, pick(rng, shares, row)], dtype=np.int64)


def find_band(starts: tuple[int, ...], values: Integers) -> Integers:
    """Return the band of each value; bands begin at ``starts``."""
    return np.asarray(np.searchsorted(np.array(starts), values, side="right") - 1)
