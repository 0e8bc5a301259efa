"""The plain arithmetic says what scikit-learn says, to nine digits, for every candidate."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from web_story import fitted

from riskwatch.models import RECIPES, build_pipeline
from riskwatch.schema import LARGEST
from riskwatch.web.holder import by_arrays
from riskwatch.web.plain_models import expit, plain_form, probes

COUNT = st.none() | st.integers(0, LARGEST) | st.integers(0, 3000)


@pytest.mark.parametrize("name", RECIPES)
@given(rows=st.lists(st.tuples(COUNT, COUNT, COUNT), min_size=1, max_size=40))
def test_each_candidate_agrees_with_scikit_learn(name: str, rows: list[Any]) -> None:
    model = fitted(name)
    plain = plain_form(model)
    assert plain is not None
    np.testing.assert_allclose([plain(row) for row in rows], by_arrays(model, rows), rtol=0,
                               atol=1e-9)


@pytest.mark.parametrize("name", RECIPES)
def test_thresholds_of_trees_and_edges_of_fills_agree(name: str) -> None:
    model, rng = fitted(name), np.random.default_rng(5)
    rows: list[Any] = [tuple(None if hole else int(value) for value, hole in zip(values, holes))
                       for values, holes in zip(rng.lognormal(4, 2, (3000, 3)),
                                                rng.random((3000, 3)) < 0.1)]
    plain = plain_form(model)
    assert plain is not None
    worst = np.abs(np.array([plain(row) for row in rows]) - by_arrays(model, rows)).max()
    assert worst <= 1e-9


def test_a_column_that_was_always_missing_counts_for_nothing() -> None:
    features = np.column_stack([np.full(40, np.nan), np.arange(40.0), np.arange(40.0)[::-1]])
    for name in ("course_logistic", "logistic_regression"):  # trees cannot be trained on that
        model = build_pipeline(name, 1).fit(features, np.arange(40) % 3 == 0)
        plain = plain_form(model)
        assert plain is not None
        rows = [(None, 3, 4), (None, None, None)]
        np.testing.assert_allclose([plain(row) for row in rows], by_arrays(model, rows), atol=1e-9)


def test_what_it_does_not_know_it_leaves_to_scikit_learn() -> None:
    model = LogisticRegression().fit(np.eye(3), [0, 1, 1])
    assert plain_form(model) is None
    assert plain_form(Pipeline([("model", model)])) is None


def test_expit_holds_at_both_ends() -> None:
    assert expit(-1e6) == 0.0 and expit(1e6) == 1.0 and expit(0.0) == 0.5


def test_probes_hold_missing_values_in_every_column() -> None:
    rows = probes()
    assert len(rows) > 50
    assert all(any(row[place] is None for row in rows) for place in range(3))
