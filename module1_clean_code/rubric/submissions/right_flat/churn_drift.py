"""Tell whether new customers still look like those that the model learned from.

Purpose: ``python churn_drift.py REFERENCE CURRENT`` exits 0 to keep the model and 1 to act.
Author: the authors of the MLOps capstones. Date: November 2026.
"""

import logging
import sys

from scipy.stats import chi2_contingency, ks_2samp
from pandas import concat, crosstab

import constants as c
from churn_library import import_data

LOGGER = logging.getLogger(__name__)


def moved_columns(reference, current):
    """Name the columns that moved surely and far.

    Parameters: reference and current, two tables of customers.
    Returns: a list of names; small or doubtful changes are no reason to act.
    """
    moved = []
    for name in c.NUMBERS:
        found = ks_2samp(reference[name], current[name])
        if found.pvalue < c.LEAST_P_VALUE and found.statistic > c.LEAST_SHIFT:
            moved.append(name)
    for name in c.CATEGORIES:
        counts = crosstab(concat([reference[name], current[name]]).to_numpy(),
                          ["reference"] * len(reference) + ["current"] * len(current))
        shares = counts / counts.sum()
        shift = (shares["reference"] - shares["current"]).abs().sum() / 2
        if chi2_contingency(counts).pvalue < c.LEAST_P_VALUE and shift > c.LEAST_SHIFT:
            moved.append(name)
    return moved


def main(arguments):
    """Compare two files.

    Parameters: arguments, the two paths. Returns: 0 to keep the model, 1 to ask a person.
    """
    moved = moved_columns(*map(import_data, arguments))
    LOGGER.warning("%s", f"ask a person: {', '.join(moved)} moved" if moved else "keep")
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
