"""Tables of one column for the tests of drift: made in a line, compared in a line."""

import numpy as np
import pandas as pd

from riskwatch.drift import compare_tables
from riskwatch.drift_report import ColumnDrift
from riskwatch.watch_settings import DriftSettings

#: Without the joint test, which tests of single columns do not need.
SETTINGS = DriftSettings(permutations=0)


def compared(reference: object, current: object) -> ColumnDrift:
    """Compare two tables of one column and return what was found in it."""
    return compare_tables(pd.DataFrame({"x": reference}), pd.DataFrame({"x": current}),
                          SETTINGS).columns[0]


def normal(seed: int, rows: int, mean: float = 0.0) -> np.ndarray:
    """Return numbers of a normal law with standard deviation 1."""
    return np.random.default_rng(seed).normal(mean, 1, rows)


def fault_kinds(column: ColumnDrift) -> list[str]:
    """Return the kinds of the faults of a column."""
    return [fault.kind for fault in column.faults]


def texts(**counts: int) -> list[str]:
    """Return each level as often as its keyword says."""
    return [level for level, rows in counts.items() for _ in range(rows)]
