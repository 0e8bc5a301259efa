"""Columns go by name, holes stay holes, and the transformer keeps scikit-learn's rules."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from riskwatch.features import LogCounts, matrix

#: All but the one that skips itself unless SciPy is switched to another way of working.
CHECKS = [(estimator, check) for estimator, check in estimator_checks_generator(LogCounts())
          if "array_api" not in check.func.__name__]


def test_the_order_of_columns_and_other_columns_do_not_matter() -> None:
    rows = pd.DataFrame({"exited": [1.0], "number_of_employees": [3], "corporation": ["abcd"],
                         "lastyear_activity": [2.0], "lastmonth_activity": [np.nan]})
    np.testing.assert_array_equal(matrix(rows), [[np.nan, 2.0, 3.0]])
    np.testing.assert_array_equal(matrix(rows[rows.columns[::-1]]), matrix(rows))


def test_counts_become_logarithms_and_holes_stay() -> None:
    found = LogCounts().fit_transform(np.array([[0.0, np.e - 1, np.nan]]))
    np.testing.assert_allclose(found, [[0.0, 1.0, np.nan]])


@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=lambda part: str(
    getattr(getattr(part, "func", None), "__name__", "counts")))
def test_scikit_learn_finds_nothing_wrong(estimator: Any, check: Any) -> None:
    check(estimator)
