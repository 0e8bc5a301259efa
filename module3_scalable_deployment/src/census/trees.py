"""Look whether the trees of a model that was read from a file stay within their own arrays.

In: a model and the number of trees in its file. Out: nothing, or a `ModelFileError`.
scikit-learn follows the child and feature numbers of a tree without looking, so a forged file
of permitted types could crash the process, read foreign memory, or never come back.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from census.errors import ModelFileError


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
        A tree points outside of itself, walks in a circle, splits a number by levels, or was
        not found.
    """
    estimator = model[-1] if isinstance(model, Pipeline) else model
    trees = [tree for turn in getattr(estimator, "_predictors", ()) for tree in turn]
    if len(trees) != tree_count or not all(_is_sound(tree, estimator) for tree in trees):
        raise ModelFileError("a tree of the model is damaged or out of place")


def _is_sound(tree: Any, estimator: Any) -> bool:
    """Children stand behind their parents, so that every walk ends; features and levels exist."""
    nodes = tree.nodes
    place, size = np.arange(len(nodes)), len(nodes)
    left, right, feature = nodes["left"], nodes["right"], nodes["feature_idx"]
    inside = ((left > place) & (left < size) & (right > place) & (right < size)
              & (feature >= 0) & (feature < estimator.n_features_in_))
    by_levels = (nodes["is_categorical"] != 0) & (nodes["is_leaf"] == 0)
    return (size > 0 and bool((inside | (nodes["is_leaf"] != 0)).all())
            and _levels_exist(tree, estimator, nodes[by_levels]))


def _levels_exist(tree: Any, estimator: Any, nodes: NDArray[Any]) -> bool:
    """Each split by levels is on a column of levels and has its set of them."""
    if len(nodes) == 0:
        return True
    is_category = estimator._is_categorical_remapped  # pylint: disable=protected-access
    sets = min(len(tree.raw_left_cat_bitsets), len(tree.binned_left_cat_bitsets))
    return (is_category is not None and bool(is_category[nodes["feature_idx"]].all())
            and int(nodes["bitset_idx"].max()) < sets)
