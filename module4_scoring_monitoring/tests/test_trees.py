"""A forged tree is refused before scikit-learn follows it out of its arrays, or for ever."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import (HistGradientBoostingClassifier, RandomForestClassifier,
                              StackingClassifier, VotingClassifier)
from sklearn.pipeline import Pipeline

from riskwatch.canonical import model_from_bytes, model_to_bytes
from riskwatch.errors import ModelFileError
from riskwatch.trees import count_trees

FEATURES = np.random.default_rng(4).normal(size=(200, 3))
ANSWERS = (FEATURES[:, 0] > 0).astype(int)


def forest() -> Any:
    """A small fitted forest."""
    return RandomForestClassifier(3, random_state=1).fit(FEATURES, ANSWERS)


def boosting() -> Any:
    """A small fitted boosting model."""
    return HistGradientBoostingClassifier(max_iter=3, random_state=1).fit(FEATURES, ANSWERS)


def _forge_boosting(column: str, value: int) -> Any:
    model = boosting()
    model._predictors[1][0].nodes[column][0] = value  # pylint: disable=protected-access
    return model


FORGED: dict[str, Callable[[], Any]] = {
    "boosting, left child beyond the end": lambda: _forge_boosting("left", 10**9),
    "boosting, a circle": lambda: _forge_boosting("right", 0),
    "boosting, no such feature": lambda: _forge_boosting("feature_idx", 3),
    "boosting, negative feature": lambda: _forge_boosting("feature_idx", -1),
    "boosting, foreign categories": lambda: _forge_boosting("is_categorical", 1),
}


def test_sound_trees_pass_and_are_counted() -> None:
    """Three trees, alone or behind another step, are read."""
    for model in (boosting(), Pipeline([("first", "passthrough"), ("last", boosting())])):
        read = model_from_bytes(model_to_bytes(model))
        np.testing.assert_array_equal(read.predict_proba(FEATURES),
                                      model.predict_proba(FEATURES))


@pytest.mark.parametrize("name", FORGED)
def test_forged_trees_are_refused(name: str) -> None:
    """Children stand behind their parents and features exist."""
    with pytest.raises(ModelFileError, match="tree of the model is damaged"):
        model_to_bytes(FORGED[name]())


def test_trees_of_another_kind_are_refused() -> None:
    """No candidate of ours is a forest, so nothing looks at its trees."""
    with pytest.raises(ModelFileError, match="Untrusted types"):
        model_to_bytes(forest())


def test_trees_elsewhere_than_in_the_last_step_are_refused() -> None:
    """Where nobody looks, a forged tree could hide."""
    hidden = Pipeline([("own", StackingClassifier([("boosting", boosting())], cv=2)),
                       ("last", "passthrough")])
    voting = VotingClassifier([("boosting", boosting())])
    for model in (hidden, voting):
        with pytest.raises(ModelFileError, match="tree of the model is damaged|Untrusted"):
            model_to_bytes(model.fit(FEATURES, ANSWERS))


def test_count_trees_sees_through_lists_and_dictionaries() -> None:
    """Both kinds count, wherever they stand in the schema."""
    schema = {"content": [{"__loader__": "ObjectNode", "__class__": "TreePredictor"}, 1, "x",
                          {"a": {"__loader__": "ObjectNode", "__class__": "TreePredictor"}}]}
    assert count_trees(schema) == 2
