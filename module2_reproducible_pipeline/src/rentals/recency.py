"""How long ago a day was, counted from a day that is frozen when the model learns.

In: columns of ISO days, empty where there is none. Out: days, NaN where there is none.
The course counts from the latest day of the batch at hand, so that a listing's features, and
with them its price, depend on the other listings asked about.
"""

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data


class DaysSince(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Count the days from each day to the reference.

    Parameters
    ----------
    reference : str, optional
        ISO day to count to; without it the latest day seen in ``fit``.
    missing : str, optional
        ISO day that stands for a missing one; without it the result is NaN.

    Attributes
    ----------
    reference_ : str
        ISO day that is counted to, frozen. Later days give negative numbers.
    n_features_in_ : int
        Number of columns seen in ``fit``.
    feature_names_in_ : ndarray of str
        Their names, where ``fit`` saw a frame.
    """

    # pylint: disable=invalid-name  # ``X`` is scikit-learn's name

    n_features_in_: int
    reference_: str

    def __init__(self, reference: str | None = None, missing: str | None = None) -> None:
        self.reference = reference
        self.missing = missing

    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # pylint: disable=unused-argument
        """Freeze the reference.

        Parameters
        ----------
        X : array-like of str, shape (n, k)
            ISO days; empty text or NaN is missing.
        y : ignored

        Returns
        -------
        DaysSince

        Raises
        ------
        ValueError
            A text is no ISO day, or there is no day at all to count to.
        """
        validate_data(self, X, skip_check_array=True)
        days = _days(X)
        if self.reference is None and np.isnat(days).all():
            raise ValueError("there is no day among the training rows to count to")
        latest = (days[~np.isnat(days)].max() if self.reference is None
                  else np.datetime64(self.reference, "D"))
        self.reference_ = str(latest)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return days before the reference.

        Parameters
        ----------
        X : array-like of str, shape (n, k)
            Columns as in ``fit``.

        Returns
        -------
        ndarray of float64, shape (n, k)
            Whole days.

        Raises
        ------
        ValueError
            A text is no ISO day, or the columns are others than in ``fit``.
        """
        check_is_fitted(self)
        validate_data(self, X, reset=False, skip_check_array=True)
        days = _days(X)
        if self.missing is not None:
            days = np.where(np.isnat(days), np.datetime64(self.missing, "D"), days)
        elapsed = np.datetime64(self.reference_, "D") - days
        return np.where(np.isnat(elapsed), np.nan, elapsed.astype(np.float64))

    def get_feature_names_out(self, input_features: ArrayLike | None = None
                              ) -> NDArray[np.object_]:
        """Name each column ``days_since_<column>``.

        Parameters
        ----------
        input_features : array-like of str, optional
            Names to use where ``fit`` saw none.

        Returns
        -------
        ndarray of str, shape (k,)
        """
        check_is_fitted(self)
        if input_features is None:
            input_features = getattr(self, "feature_names_in_",
                                     [f"x{i}" for i in range(self.n_features_in_)])
        return np.asarray([f"days_since_{name}" for name in np.asarray(input_features)],
                          dtype=object)


def _days(table: Any) -> NDArray[np.datetime64]:
    """Return days, not-a-time where missing; anything that is no ISO day raises ValueError."""
    texts = pd.DataFrame(table).astype(object)
    texts = texts.mask(texts.isna() | (texts == ""), None)
    columns = [pd.to_datetime(texts[name], format="%Y-%m-%d", errors="raise")
               for name in texts]
    return np.column_stack([column.to_numpy("datetime64[D]") for column in columns])
