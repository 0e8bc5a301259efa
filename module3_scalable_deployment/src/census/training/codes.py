"""Name the group of each row by a small whole number.

In: columns of categories or numbers. Out: codes, and the groups that they stand for.
Text is compared once, when it becomes a code; counting by code is then ten times quicker.
Groups keep an order of their own, so that "up to 25" stands before "26 to 35".
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from census.errors import InputError
from census.training.text_codes import text_codes

#: Between the names of two attributes, and of their values.
AND = " & "
#: Numbers that a table is made of, rather than to search the edges for every row.
_LARGEST_TABLE = 1 << 17


@dataclass(frozen=True, order=True)
class Group:
    """One value of an attribute, or one of each where attributes meet.

    ``parts`` are (rank, text): bins are ranked from 1, categories have rank 0 and sort by text.
    """

    parts: tuple[tuple[int, str], ...]

    @property
    def name(self) -> str:
        """The value in words."""
        return AND.join(text for _, text in self.parts)

    @property
    def is_ranked(self) -> bool:
        """Is it, or is one of its parts, a bin?"""
        return any(rank for rank, _ in self.parts)


@dataclass(frozen=True, eq=False)
class Coded:
    """An attribute: ``codes``, shape (rows,), are places in ``groups``."""

    attribute: str
    groups: tuple[Group, ...]
    codes: NDArray[Any]


def encode(attribute: str, values: pd.Series) -> Coded:
    """Give each category a code.

    Parameters
    ----------
    attribute : str
        The column's name, for messages and tables.
    values : pandas.Series of str or categorical, shape (n,)
        A categorical has its codes already; text is compared here.

    Returns
    -------
    Coded
        The texts ``NA``, ``None``, ``nan`` and the empty text are four groups.

    Raises
    ------
    InputError
        A value is missing: it would fall out of every count.
    """
    codes: NDArray[Any]
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, names = values.cat.codes.to_numpy(), list(values.cat.categories)
    else:
        codes, names = text_codes(values.to_numpy(dtype=object))
    if (codes < 0).any():
        row = int(np.argmax(codes < 0))
        raise InputError(f"column {attribute}, row {row}: a group without a name; give missing "
                         "values a text of their own")
    return Coded(attribute, tuple(Group(((0, str(name)),)) for name in names), codes)


def encode_bins(attribute: str, values: pd.Series, edges: Sequence[float]) -> Coded:
    """Give each number the code of its bin.

    Parameters
    ----------
    attribute : str
        The column's name.
    values : pandas.Series of int, shape (n,)
    edges : sequence of float
        The largest number of each bin but the last, rising.

    Returns
    -------
    Coded
        One group more than edges.

    Raises
    ------
    InputError
        The edges do not rise, or a value is no whole number.
    """
    bounds = [math.floor(edge) for edge in edges]
    if bounds != sorted(set(bounds)):
        raise InputError(f"the bins of {attribute} must rise by whole numbers, "
                         f"not {', '.join(map(str, edges))}")
    if values.dtype.kind not in "iu":
        raise InputError(f"column {attribute}: every value must be a whole number")
    groups = tuple(Group(((rank, name),)) for rank, name in enumerate(bin_names(bounds), 1))
    return Coded(attribute, groups, _bin_codes(values.to_numpy(), bounds))


def _bin_codes(values: NDArray[Any], bounds: list[int]) -> NDArray[np.int16]:
    """Return the bin of each number: looked up, when the numbers are not too far apart."""
    edges = np.array(bounds, dtype=np.int64)
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    if most - least > _LARGEST_TABLE:
        return np.searchsorted(edges, values, side="left").astype(np.int16)
    table = np.searchsorted(edges, np.arange(least, most + 1), side="left").astype(np.int16)
    # Wider first: 100 less -100 does not fit into eight bits.
    found: NDArray[np.int16] = table.take(values.astype(np.intp) - least)
    return found


def bin_names(edges: Sequence[int]) -> list[str]:
    """Return the bins in words; ``edges`` are as in `encode_bins`.

    Parameters
    ----------
    edges : sequence of int

    Returns
    -------
    list of str
        Such as ``up to 25``, ``26 to 35``, ``over 35``.
    """
    inner = [f"{low + 1} to {high}" if low + 1 < high else f"{high}"
             for low, high in zip(edges, edges[1:])]
    return [f"up to {edges[0]}", *inner, f"over {edges[-1]}"] if edges else ["all"]


def combine(first: Coded, second: Coded) -> Coded:
    """Return the groups where two attributes meet.

    Parameters
    ----------
    first, second : Coded
        Of the same rows.

    Returns
    -------
    Coded
    """
    codes = first.codes.astype(np.int32) * len(second.groups) + second.codes
    groups = tuple(Group(one.parts + other.parts)
                   for one in first.groups for other in second.groups)
    return Coded(first.attribute + AND + second.attribute, groups, codes)
