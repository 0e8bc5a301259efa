"""Turn customers into numbers: every learned step is a fitted transformer of one pipeline.

In: the schema's features. Out: an unfitted ``ColumnTransformer`` with named outputs.
What is learned from data is learned in ``fit`` and frozen, so that a row's features depend on
neither the test labels nor on the other rows of its batch.
"""

import sys
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler, TargetEncoder
from sklearn.utils.validation import check_is_fitted, validate_data

from churn.schema import CATEGORICAL_FEATURES, NUMERIC_FEATURES

#: The mean amount of a transaction separates customers whose yearly totals look alike.
SPENDING, TRANSACTIONS = "Total_Trans_Amt", "Total_Trans_Ct"


class RatioToLast(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Divide every column by the last one; over zero the ratio is zero.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns seen in ``fit``, at least 2.
    feature_names_in_ : ndarray of str
        Their names, where ``fit`` saw a frame.
    """

    # pylint: disable=invalid-name  # ``X`` is scikit-learn's name

    n_features_in_: int

    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # pylint: disable=unused-argument
        """Remember the number of columns.

        Parameters
        ----------
        X : array-like, shape (n, k)
            Numbers, k >= 2.
        y : ignored

        Returns
        -------
        RatioToLast

        Raises
        ------
        ValueError
            Fewer than two columns, or not finite numbers.
        """
        validate_data(self, X, ensure_min_features=2)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the ratios.

        Parameters
        ----------
        X : array-like, shape (n, k)
            Columns as in ``fit``.

        Returns
        -------
        ndarray of float64, shape (n, k - 1)

        Raises
        ------
        ValueError
            Another number of columns than in ``fit``, or not finite numbers.
        """
        check_is_fitted(self)
        numbers: NDArray[np.float64] = validate_data(self, X, reset=False, dtype=np.float64)
        divisor = numbers[:, -1:]
        with np.errstate(over="ignore"):
            ratios = np.divide(numbers[:, :-1], divisor, where=divisor != 0,
                               out=np.zeros((len(numbers), numbers.shape[1] - 1)))
        bound = sys.float_info.max
        bounded: NDArray[np.float64] = np.clip(ratios, -bound, bound)
        return bounded

    def get_feature_names_out(self, input_features: ArrayLike | None = None
                              ) -> NDArray[np.object_]:
        """Name each ratio ``<column>_per_<last column>``.

        Parameters
        ----------
        input_features : array-like of str, optional
            Names to use where ``fit`` saw none.

        Returns
        -------
        ndarray of str, shape (k - 1,)

        Raises
        ------
        ValueError
            ``input_features`` are not the names seen in ``fit``.
        """
        check_is_fitted(self)
        seen = getattr(self, "feature_names_in_", None)
        if input_features is None:
            names = [f"x{i}" for i in range(self.n_features_in_)] if seen is None else list(seen)
        else:
            names = list(np.asarray(input_features))
            if len(names) != self.n_features_in_ or (seen is not None and names != list(seen)):
                raise ValueError("input_features is not equal to feature_names_in_ or has "
                                 f"another length than n_features_in_, {self.n_features_in_}")
        return np.asarray([f"{name}_per_{names[-1]}" for name in names[:-1]], dtype=object)


def build_features(encoder: Literal["one_hot", "target"], *, scaled: bool, seed: int
                   ) -> ColumnTransformer:
    """Return the unfitted feature step of a model.

    Parameters
    ----------
    encoder : {"one_hot", "target"}
        One column a category, or the churn rate of the category, smoothed and cross-fitted:
        a training row's own answer never enters its own features.
    scaled : bool
        Bring numbers to mean 0 and standard deviation 1, which linear models want.
    seed : int
        Of the folds of the target encoder.

    Returns
    -------
    ColumnTransformer
        Takes the schema's features, drops anything else, and names its outputs.

    References
    ----------
    Micci-Barreca, D. (2001). A preprocessing scheme for high-cardinality categorical
    attributes. SIGKDD Explorations 3(1), 27-32.
    """
    if encoder == "one_hot":
        categories: Any = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    else:
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)
        categories = TargetEncoder(target_type="binary", cv=folds)
    numbers: Any = StandardScaler() if scaled else "passthrough"
    ratio: Any = make_pipeline(RatioToLast(), StandardScaler()) if scaled else RatioToLast()
    return ColumnTransformer(
        [("category", categories, list(CATEGORICAL_FEATURES)),
         ("number", numbers, list(NUMERIC_FEATURES)),
         ("ratio", ratio, [SPENDING, TRANSACTIONS])],
        remainder="drop", verbose_feature_names_out=False)
