"""Compare what two functions return and what they cost, so that a busy machine does not decide.

In: two functions and what they take. Out: the first difference; the least CPU seconds of each.
CPU time of this process leaves other programs out; the rounds alternate; the least of several
is the time without disturbance.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def difference(got: Any, wanted: pd.DataFrame) -> str:
    """Return the first difference of two tables in one sentence, or an empty text."""
    if not isinstance(got, pd.DataFrame):
        return f"a DataFrame is asked for, got {type(got).__name__}"
    if list(got.columns) != list(wanted.columns):
        return f"the columns are {list(got.columns)[:6]}, expected {list(wanted.columns)}"
    if not got.index.equals(wanted.index):
        return "the rows have another index or order than the customers"
    for name in wanted.columns:
        if got[name].dtype != wanted[name].dtype:
            return f"{name} is of type {got[name].dtype}, expected {wanted[name].dtype}"
        same = (np.isclose(got[name], wanted[name], rtol=1e-12, atol=0)
                if wanted[name].dtype.kind in "if" else got[name] == wanted[name])
        if not np.all(same):
            row = int(np.argmin(np.asarray(same)))
            return (f"{name} of row {wanted.index[row]}: got {got[name].iloc[row]}, expected "
                    f"{wanted[name].iloc[row]}")
    return ""


def fastest(forms: tuple[Callable[[Any], Any], Callable[[Any], Any]], table: Any
            ) -> tuple[float, float]:
    """Return the least CPU seconds of a slow and of a quick function."""
    slow, quick = forms
    quick(table)
    slow_seconds, quick_seconds = [], []
    for turn in range(2):
        slow_seconds.append(_seconds(slow, table))
        # Each time other rows: an answer that was kept from the last call helps nobody.
        quick_seconds += [_seconds(quick, table.sample(frac=1, random_state=5 * turn + n))
                          for n in range(5)]
        if quick_seconds[0] * 5 > slow_seconds[0]:
            break  # far from 50: further rounds would only take time
    return min(slow_seconds), max(min(quick_seconds), 1e-6)


def _seconds(form: Callable[[Any], Any], table: Any) -> float:
    started = time.process_time()
    form(table)
    return time.process_time() - started
