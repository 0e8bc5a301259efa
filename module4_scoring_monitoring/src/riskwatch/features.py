"""From rows to numbers: what a model sees of a corporation.

In: frames with the schema's features. Out: matrices in the schema's order, and a transformer.
The order is made here once, so that no caller's order of columns can change a prediction.
"""

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from riskwatch.schema import FEATURES


def matrix(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return the features of rows.

    Parameters
    ----------
    rows : DataFrame, shape (n, >= 3)
        With the schema's features in any order, among other columns.

    Returns
    -------
    array of float, shape (n, 3)
        In the schema's order; NaN where a value is missing.
    """
    return rows[list(FEATURES)].to_numpy(dtype=np.float64, na_value=np.nan)


class LogCounts(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Take the logarithm of one plus each count: activity grows by factors, not by steps."""

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # pylint: disable=invalid-name
        """Learn nothing but the number of columns.

        Parameters
        ----------
        X : array-like of float, shape (n, k)
            Counts; NaN where missing.
        y : ignored

        Returns
        -------
        LogCounts
        """
        del y
        validate_data(self, X, ensure_all_finite="allow-nan")
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:  # pylint: disable=invalid-name
        """Return ``log(1 + x)``; below zero, where no count can be, the mirror image.

        Parameters
        ----------
        X : array-like of float, shape (n, k)

        Returns
        -------
        array of float, shape (n, k)
        """
        check_is_fitted(self)
        counts = validate_data(self, X, reset=False, dtype=np.float64,
                               ensure_all_finite="allow-nan")
        return np.asarray(np.sign(counts) * np.log1p(np.abs(counts)))

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_features_in_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
