"""Look whether the trees of a model that was read from a file stay within their own arrays.

In: a model and the number of trees in its file. Out: nothing, or a `ModelFileError`.
scikit-learn follows the child and feature numbers of a tree without looking, so a forged file
of permitted types could crash the process, read foreign memory, or never come back.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from riskwatch.errors import ModelFileError


def count_trees(state: Any) -> int:
    """Return how many trees a skops schema describes.

    Parameters
    ----------
    state : dict or list
        The parsed ``schema.json``, or a part of it.

    Returns
    -------
    int
    """
    children = state.values() if isinstance(state, dict) else state
    count = sum(count_trees(child) for child in children if isinstance(child, (dict, list)))
    if not isinstance(state, dict):
        return count
    return count + (state.get("__class__") == "TreePredictor")


def check_trees(model: Any, tree_count: int) -> None:
    """Refuse a model with an unsound tree, or with trees elsewhere than in its last step.

    Parameters
    ----------
    model : estimator
        A pipeline, or its last step alone.
    tree_count : int
        What `count_trees` says of its file.

    Raises
    ------
    ModelFileError
        A tree points outside of itself, walks in a circle, splits on categories (our models
        encode them before), or was not found.
    """
    estimator = model[-1] if isinstance(model, Pipeline) else model
    predictors = [tree for turn in getattr(estimator, "_predictors", ()) for tree in turn]
    tables = [(nodes["left"], nodes["right"], nodes["feature_idx"], nodes["is_leaf"] != 0)
              for nodes in (tree.nodes for tree in predictors)
              if not nodes["is_categorical"].any()]
    if len(tables) != tree_count or not all(
            _is_sound(*table, estimator.n_features_in_) for table in tables):
        raise ModelFileError("a tree of the model is damaged or out of place")


def _is_sound(left: NDArray[Any], right: NDArray[Any], feature: NDArray[Any],
              is_leaf: NDArray[Any], feature_count: int) -> bool:
    """Children stand behind their parents, so that every walk ends, and features exist."""
    place, size = np.arange(len(left)), len(left)
    sound = ((left > place) & (left < size) & (right > place) & (right < size)
             & (feature >= 0) & (feature < feature_count))
    return size > 0 and bool((sound | is_leaf).all())
