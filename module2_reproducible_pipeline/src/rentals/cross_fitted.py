"""A model's answer as a feature of another model, without telling a training row its own answer.

In: features and answers. Out: one column, what the inner model says.
A training row gets the answer of a model that learned from the other folds; a later row gets
the answer of the model that learned from all. Otherwise the inner model would repeat training
answers by heart, and the outer model would trust it far too much.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import (BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin,
                          clone)
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, validate_data


class CrossFittedScore(
        ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Predict the target by an inner regressor, out of fold for training rows.

    Parameters
    ----------
    estimator : regressor
        Is cloned, never fitted itself.
    folds : int
        Of the training rows, shuffled.
    random_state : int
        Of the folds.

    Attributes
    ----------
    estimator_ : regressor
        Fitted on all training rows.
    n_features_in_ : int
        Number of columns seen in ``fit``.

    References
    ----------
    Wolpert, D. H. (1992). Stacked generalization. Neural Networks 5(2), 241-259.
    """

    # pylint: disable=invalid-name  # ``X`` is scikit-learn's name
    # pylint: disable=arguments-differ  # without answers there is nothing to fit

    estimator_: Any

    def __init__(self, estimator: Any, folds: int = 5, random_state: int = 0) -> None:
        self.estimator = estimator
        self.folds = folds
        self.random_state = random_state

    @property
    def _n_features_out(self) -> int:
        return 1

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Fit the inner regressor on all rows.

        Parameters
        ----------
        X : array-like or sparse matrix, shape (n, k)
        y : array-like of float, shape (n,)

        Returns
        -------
        CrossFittedScore
        """
        X, y = self._checked(X, y)
        self.estimator_ = clone(self.estimator).fit(X, y)
        return self

    def fit_transform(self, X: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Fit, and score each row by a model that did not see it.

        Parameters
        ----------
        X : array-like or sparse matrix, shape (n, k)
        y : array-like of float, shape (n,)

        Returns
        -------
        ndarray of float64, shape (n, 1)
            Out of fold, so not what ``transform`` gives for the same rows.
        """
        self.fit(X, y)
        X, y = self._checked(X, y)
        folds = KFold(self.folds, shuffle=True, random_state=self.random_state)
        scores: NDArray[np.float64] = cross_val_predict(self.estimator, X, y, cv=folds)
        return scores.reshape(-1, 1)

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Score rows by the model that learned from all training rows.

        Parameters
        ----------
        X : array-like or sparse matrix, shape (n, k)
            Columns as in ``fit``.

        Returns
        -------
        ndarray of float64, shape (n, 1)
        """
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        scores: NDArray[np.float64] = self.estimator_.predict(X)
        return scores.reshape(-1, 1)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.sparse = get_tags(self.estimator).input_tags.sparse
        return tags

    def _checked(self, X: ArrayLike, y: ArrayLike) -> tuple[Any, Any]:
        features, answers = validate_data(self, X, y, accept_sparse="csr", y_numeric=True)
        return features, answers
