"""The look of a title."""

import copy

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from rentals.titles import TitleShape, TitleWords


def test_characters_words_and_capitals_are_counted():
    titles = pd.DataFrame({"name": ["BIG loft", "a  b\nc", "", "É"]})
    found = TitleShape().fit_transform(titles)
    assert found.tolist() == [[8, 2, 3 / 8], [6, 3, 0], [0, 0, 0], [1, 1, 1]]


@pytest.mark.parametrize("absent", [None, np.nan, pd.NA])
def test_a_missing_title_measures_zero(absent):
    step = TitleShape().fit(pd.DataFrame({"name": ["x"]}))
    assert step.transform(pd.DataFrame({"name": [absent]}, dtype=object)).tolist() == [[0] * 3]


def test_it_keeps_scikit_learns_habits():
    """Its checks feed tables of numbers only, so the ones that matter stand here."""
    step, titles = TitleShape(), pd.DataFrame({"name": ["Loft"]})
    with pytest.raises(NotFittedError):
        step.transform(titles)
    assert clone(step).fit(titles).get_feature_names_out().tolist() == [
        "name_characters", "name_words", "name_share_of_capitals"]
    with pytest.raises(ValueError, match="one column"):
        TitleShape().fit(pd.DataFrame({"a": ["x"], "b": ["y"]}))
    with pytest.raises(ValueError, match="feature names"):
        step.fit(titles).transform(titles.rename(columns={"name": "title"}))
    assert step.transform(titles.iloc[:0]).shape == (0, 3)


def test_the_stored_state_of_the_words_holds_no_memory_address():
    words = TitleWords(stop_words="english").fit(["a loft", "a sunny loft"])
    before = words.transform(["loft"]).toarray()
    assert "_stop_words_id" in vars(words), "scikit-learn notes no address any more"
    assert "_stop_words_id" not in words.__getstate__()
    copied = copy.deepcopy(words)
    np.testing.assert_array_equal(copied.transform(["loft"]).toarray(), before)
    assert clone(words).get_params() == words.get_params()
