"""Pairs of tables of which the truth is known: twelve families without drift, ten changes with.

In: a generator of random numbers and sizes. Out: pairs of frames. False-alarm rates and power
are measured on these, by `riskwatch drift-lab` and by the tests, and never claimed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Draw = Callable[[np.random.Generator, int], Any]
Shape = tuple[tuple[int, int], int]

#: Rows of reference and current, and columns: every combination is one null pair per family.
SIZES = ((40, 40), (50, 50), (60, 1000), (20_000, 60), (200, 150), (1000, 1000),
         (5000, 700), (20_000, 20_000))
WIDTHS = (1, 3, 10, 40)
SHAPES: tuple[Shape, ...] = tuple(product(SIZES, WIDTHS))
#: Rows a side at which power is asked for, and columns of such a table.
POWER_ROWS, POWER_WIDTH = 1000, 10


@dataclass(frozen=True, slots=True)
class Change:
    """A planted change: the laws before and after, and which verdicts say that it was seen."""

    before: Draw
    after: Draw
    seen_as: tuple[str, ...] = ("small", "large")


def _levels(*weights: float) -> Draw:
    names = np.array([f"level {place}" for place in range(len(weights))], dtype=object)
    shares = np.array(weights) / sum(weights)
    return lambda rng, rows: rng.choice(names, rows, p=shares)


def _with_gaps(draw: Draw, share: float) -> Draw:
    return lambda rng, rows: pd.Series(draw(rng, rows)).mask(rng.random(rows) < share)


def _normal(rng: np.random.Generator, rows: int) -> NDArray[np.float64]:
    return rng.normal(size=rows)


def _bimodal(rng: np.random.Generator, rows: int) -> NDArray[np.float64]:
    return rng.choice([-0.9, 0.9], rows) + rng.normal(0, np.sqrt(1 - 0.81), rows)


_EVEN, _RARE = _levels(*[1] * 5), _levels(*(1 / np.arange(1, 61) ** 2.0))

#: Laws of the columns of a table, taken in turn.
NULL_FAMILIES: Mapping[str, tuple[Draw, ...]] = {
    "normal": (_normal,),
    "heavy tails": (lambda rng, rows: rng.standard_cauchy(rows),),
    "skewed": (lambda rng, rows: rng.lognormal(sigma=2, size=rows),),
    "ties": (lambda rng, rows: rng.normal(0, 8, rows).round(),),
    "constants": (lambda rng, rows: np.full(rows, 7.0), lambda rng, rows: ["same"] * rows,
                  _normal),
    "mostly zero": (lambda rng, rows: rng.exponential(size=rows) * (rng.random(rows) < 0.1),),
    "small counts": (lambda rng, rows: rng.poisson(1.5, rows),),
    "even levels": (_EVEN,),
    "rare levels": (_RARE,),
    "singletons": (lambda rng, rows: rng.integers(0, 100_000, rows).astype(str),),
    "missing": (_with_gaps(_normal, 0.03), _with_gaps(_EVEN, 0.2), _with_gaps(_RARE, 0.01)),
    "mixed": (_normal, _EVEN, _RARE, lambda rng, rows: rng.poisson(3, rows),
              lambda rng, rows: rng.standard_cauchy(rows).round(1), _with_gaps(_normal, 0.3)),
}

CHANGES: Mapping[str, Change] = {
    "mean +.3 sd": Change(_normal, lambda rng, rows: rng.normal(0.3, 1, rows)),
    "scale x1.5": Change(_normal, lambda rng, rows: rng.normal(0, 1.5, rows)),
    "skew": Change(_normal, lambda rng, rows: rng.exponential(size=rows) - 1),
    "bimodal": Change(_normal, _bimodal),
    "category +10 points": Change(_levels(0.3, 0.3, 0.2, 0.2), _levels(0.4, 0.25, 0.175, 0.175)),
    "new category": Change(_EVEN, _levels(*[0.19] * 5, 0.05), ("data_fault",)),
    "missing +10 points": Change(_with_gaps(_normal, 0.05), _with_gaps(_normal, 0.15)),
    "unit change": Change(lambda rng, rows: rng.lognormal(8, 1, rows),
                          lambda rng, rows: rng.lognormal(8, 1, rows) / 1000, ("data_fault",)),
    "stuck feed": Change(_normal, lambda rng, rows: np.full(rows, 0.1), ("data_fault",)),
}
#: Seen by the joint test only: two columns whose correlation of .5 changes its sign.
FLIP = "correlation flip"


def null_pair(family: str, shape: Shape, rng: np.random.Generator
              ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two tables of one law.

    Parameters
    ----------
    family : str
        Of `NULL_FAMILIES`. In tables of numbers the third column hangs together with the second.
    shape : tuple
        Rows of both sides, and columns.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of DataFrame
    """
    sizes, width = shape
    draws = NULL_FAMILIES[family]
    reference, current = (_table(draws, rng, rows, width) for rows in sizes)
    return reference, current


def changed_pair(change: str, rng: np.random.Generator, rows: int = POWER_ROWS
                 ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two tables that differ by a planted change, in column ``changed`` or two of them.

    Parameters
    ----------
    change : str
        Of `CHANGES`, or `FLIP`.
    rng : numpy.random.Generator
    rows : int
        Of each side.

    Returns
    -------
    tuple of DataFrame
        Of ten columns.
    """
    laws = (_normal, _EVEN, _RARE)
    if change == FLIP:
        sides = []
        for sign in (1, -1):
            first, second = rng.normal(size=(2, rows))
            sides.append(_table(laws, rng, rows, POWER_WIDTH - 2).assign(
                one=first, other=sign * 0.5 * first + np.sqrt(0.75) * second))
        return sides[0], sides[1]
    planted = CHANGES[change]
    reference, current = (_table(laws, rng, rows, POWER_WIDTH - 1).assign(changed=draw(rng, rows))
                          for draw in (planted.before, planted.after))
    return reference, current


def null_pairs(shapes: tuple[Shape, ...], seed: int
               ) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Yield, family by family, one pair for each shape, with the name of its family."""
    for place, family in enumerate(NULL_FAMILIES):
        for number, shape in enumerate(shapes):
            yield family, *null_pair(family, shape, np.random.default_rng([seed, place, number]))


def _table(draws: tuple[Draw, ...], rng: np.random.Generator, rows: int, width: int
           ) -> pd.DataFrame:
    table = pd.DataFrame({f"column {place}": draws[place % len(draws)](rng, rows)
                          for place in range(width)})
    if len(draws) == 1 and width >= 3 and table["column 0"].dtype == np.float64:
        table["column 2"] += table["column 1"]  # what hangs together alike is no drift
    return table
