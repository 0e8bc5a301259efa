"""Candidates know the law of the generator, order does not matter, and the best stands first."""

import numpy as np
import pytest

from riskwatch.models import RECIPES, build_pipeline, fit_candidates
from riskwatch.population import Drawn, draw, name_pool
from riskwatch.settings import TrainingSettings

RNG = np.random.default_rng(1)
POOL = name_pool(RNG)


def features(drawn: Drawn) -> "np.ndarray":
    """The matrix of drawn corporations."""
    return np.column_stack([drawn.last_month, drawn.last_year, drawn.employees]).astype(float)


TRAIN, TEST = draw(1500, "stable", RNG, POOL), draw(1500, "stable", RNG, POOL)


@pytest.mark.parametrize("name", RECIPES)
def test_every_candidate_learns_takes_holes_and_scores_rows_alone(name: str) -> None:
    known = features(TRAIN)
    known[::10, 0] = np.nan
    model = build_pipeline(name, 1).fit(known, TRAIN.exited)  # type: ignore[arg-type]
    asked = features(TEST)
    asked[0] = np.nan
    probability = model.predict_proba(asked)[:, 1]
    assert ((probability >= 0.5) == TEST.exited).mean() > 0.65
    alone = [model.predict_proba(row[None, :])[0, 1] for row in asked[:50]]
    np.testing.assert_allclose(alone, probability[:50], rtol=1e-12)  # BLAS sums in another order


def test_the_best_stands_first_and_the_seed_decides() -> None:
    settings = TrainingSettings()
    found = fit_candidates(features(TRAIN), TRAIN.exited, settings, 1)
    assert [c.roc_auc for c in found] == sorted((c.roc_auc for c in found), reverse=True)
    assert {c.name for c in found} == set(settings.candidates)
    assert found[0].roc_auc > 0.75
    again = fit_candidates(features(TRAIN), TRAIN.exited, settings, 1)
    assert [(c.name, c.roc_auc) for c in again] == [(c.name, c.roc_auc) for c in found]


def test_in_a_tie_the_simpler_wins() -> None:
    apart = np.repeat([[0.0, 0.0, 0.0], [50.0, 50.0, 50.0]], 40, axis=0)
    found = fit_candidates(apart, np.repeat([0, 1], 40), TrainingSettings(), 1)
    assert [c.name for c in found] == list(RECIPES)


def test_two_of_an_answer_are_enough() -> None:
    few = fit_candidates(features(TRAIN)[:12], np.array([0] * 10 + [1] * 2),
                         TrainingSettings(candidates=("logistic_regression",)), 1)
    assert 0 <= few[0].roc_auc <= 1
