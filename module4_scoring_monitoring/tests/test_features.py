"""Columns go by name, holes stay holes, and the transformer keeps scikit-learn's rules."""

import numpy as np
import pandas as pd
from sklearn.utils.estimator_checks import parametrize_with_checks

from riskwatch.features import LogCounts, matrix


def test_the_order_of_columns_and_other_columns_do_not_matter() -> None:
    rows = pd.DataFrame({"exited": [1.0], "number_of_employees": [3], "corporation": ["abcd"],
                         "lastyear_activity": [2.0], "lastmonth_activity": [np.nan]})
    np.testing.assert_array_equal(matrix(rows), [[np.nan, 2.0, 3.0]])
    np.testing.assert_array_equal(matrix(rows[rows.columns[::-1]]), matrix(rows))


def test_counts_become_logarithms_and_holes_stay() -> None:
    found = LogCounts().fit_transform(np.array([[0.0, np.e - 1, np.nan]]))
    np.testing.assert_allclose(found, [[0.0, 1.0, np.nan]])


@parametrize_with_checks([LogCounts()])
def test_scikit_learn_finds_nothing_wrong(estimator, check):
    check(estimator)
