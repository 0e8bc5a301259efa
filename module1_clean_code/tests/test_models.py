"""Candidates, their search and their order."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from churn.data import split_target
from churn.models import RECIPES, Candidate, best_first, build_pipeline, fit_candidate
from churn.settings import TrainingSettings
from churn.synthetic import generate_customers

QUICK = TrainingSettings(search="none", folds=3)


@pytest.fixture(scope="module", name="rows")
def _rows():
    return split_target(generate_customers(900, seed=3))


@pytest.mark.parametrize("name", RECIPES)
def test_a_candidate_predicts_better_than_chance_out_of_fold(rows, name):
    found = fit_candidate(name, *rows, QUICK, seed=1)
    assert found.auc > 0.8
    assert found.out_of_fold.shape == (900,)
    assert roc_auc_score(rows[1], found.out_of_fold) == pytest.approx(found.auc, abs=0.03)


def test_out_of_fold_rows_were_not_learned_from(rows):
    features, has_left = rows
    shuffled = has_left.sample(frac=1, random_state=0).set_axis(has_left.index)
    found = fit_candidate("hist_gradient_boosting", features, shuffled, QUICK, seed=1)
    in_sample = found.pipeline.predict_proba(features)[:, 1]
    assert roc_auc_score(shuffled, in_sample) > 0.9  # learned by heart ...
    assert 0.4 < found.auc < 0.6  # ... but nothing to learn


@pytest.mark.parametrize("search", ["halving", "random"])
def test_a_search_takes_settings_of_the_search_space(rows, search):
    settings = TrainingSettings(search=search, search_candidates=3, folds=2)
    found = fit_candidate("logistic_regression", *rows, settings, seed=1)
    space = RECIPES["logistic_regression"].search_space
    assert found.parameters["C"] in space["C"]
    assert found.pipeline.named_steps["model"].C == found.parameters["C"]


@pytest.mark.parametrize("name", RECIPES)
def test_every_setting_of_a_search_space_is_one_of_the_model(name):
    parameters = build_pipeline(name, QUICK, seed=0).named_steps["model"].get_params()
    assert set(RECIPES[name].search_space) <= set(parameters)


@pytest.mark.parametrize("encoder", ["one_hot", "target"])
def test_the_same_seed_gives_the_same_model(rows, encoder):
    settings = TrainingSettings(search="none", folds=2, encoder=encoder)
    first, again = (fit_candidate("hist_gradient_boosting", *rows, settings, seed=9)
                    for _ in range(2))
    assert np.array_equal(first.out_of_fold, again.out_of_fold)
    assert np.array_equal(first.pipeline.predict_proba(rows[0]),
                          again.pipeline.predict_proba(rows[0]))


def test_only_linear_models_are_scaled():
    assert "scaler" in repr(build_pipeline("logistic_regression", QUICK, 0)).lower()
    assert "scaler" not in repr(build_pipeline("random_forest", QUICK, 0)).lower()


def test_the_best_stands_first_and_the_simpler_in_a_tie():
    def candidate(name, auc):
        return Candidate(name, None, {}, np.zeros(1), (auc,), 0.0)

    forest, linear = candidate("random_forest", 0.9), candidate("logistic_regression", 0.9)
    boosted = candidate("hist_gradient_boosting", 0.95)
    ordered = best_first([forest, boosted, linear])
    assert [c.name for c in ordered] == ["hist_gradient_boosting", "logistic_regression",
                                         "random_forest"]
