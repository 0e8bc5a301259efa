"""Turn the values of a feature into small whole numbers, as the tables of the scorer count them.

In: a value of the schema. Out: its code. Two numbers between which no tree decides are one code,
so a table needs only as many rows as there are thresholds.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from census.schema import BY_NAME
from census.serving_form import Tree

_MOST_REMEMBERED = 5000


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


def codes_of(name: str, thresholds: Sequence[float], offset: int) -> Mapping[Any, int]:
    """Return the codes of a feature's values, counted from ``offset``.

    Parameters
    ----------
    name : str
        A feature of the schema.
    thresholds : sequence of float
        In order; those of a number.
    offset : int
        Its first code.

    Returns
    -------
    mapping of int or str to int
        Levels are all there; the code of a number is found when it is asked for.
    """
    levels = BY_NAME[name].levels
    if levels:
        return {level: offset + code for code, level in enumerate(levels)}
    return _NumberCodes(thresholds, offset)


def thresholds_of(trees: Sequence[Tree], feature: int) -> list[float]:
    """Return in order the numbers with which ``trees`` compare one feature, each once."""
    return sorted({node[1] for tree in trees for node in tree
                   if len(node) == 4 and node[0] == feature and isinstance(node[1], float)})
