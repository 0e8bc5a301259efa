"""Turn the values of features into small whole numbers, as the tables of the scorer count them.

In: a value of the schema. Out: its code. Two numbers between which no tree decides have one
code, so a table needs only as many rows as there are thresholds.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from census.schema import BY_NAME, FEATURES
from census.serving_form import Tree

_MOST_REMEMBERED = 5000


@dataclass(frozen=True)
class ValueCodes:
    """The codes of all features, one after the other.

    Attributes
    ----------
    lookups : tuple of mapping
        For each feature its values' codes; a number's is found when it is asked for.
    thresholds : tuple of list of float
        For each feature the numbers with which trees compare it, in order.
    offsets, sizes : tuple of int
        For each feature its first code, and how many it has.
    """

    lookups: tuple[Mapping[Any, int], ...]
    thresholds: tuple[list[float], ...]
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]


def build_codes(trees: Sequence[Tree]) -> ValueCodes:
    """Return the codes that tell apart whatever ``trees`` tell apart.

    Parameters
    ----------
    trees : sequence of Tree

    Returns
    -------
    ValueCodes
    """
    thresholds = tuple(_thresholds_of(trees, place) for place in range(len(FEATURES)))
    sizes = tuple(len(BY_NAME[name].levels) or len(found) + 1
                  for name, found in zip(FEATURES, thresholds))
    offsets = (0, *accumulate(sizes))[:-1]
    lookups = tuple(map(_lookup, FEATURES, thresholds, offsets))
    return ValueCodes(lookups, thresholds, offsets, sizes)


class _NumberCodes(dict[Any, int]):
    """The code of a number is the count of thresholds below it; it is remembered for a while."""

    def __init__(self, thresholds: Sequence[float], offset: int) -> None:
        super().__init__()
        self._thresholds, self._offset = thresholds, offset

    def __missing__(self, value: float) -> int:
        code = self._offset + bisect_left(self._thresholds, value)
        if len(self) < _MOST_REMEMBERED:
            self[value] = code
        return code


def _lookup(name: str, thresholds: Sequence[float], offset: int) -> Mapping[Any, int]:
    levels = BY_NAME[name].levels
    if levels:
        return {level: offset + code for code, level in enumerate(levels)}
    return _NumberCodes(thresholds, offset)


def _thresholds_of(trees: Sequence[Tree], feature: int) -> list[float]:
    return sorted({node[1] for tree in trees for node in tree
                   if len(node) == 4 and node[0] == feature and isinstance(node[1], float)})
