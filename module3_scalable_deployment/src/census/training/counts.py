"""Count once: how often each group met each outcome; counts of two files add up.

In: codes of groups, answers, decisions. Out: a small table of counts.
Ten million rows become a few hundred integers, so a second metric costs nothing, and the counts of
two parts of the data, or of two machines, are the counts of both together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from census.errors import InputError
from census.training.codes import Coded, Group

#: Rows that are counted together: few enough to stay in the processor's cache.
_BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class Counts:
    """The groups of one attribute, in order, and their outcomes, shape (groups, 4)."""

    attribute: str
    groups: tuple[Group, ...]
    table: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows of each group, shape (groups,)."""
        total: NDArray[np.int64] = self.table.sum(axis=1)
        return total


def outcomes(label: ArrayLike, predicted: ArrayLike) -> NDArray[np.uint8]:
    """Return ``2 * label + predicted`` of each row.

    Parameters
    ----------
    label, predicted : array-like, shape (n,)
        0 or 1.

    Returns
    -------
    ndarray of uint8, shape (n,)

    Raises
    ------
    InputError
        Anything but 0 and 1, or two lengths.
    """
    sides = [np.asarray(side) for side in (label, predicted)]
    if sides[0].shape != sides[1].shape:
        raise InputError(f"{len(sides[0])} labels but {len(sides[1])} predictions")
    for name, side in zip(("label", "predicted"), sides):
        if not ((side == 0) | (side == 1)).all():
            raise InputError(f"column {name}: every value must be 0 or 1")
    found: NDArray[np.uint8] = sides[0].astype(np.uint8) * 2 + sides[1].astype(np.uint8)
    return found


def count(coded: Coded, outcome: NDArray[np.uint8]) -> Counts:
    """Count the outcomes of each group.

    Parameters
    ----------
    coded : Coded
        The group of each row.
    outcome : ndarray of uint8, shape (n,)
        As `outcomes` makes it.

    Returns
    -------
    Counts
        Of the groups that occur.
    """
    cells = 4 * len(coded.groups)
    flat = np.zeros(cells, dtype=np.int64)
    for start in range(0, len(outcome), _BLOCK):
        part = slice(start, start + _BLOCK)
        cell = coded.codes[part].astype(np.intp)
        cell *= 4
        cell += outcome[part]
        flat += np.bincount(cell, minlength=cells)
    return _ordered(coded.attribute, coded.groups, flat.reshape(-1, 4))


def merge(parts: Iterable[Counts]) -> Counts:
    """Add the counts of one attribute over several parts of the data.

    Parameters
    ----------
    parts : iterable of Counts
        At least one; a group may be in some parts only.

    Returns
    -------
    Counts
        What `count` finds in all parts together.

    Raises
    ------
    InputError
        The parts are of different attributes, or there is none.
    """
    found = list(parts)
    if len({part.attribute for part in found}) != 1:
        raise InputError("only counts of one attribute can be added")
    total: dict[Group, NDArray[np.int64]] = {}
    for part in found:
        for group, row in zip(part.groups, part.table):
            total[group] = total.get(group, 0) + row
    table = np.array(list(total.values()), dtype=np.int64).reshape(-1, 4)
    return _ordered(found[0].attribute, tuple(total), table)


def whole(counts: Counts) -> NDArray[np.int64]:
    """Return the outcomes of all groups together, shape (1, 4)."""
    total: NDArray[np.int64] = counts.table.sum(axis=0, keepdims=True)
    return total


def _ordered(attribute: str, groups: tuple[Group, ...], table: NDArray[np.int64]) -> Counts:
    """Leave out groups without rows and sort the others: the same rows give the same counts."""
    kept = sorted((group, place) for place, group in enumerate(groups) if table[place].any())
    return Counts(attribute, tuple(group for group, _ in kept),
                  table[[place for _, place in kept]])
