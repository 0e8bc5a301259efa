"""A forged tree is refused before scikit-learn follows it out of its arrays, or for ever."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from census.canonical import model_from_bytes, model_to_bytes
from census.errors import ModelFileError
from census.trees import count_trees

RNG = np.random.default_rng(4)
FEATURES = np.column_stack([RNG.integers(0, 6, 400), RNG.normal(size=(400, 2))])
ANSWERS = ((FEATURES[:, 0] % 2 == 0) ^ (FEATURES[:, 1] > 1)).astype(int)


def boosting() -> Any:
    """A small fitted boosting model; its first column is a category."""
    return HistGradientBoostingClassifier(
        max_iter=3, random_state=1, categorical_features=[0]).fit(FEATURES, ANSWERS)


def _forge_boosting(column: str, value: int) -> Any:
    model = boosting()
    model._predictors[1][0].nodes[column][0] = value  # pylint: disable=protected-access
    return model


FORGED: dict[str, Callable[[], Any]] = {
    "left child beyond the end": lambda: _forge_boosting("left", 10**9),
    "a circle": lambda: _forge_boosting("right", 0),
    "no such feature": lambda: _forge_boosting("feature_idx", 3),
    "negative feature": lambda: _forge_boosting("feature_idx", -1),
    "a set of levels beyond the end": lambda: _forge_boosting("bitset_idx", 99),
    "a number split by levels": lambda: _forge_boosting("feature_idx", 2),
}


@pytest.mark.parametrize("build", [boosting])
def test_sound_trees_pass_and_are_counted(build: Callable[[], Any]) -> None:
    """Three trees, alone or behind other steps, are read."""
    for model in (build(), Pipeline([("first", "passthrough"), ("last", build())])):
        read = model_from_bytes(model_to_bytes(model))
        np.testing.assert_array_equal(read.predict_proba(FEATURES),
                                      model.predict_proba(FEATURES))


@pytest.mark.parametrize("name", FORGED)
def test_forged_trees_are_refused(name: str) -> None:
    """Children stand behind their parents and features exist."""
    with pytest.raises(ModelFileError, match="tree of the model is damaged"):
        model_to_bytes(FORGED[name]())


def test_trees_elsewhere_than_in_the_last_step_are_refused() -> None:
    """Where nobody looks, a forged tree could hide."""
    voting = VotingClassifier([("boosting", boosting())]).fit(FEATURES, ANSWERS)
    hidden = Pipeline([("first", voting), ("last", LogisticRegression())])
    for model in (voting, hidden):
        with pytest.raises(ModelFileError):
            model_to_bytes(model)


def test_count_trees_sees_through_lists_and_dictionaries() -> None:
    """They count wherever they stand in the schema."""
    schema = {"content": [{"__class__": "TreePredictor"}, 1, "x",
                          {"a": {"__loader__": "ObjectNode", "__class__": "TreePredictor"}}]}
    assert count_trees(schema) == 2
