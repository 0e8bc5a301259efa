"""Where a listing lies, in kilometres and along the streets rather than along the meridians.

In: latitude and longitude in degrees. Out: kilometres to Midtown and along several bearings.
A tree cuts along one column at a time; Manhattan lies at an angle to north, so a column that
runs with its avenues lets one cut do what many cuts of latitude and longitude would.
"""

import math
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

#: Latitude and longitude of Midtown Manhattan, from which prices fall with distance.
MIDTOWN = (40.7549, -73.9840)
_KM_PER_DEGREE = 111.2  # Of latitude; of longitude too, times the cosine of the latitude.


class CityCoordinates(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn latitude and longitude into distances from Midtown, in kilometres.

    Parameters
    ----------
    bearings : tuple of int
        Degrees clockwise from north. The avenues of Manhattan run at 29, its streets at 119.

    Attributes
    ----------
    n_features_in_ : int
        Columns seen in ``fit``, at least 2; only the first two are read.
    feature_names_in_ : ndarray of str
        Their names, where ``fit`` saw a frame.
    """

    # pylint: disable=invalid-name  # ``X`` is scikit-learn's name

    def __init__(self, bearings: tuple[int, ...] = (15, 30, 45, 60, 75, 120)) -> None:
        self.bearings = bearings

    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # pylint: disable=unused-argument
        """Remember the number of columns; nothing is learned.

        Parameters
        ----------
        X : array-like, shape (n, k)
            Latitude and longitude first, in degrees; k >= 2.
        y : ignored

        Returns
        -------
        CityCoordinates

        Raises
        ------
        ValueError
            Fewer than two columns, or not finite numbers.
        """
        validate_data(self, X, ensure_min_features=2)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the distances.

        Parameters
        ----------
        X : array-like, shape (n, k)
            Columns as in ``fit``.

        Returns
        -------
        ndarray of float64, shape (n, 1 + number of bearings)
            Kilometres: straight to Midtown, then the way along each bearing, signed.

        Raises
        ------
        ValueError
            Another number of columns than in ``fit``, or not finite numbers.
        """
        check_is_fitted(self)
        degrees: NDArray[np.float64] = validate_data(self, X, reset=False, dtype=np.float64)
        north = (degrees[:, 0] - MIDTOWN[0]) * _KM_PER_DEGREE
        east = (degrees[:, 1] - MIDTOWN[1]) * (
            _KM_PER_DEGREE * math.cos(math.radians(MIDTOWN[0])))
        along = [north * math.cos(math.radians(bearing)) + east * math.sin(math.radians(bearing))
                 for bearing in self.bearings]
        return np.column_stack([np.hypot(north, east), *along])

    def get_feature_names_out(
            self, input_features: ArrayLike | None = None  # pylint: disable=unused-argument
    ) -> NDArray[np.object_]:
        """Name the distances.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        ndarray of str, shape (1 + number of bearings,)
        """
        check_is_fitted(self)
        return np.asarray(["km_to_midtown", *(f"km_along_{bearing}" for bearing in self.bearings)],
                          dtype=object)
