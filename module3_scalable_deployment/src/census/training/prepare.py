"""Prepare: remove repeated rows, then split; in this order, so that no row is on both sides.

In: labelled rows. Out: training rows, test rows, and what was done.
"""

from dataclasses import dataclass

import pandas as pd
from sklearn.model_selection import train_test_split

from census.errors import InputError
from census.schema import NEGATIVE, POSITIVE, TARGET
from census.settings import Settings

#: Of each class, for each fold: fewer cannot be cross-validated and tested.
_LEAST_PER_FOLD = 10


@dataclass(frozen=True)
class Prepared:
    """Training and test rows, disjoint; ``repeated`` rows were the same as an earlier one."""

    train: pd.DataFrame
    test: pd.DataFrame
    repeated: int


def prepare(rows: pd.DataFrame, settings: Settings) -> Prepared:
    """Remove repeated rows and split the others, with equal shares of each class.

    Parameters
    ----------
    rows : DataFrame, shape (n, 15)
        Labelled rows.
    settings : Settings
        ``prepare.test_fraction``, ``train.folds`` and ``seed``.

    Returns
    -------
    Prepared
        Both parts in the order of the file, with index 0 to n - 1.

    Raises
    ------
    InputError
        There are too few rows of one class to train, cross-validate and test.
    """
    distinct = rows.drop_duplicates(ignore_index=True)
    counts = distinct[TARGET].value_counts()
    needed = _LEAST_PER_FOLD * settings.train.folds
    for level in (NEGATIVE, POSITIVE):
        if counts.get(level, 0) < needed:
            raise InputError(f"{counts.get(level, 0)} distinct rows have {TARGET} {level}; "
                             f"training needs at least {needed}")
    train, test = train_test_split(
        distinct, test_size=settings.prepare.test_fraction, stratify=distinct[TARGET],
        random_state=settings.seed)
    return Prepared(train.sort_index(ignore_index=True), test.sort_index(ignore_index=True),
                    len(rows) - len(distinct))
