"""Candidates: one pipeline each, from listings to dollars."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io
from listing_rows import SMALL, listings
from sklearn.metrics import mean_absolute_error, r2_score
from threadpoolctl import threadpool_info

from rentals.canonical import model_from_bytes, model_to_bytes
from rentals.errors import ModelFileError
from rentals.model import CANDIDATES, TRUSTED, build_model, fit_model
from rentals.model_settings import ModelSettings

EVERY_CANDIDATE = pytest.mark.parametrize("name", CANDIDATES)
TRAIN, TEST = listings(400, seed=1), listings(150, seed=2)


@pytest.fixture(scope="module", name="fitted")
def _fitted():
    return {name: fit_model(build_model(name, SMALL, seed=3), TRAIN, TRAIN["price"])
            for name in CANDIDATES}


@pytest.mark.parametrize("name", list(CANDIDATES)[1:])
def test_a_candidate_answers_in_dollars_and_beats_the_median(name, fitted):
    error = mean_absolute_error(TEST["price"], fitted[name].predict(TEST))
    baseline = mean_absolute_error(TEST["price"], fitted["median"].predict(TEST))
    assert error < 0.75 * baseline
    assert (fitted["median"].predict(TEST) == TRAIN["price"].median()).all()


@EVERY_CANDIDATE
def test_one_row_gets_the_price_it_gets_in_a_batch(name, fitted):
    together = fitted[name].predict(TEST)
    alone = np.concatenate([fitted[name].predict(TEST.iloc[[row]]) for row in range(30)])
    np.testing.assert_allclose(alone, together[:30], rtol=1e-12)


@EVERY_CANDIDATE
def test_prices_of_other_rows_and_ids_do_not_enter_a_prediction(name, fitted):
    before = fitted[name].predict(TEST)
    changed = TEST.assign(price=0, id=1, host_id=2, host_name="")[TEST.columns[::-1]]
    np.testing.assert_array_equal(fitted[name].predict(changed), before)
    np.testing.assert_array_equal(fitted[name].predict(TEST.drop(columns="price")), before)


def test_the_average_is_the_mean_of_its_halves_and_they_want_different_things(fitted):
    model = fitted["averaged_boosting"]
    absolute, squared = (half.predict(model[0].transform(TEST)) for half in model[1].estimators_)
    np.testing.assert_allclose(model.predict(TEST), (absolute + squared) / 2)
    assert abs(absolute - squared).mean() > 1
    assert r2_score(TEST["price"], squared) > 0.5 < r2_score(TEST["price"], absolute)


def digests(models):
    """Return the digest of the stored form of each model."""
    return [hashlib.sha256(model_to_bytes(model)).hexdigest() for model in models]


def test_another_process_with_other_threads_and_hash_seed_saves_the_same_bytes(fitted):
    elsewhere = subprocess.run(
        [sys.executable, __file__], check=True, capture_output=True, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "2",
             "PYTHONHASHSEED": "5", "PYTHONPATH": str(Path(__file__).parent)}).stdout.split()
    assert elsewhere == digests(fitted.values())
    assert len(set(elsewhere)) == len(CANDIDATES)


@EVERY_CANDIDATE
def test_saving_is_a_function_of_the_model(name, fitted):
    content = model_to_bytes(fitted[name])
    loaded = model_from_bytes(content)
    assert model_to_bytes(loaded) == content
    np.testing.assert_array_equal(loaded.predict(TEST), fitted[name].predict(TEST))
    again = fit_model(build_model(name, SMALL, seed=3), TRAIN, TRAIN["price"])
    assert model_to_bytes(again) == content


def _ensembles(name, model):
    if name == "averaged_boosting":
        absolute, squared = model[-1].estimators_
        return absolute.regressor_, squared
    return (model[-1],)


@pytest.mark.parametrize("name", ["random_forest", "hist_gradient_boosting",
                                  "averaged_boosting"])
def test_a_forged_tree_is_refused_wherever_it_stands(name):
    for place in range(2 if name == "averaged_boosting" else 1):
        model = fit_model(build_model(name, SMALL, seed=3), TRAIN, TRAIN["price"])
        ensemble = _ensembles(name, model)[place]
        if name == "random_forest":
            ensemble.estimators_[1].tree_.children_left[0] = 10**9
        else:
            ensemble._predictors[1][0].nodes["left"][0] = 10**9  # pylint: disable=protected-access
        with pytest.raises(ModelFileError, match="tree of the model is damaged"):
            model_to_bytes(model)


def test_every_trusted_type_is_needed(fitted):
    """A type that no candidate holds must not be permitted."""
    refused = {kind for model in fitted.values()
               for kind in skops.io.get_untrusted_types(data=model_to_bytes(model))}
    assert refused == set(TRUSTED)


@pytest.mark.parametrize("name", ["ridge", "random_forest", "hist_gradient_boosting",
                                  "averaged_boosting"])
def test_another_setting_of_its_own_gives_another_model(name):
    section = getattr(SMALL, name)
    change = {"alpha": 50.0} if name == "ridge" else {"min_samples_leaf": 40}
    changed = replace(SMALL, **{name: replace(section, **change)})
    found = [fit_model(build_model(name, settings, 3), TRAIN, TRAIN["price"]).predict(TEST)
             for settings in (SMALL, changed)]
    assert abs(found[0] - found[1]).max() > 0.5


@pytest.mark.parametrize("name", ["random_forest", "averaged_boosting"])
def test_the_seed_decides(name):
    found = [fit_model(build_model(name, SMALL, seed), TRAIN, TRAIN["price"]).predict(TEST)
             for seed in (3, 4)]
    assert abs(found[0] - found[1]).max() > 0.1


def test_every_candidate_of_the_settings_can_be_built_and_no_other():
    assert ModelSettings().candidates == tuple(CANDIDATES)
    with pytest.raises(KeyError):
        build_model("oracle", SMALL, 0)


def test_fitting_leaves_the_threads_and_the_listings_as_they_were(fitted):
    assert fitted
    before, rows = threadpool_info(), TRAIN.copy()
    fit_model(build_model("ridge", SMALL, 0), TRAIN, TRAIN["price"])
    assert [pool["num_threads"] for pool in threadpool_info()] == [
        pool["num_threads"] for pool in before]
    pd.testing.assert_frame_equal(TRAIN, rows)


if __name__ == "__main__":
    print(*digests(fit_model(build_model(each, SMALL, seed=3), TRAIN, TRAIN["price"])
                   for each in CANDIDATES))
