"""What a listing's title says: its words, how long it is, and how loud.

In: one column of titles. Out: weights of words; or characters, words, and share of capitals.
The title is the only place where a host says what makes the listing worth its price.
"""

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.validation import check_is_fitted, validate_data

_NAMES = ("characters", "words", "share_of_capitals")


class TitleWords(TfidfVectorizer):  # type: ignore[misc]
    """scikit-learn's ``TfidfVectorizer``, without what changes from process to process.

    It notes the memory address of its stop words to check them once. The note is no part of the
    model: with it, equal models would be stored as different files.
    """

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_stop_words_id"}


class TitleShape(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Measure titles; an empty or missing title measures 0.

    Attributes
    ----------
    n_features_in_ : int
        1, the column of titles.
    feature_names_in_ : ndarray of str
        Its name, where ``fit`` saw a frame.
    """

    # pylint: disable=invalid-name  # ``X`` is scikit-learn's name

    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # pylint: disable=unused-argument
        """Remember the column; nothing is learned.

        Parameters
        ----------
        X : array-like of str, shape (n, 1)
        y : ignored

        Returns
        -------
        TitleShape

        Raises
        ------
        ValueError
            Not one column.
        """
        validate_data(self, X, skip_check_array=True)
        _titles(X)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the measures.

        Parameters
        ----------
        X : array-like of str, shape (n, 1)

        Returns
        -------
        ndarray of float64, shape (n, 3)
            Characters, words, and capitals over characters.

        Raises
        ------
        ValueError
            Not one column, or another than in ``fit``.
        """
        check_is_fitted(self)
        validate_data(self, X, reset=False, skip_check_array=True)
        measures = [(len(title), len(title.split()), sum(map(str.isupper, title)))
                    for title in _titles(X)]
        shape = np.asarray(measures, dtype=np.float64).reshape(-1, len(_NAMES))
        shape[:, 2] /= np.maximum(shape[:, 0], 1)
        return shape

    def get_feature_names_out(self, input_features: ArrayLike | None = None
                              ) -> NDArray[np.object_]:
        """Name the measures ``<column>_characters`` and so on.

        Parameters
        ----------
        input_features : array-like of str, optional
            Name to use where ``fit`` saw none.

        Returns
        -------
        ndarray of str, shape (3,)
        """
        check_is_fitted(self)
        if input_features is None:
            input_features = getattr(self, "feature_names_in_", ["title"])
        column = np.asarray(input_features)[0]
        return np.asarray([f"{column}_{name}" for name in _NAMES], dtype=object)


def _titles(table: Any) -> list[str]:
    """Return the texts of the one column."""
    column = pd.DataFrame(table)
    if column.shape[1] != 1:
        raise ValueError(f"expected one column of titles, got {column.shape[1]}")
    return ["" if pd.isna(title) else str(title) for title in column.iloc[:, 0]]
