"""A score of an inner model: training rows never see their own answer."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.utils.estimator_checks import estimator_checks_generator

from rentals.cross_fitted import CrossFittedScore

#: Out-of-fold scores differ from later scores of the same rows: that is what this is for.
BY_DESIGN = ("check_transformer_general", "check_transformer_data_not_an_array")
#: The others but the one that skips itself unless SciPy is switched to another way of working.
CHECKS = [(estimator, check) for estimator, check in estimator_checks_generator(
    CrossFittedScore(Ridge(), folds=3)) if check.func.__name__ not in BY_DESIGN
    and "array_api" not in check.func.__name__]


@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=lambda part: str(
    getattr(getattr(part, "func", None), "__name__", "score")))
def test_it_is_a_transformer_as_scikit_learn_wants_it(estimator, check):
    check(estimator)


def test_own_answer_of_a_training_row_never_enters_its_score():
    """The nearest neighbour of a training row is itself: by heart, the error would be zero."""
    rng = np.random.default_rng(1)
    places, answers = rng.normal(size=(200, 2)), rng.normal(size=200)
    step = CrossFittedScore(KNeighborsRegressor(1))
    training = step.fit_transform(places, answers)
    assert abs(np.corrcoef(training[:, 0], answers)[0, 1]) < 0.2
    np.testing.assert_array_equal(step.transform(places)[:, 0], answers)
    changed = answers.copy()
    changed[17] += 1000
    assert step.fit_transform(places, changed)[17] == training[17]


def test_later_rows_are_scored_by_the_model_of_all_rows():
    numbers, answers = np.arange(20.0).reshape(-1, 1), 3 * np.arange(20.0)
    step = CrossFittedScore(Ridge(1e-9), folds=4)
    assert step.fit_transform(numbers, answers)[:, 0] == pytest.approx(answers, abs=1e-6)
    assert step.transform([[100.0]])[0, 0] == pytest.approx(300)
    assert step.get_feature_names_out().tolist() == ["crossfittedscore0"]


def test_sparse_rows_give_what_dense_rows_give():
    rng = np.random.default_rng(2)
    dense, answers = rng.normal(size=(60, 4)) * (rng.random((60, 4)) > 0.5), rng.normal(size=60)
    found = [CrossFittedScore(Ridge()).fit_transform(rows, answers)
             for rows in (dense, csr_matrix(dense))]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-3, atol=1e-4)


def test_the_seed_decides_the_folds():
    rng = np.random.default_rng(3)
    numbers, answers = rng.normal(size=(60, 2)), rng.normal(size=60)
    found = [CrossFittedScore(Ridge(), random_state=seed).fit_transform(numbers, answers)
             for seed in (1, 1, 2)]
    assert (found[0] == found[1]).all() and (found[0] != found[2]).any()
