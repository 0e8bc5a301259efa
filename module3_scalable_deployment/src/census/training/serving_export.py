"""Write a fitted pipeline down as a serving form.

In: the fitted pipeline, its threshold, a reference row. Out: a `ServingForm` that decides alike.
What a level becomes on its way into the trees is not assumed but observed: each level is sent
through the fitted steps alone, so the order of columns, the outer and the inner encoding and the
missing branch are those of the fitted model, whatever its makers change.
"""
# scikit-learn shows the trees of this model nowhere else.
# pylint: disable=protected-access

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline

from census.errors import ModelFileError
from census.schema import BY_NAME, CATEGORICAL, FEATURES
from census.serving_form import MOST_LEAVES, Level, Node, ServingForm, Tree

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Place:
    """Where a feature stands among the trees' columns; ``values`` are those of its levels."""

    column: int
    values: _Floats | None


def to_serving_form(pipeline: Pipeline, threshold: float,
                    reference: Mapping[str, Level]) -> ServingForm:
    """Return the serving form of a fitted pipeline.

    Parameters
    ----------
    pipeline : Pipeline
        Its last step is a HistGradientBoostingClassifier of two classes; the steps before it
        turn each feature of the schema into one column.
    threshold : float
        Probability from which the answer is the positive label.
    reference : mapping of str to int or str
        An ordinary row; explanations compare with it.

    Returns
    -------
    ServingForm

    Raises
    ------
    ModelFileError
        The model has no serving form; the text says why.
    """
    model = pipeline[-1]
    if not isinstance(model, HistGradientBoostingClassifier) or len(model.classes_) != 2:
        raise ModelFileError(f"a {type(model).__name__} has no serving form; only gradient "
                             "boosting of two classes has one")
    row = dict(reference)
    places = {name: _observe(pipeline, row, name) for name in FEATURES}
    if len({place.column for place in places.values()}) != len(FEATURES):
        raise ModelFileError("two features share a column of the trees")
    by_column = {place.column: (code, place.values)
                 for code, place in enumerate(places.values())}
    trees = tuple(_tree(stage[0], by_column) for stage in model._predictors)
    baseline = float(np.ravel(model._baseline_prediction)[0])
    return ServingForm(baseline, float(threshold), row, trees)


def reference_row(rows: pd.DataFrame) -> dict[str, Level]:
    """Return the commonest level of each category, and the median of each number.

    Parameters
    ----------
    rows : pandas.DataFrame
        With the features of the schema.

    Returns
    -------
    dict of str to int or str
    """
    return {name: str(rows[name].mode().iloc[0]) if name in CATEGORICAL
            else int(rows[name].median()) for name in FEATURES}


def _trees_see(pipeline: Pipeline, rows: list[dict[str, Level]]) -> _Floats:
    """Return ``rows`` as the trees see them: a float for each column, NaN for missing."""
    seen = pipeline[:-1].transform(pd.DataFrame(rows, columns=list(FEATURES)))
    inner = pipeline[-1]._preprocessor
    if inner is not None:
        seen = inner.transform(seen)
    return np.asarray(seen, dtype=np.float64)


def _observe(pipeline: Pipeline, row: dict[str, Level], name: str) -> _Place:
    """Send every value of one feature through the fitted steps and see what comes out."""
    column = BY_NAME[name]
    # Each distinct from the others, so that a scaling or a clipping would show.
    values: tuple[Level, ...] = column.levels or tuple(
        sorted({column.minimum, (column.minimum + column.maximum) // 2, column.maximum}))
    seen = _trees_see(pipeline, [{**row, name: value} for value in values])
    is_missing = np.isnan(seen)
    differs = np.flatnonzero(np.any(
        (seen != seen[0]) & ~(is_missing & is_missing[0]), axis=0))
    if len(differs) != 1:
        raise ModelFileError(f"{name} becomes {len(differs)} columns of the trees, not one")
    found = seen[:, differs[0]]
    if not column.levels:
        if not np.array_equal(found, np.array(values, dtype=np.float64)):
            raise ModelFileError(f"{name} reaches the trees changed")
        return _Place(int(differs[0]), None)
    return _Place(int(differs[0]), found)


def _tree(predictor: Any, by_column: Mapping[int, tuple[int, _Floats | None]]) -> Tree:
    if int(predictor.nodes["is_leaf"].sum()) > MOST_LEAVES:
        raise ModelFileError(f"a tree has more than {MOST_LEAVES} leaves; train with "
                             "max_leaf_nodes of at most that")
    return tuple(_node(predictor, node, by_column) for node in predictor.nodes)


def _node(predictor: Any, node: Any, by_column: Mapping[int, tuple[int, _Floats | None]]
          ) -> Node:
    if node["is_leaf"]:
        return (float(node["value"]),)
    feature, values = by_column[int(node["feature_idx"])]
    left, right = int(node["left"]), int(node["right"])
    if values is None:
        if node["is_categorical"]:
            raise ModelFileError(f"{FEATURES[feature]} is a number, but split by levels")
        return feature, float(node["num_threshold"]), left, right
    goes_left = [_goes_left(predictor, node, float(value)) for value in values]
    return feature, tuple(np.flatnonzero(goes_left).tolist()), left, right


def _goes_left(predictor: Any, node: Any, value: float) -> bool:
    """Decide as scikit-learn's trees do for one value of a categorical feature."""
    if np.isnan(value) or (node["is_categorical"] and value < 0):
        return bool(node["missing_go_to_left"])
    if not node["is_categorical"]:
        return value <= float(node["num_threshold"])
    bits = predictor.raw_left_cat_bitsets[node["bitset_idx"]]
    code = int(value)
    return bool(int(bits[code // 32]) >> (code % 32) & 1)
