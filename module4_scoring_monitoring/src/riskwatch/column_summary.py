"""What drift needs to know of a column: made once for a reference, chunk by chunk where large.

In: a column of a table. Out: its rows, missing values, levels, quantiles, a few values. Columns
of ten million rows and of fifty go the same way; only the number of edges differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from riskwatch.quantile_sketch import EDGES, QuantileSketch, counted_at, merged, sketch_of

Values = NDArray[Any]
#: Numbers with at most so many different values are compared value by value.
FEW_VALUES = 12
#: Up to so many rows every value is an edge, so that statistics are exact.
EXACT_ROWS = 100_000
#: Present numbers that are kept as they are, to tell a change of unit.
_SAMPLE = 5_000


@dataclass(frozen=True, slots=True)
class Summary:
    """One column of one table.

    Attributes
    ----------
    rows, present : int
        All, and those that are not missing.
    kind : str
    levels : mapping or None
        Rows by level; None for numbers with more than `FEW_VALUES` different ones.
    sketch : QuantileSketch or None
        None for text.
    sample : array of float
        Some of the present numbers, evenly taken.
    """

    rows: int
    present: int
    kind: Literal["number", "text"]
    levels: Mapping[Any, int] | None
    sketch: QuantileSketch | None
    sample: Values

    @property
    def different(self) -> int:
        """How many different values there are, as far as they are counted."""
        if self.levels is not None:
            return len(self.levels)
        return FEW_VALUES + 1


def summarised(column: pd.Series, like: Summary | None = None) -> Summary:
    """Summarise a column.

    Parameters
    ----------
    column : Series
        Numbers or text; NaN and None are missing, any text is a level.
    like : Summary, optional
        Of the reference: numbers are counted at its edges.

    Returns
    -------
    Summary
    """
    if is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        is_missing = np.isnan(values)
        if is_missing.any():
            values = values[~is_missing]
        return _numbers(values, len(column), like)
    text = column[column.notna()].astype(str)
    counts = text.value_counts(sort=False)
    levels = dict(zip(counts.index.tolist(), counts.tolist()))
    return Summary(len(column), len(text), "text", levels, None, np.zeros(0))


def _numbers(values: Values, rows: int, like: Summary | None) -> Summary:
    levels = None
    if len(pd.unique(values[:1000])) <= FEW_VALUES:
        found, counts = np.unique(values, return_counts=True)
        if len(found) <= FEW_VALUES:
            levels = dict(zip(found.tolist(), counts.tolist()))
    if like is not None and like.sketch is not None:
        sketch = counted_at(like.sketch.edges, values)
    else:
        sketch = sketch_of(values, EXACT_ROWS if len(values) <= EXACT_ROWS else EDGES)
    sample = values[::max(1, len(values) // _SAMPLE)]
    return Summary(rows, len(values), "number", levels, sketch, sample)


def joined(first: Summary, second: Summary) -> Summary:
    """Return the summary of two parts of a column.

    Parameters
    ----------
    first, second : Summary
        Numbers of both, or text of both.

    Returns
    -------
    Summary
    """
    levels: dict[Any, int] | None = None
    if first.levels is not None and second.levels is not None:
        levels = dict(first.levels)
        for level, rows in second.levels.items():
            levels[level] = levels.get(level, 0) + rows
        if first.kind == "number" and len(levels) > FEW_VALUES:
            levels = None
    sketch = None
    if first.sketch is not None and second.sketch is not None:
        rows = first.sketch.rows + second.sketch.rows
        sketch = merged(first.sketch, second.sketch, EXACT_ROWS if rows <= EXACT_ROWS else EDGES)
    sample = np.concatenate([first.sample, second.sample])
    return Summary(first.rows + second.rows, first.present + second.present, first.kind, levels,
                   sketch, sample[::max(1, len(sample) // _SAMPLE)])
