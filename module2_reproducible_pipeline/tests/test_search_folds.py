"""A piece of a search: one fold, the same digits wherever it runs."""

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import KFold

from rentals.model import build_model, fit_model
from rentals.model_settings import ForestSettings, ModelSettings, TextSettings
from rentals.schema import PRICE
from rentals.search_folds import Piece, measure_fold
from rentals.synthetic import generate_listings

SETTINGS = ModelSettings(text=TextSettings(least_listings=2, topics=3, folds=2),
                         random_forest=ForestSettings(n_estimators=10))
LISTINGS = generate_listings(300, 5, 1)


def test_it_is_the_error_on_the_rows_that_were_left_out():
    found = [measure_fold(LISTINGS, Piece("ridge", SETTINGS, 3, fold, 3)) for fold in range(3)]
    for error, (train, held) in zip(found, KFold(3, shuffle=True, random_state=3).split(LISTINGS)):
        rows = LISTINGS.iloc[train]
        model = fit_model(build_model("ridge", SETTINGS, 3), rows, rows[PRICE])
        expected = mean_absolute_error(LISTINGS.iloc[held][PRICE],
                                       model.predict(LISTINGS.iloc[held]))
        assert error.mean_absolute_error == pytest.approx(expected, abs=1e-6)
    assert len({error.r2 for error in found}) == 3


def test_prices_of_the_rows_left_out_are_not_learned_from():
    piece = Piece("median", SETTINGS, 3, 0, 3)
    _, held = next(iter(KFold(3, shuffle=True, random_state=3).split(LISTINGS)))
    dear = LISTINGS.copy()
    dear.iloc[held, dear.columns.get_loc(PRICE)] += 1000
    before, after = measure_fold(LISTINGS, piece), measure_fold(dear, piece)
    rest = np.delete(LISTINGS[PRICE].to_numpy(), held)
    assert before.mean_absolute_error == pytest.approx(
        np.abs(LISTINGS[PRICE].iloc[held] - np.median(rest)).mean(), abs=1e-6)
    assert after.mean_absolute_error == pytest.approx(
        np.abs(dear[PRICE].iloc[held] - np.median(rest)).mean(), abs=1e-6)


def test_a_forest_does_not_spread_its_trees_over_the_backend_around_it(monkeypatch):
    used = []
    monkeypatch.setattr("joblib.parallel.Parallel._initialize_backend",
                        _noting(used, "joblib.parallel"))
    with parallel_config("threading", n_jobs=2):
        measure_fold(LISTINGS, Piece("random_forest", SETTINGS, 3, 0, 3))
    assert used and set(used) == {1}


def _noting(used, _):
    from joblib.parallel import Parallel  # pylint: disable=import-outside-toplevel
    original = Parallel._initialize_backend  # pylint: disable=protected-access

    def noting(self):
        jobs = original(self)
        used.append(jobs)
        return jobs
    return noting
