"""A forged tree is refused before scikit-learn follows it out of its arrays, or for ever."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import (HistGradientBoostingRegressor, RandomForestRegressor,
                              VotingRegressor)
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline

from rentals.canonical import model_from_bytes, model_to_bytes
from rentals.errors import ModelFileError
from rentals.trees import count_trees

FEATURES = np.random.default_rng(4).normal(size=(200, 3))
ANSWERS = FEATURES[:, 0] ** 2 + 1


def forest() -> Any:
    """A small fitted forest."""
    return RandomForestRegressor(3, random_state=1).fit(FEATURES, ANSWERS)


def boosting() -> Any:
    """A small fitted boosting model."""
    return HistGradientBoostingRegressor(max_iter=3, random_state=1).fit(FEATURES, ANSWERS)


def average() -> Any:
    """A small fitted average of two boostings, one of a transformed target."""
    kind = HistGradientBoostingRegressor(max_iter=3, random_state=1)
    return VotingRegressor([("log", TransformedTargetRegressor(
        kind, func=np.log1p, inverse_func=np.expm1)), ("plain", kind)]).fit(FEATURES, ANSWERS)


def _forge_forest(column: str, value: int) -> Any:
    model = forest()
    getattr(model.estimators_[1].tree_, column)[0] = value
    return model


def _forge_boosting(column: str, value: int) -> Any:
    model = boosting()
    model._predictors[1][0].nodes[column][0] = value  # pylint: disable=protected-access
    return model


def _forge_average(member: int) -> Any:
    model = average()
    inner = [model.estimators_[0].regressor_, model.estimators_[1]][member]
    inner._predictors[2][0].nodes["left"][0] = 10**9  # pylint: disable=protected-access
    return model


FORGED: dict[str, Callable[[], Any]] = {
    "forest, left child beyond the end": lambda: _forge_forest("children_left", 10**9),
    "forest, negative right child": lambda: _forge_forest("children_right", -7),
    "forest, a circle": lambda: _forge_forest("children_left", 0),
    "forest, no such feature": lambda: _forge_forest("feature", 3),
    "forest, negative feature": lambda: _forge_forest("feature", -1),
    "boosting, left child beyond the end": lambda: _forge_boosting("left", 10**9),
    "boosting, a circle": lambda: _forge_boosting("right", 0),
    "boosting, no such feature": lambda: _forge_boosting("feature_idx", 3),
    "boosting, negative feature": lambda: _forge_boosting("feature_idx", -1),
    "boosting, foreign categories": lambda: _forge_boosting("is_categorical", 1),
    "average, first member": lambda: _forge_average(0),
    "average, second member": lambda: _forge_average(1),
}


@pytest.mark.parametrize("build", [forest, boosting, average])
def test_sound_trees_pass_and_are_counted(build: Callable[[], Any]) -> None:
    """Trees of either kind, alone or behind other steps, are read."""
    for model in (build(), Pipeline([("first", "passthrough"), ("last", build())])):
        read = model_from_bytes(model_to_bytes(model))
        np.testing.assert_array_equal(read.predict(FEATURES), model.predict(FEATURES))


@pytest.mark.parametrize("name", FORGED)
def test_forged_trees_are_refused(name: str) -> None:
    """Children stand behind their parents and features exist."""
    with pytest.raises(ModelFileError, match="tree of the model is damaged"):
        model_to_bytes(FORGED[name]())


def test_trees_elsewhere_than_in_the_last_step_are_refused() -> None:
    """Where nobody looks, a forged tree could hide."""
    hidden = Pipeline([("select", SelectFromModel(forest())), ("last", LinearRegression())])
    with pytest.raises(ModelFileError):
        model_to_bytes(hidden.fit(FEATURES, ANSWERS))


def test_a_forest_that_does_not_say_its_number_of_features_is_refused() -> None:
    """Without that number scikit-learn takes tables of any width."""
    model = forest()
    delattr(model, "n_features_in_")
    with pytest.raises(ModelFileError, match=re.escape("tree of the model is damaged")):
        model_to_bytes(model)


def test_count_trees_sees_through_lists_and_dictionaries() -> None:
    """Both kinds count, wherever they stand in the schema."""
    schema = {"content": [{"__loader__": "TreeNode", "__class__": "Tree"}, 1, "x",
                          {"a": {"__loader__": "ObjectNode", "__class__": "TreePredictor"}}]}
    assert count_trees(schema) == 2
