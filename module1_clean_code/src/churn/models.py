"""Candidates and their search: which models are tried, how, and which one is taken.

In: training features and answers, settings, a seed. Out: fitted candidates, best first.
Only training rows come in here, so the hold-out stays untouched until the evaluation.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.experimental import enable_halving_search_cv  # pylint: disable=unused-import
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import (HalvingRandomSearchCV, RandomizedSearchCV, StratifiedKFold,
                                     cross_val_predict)
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from churn.features import build_features
from churn.settings import CandidateName, TrainingSettings

LOGGER = logging.getLogger(__name__)
_LEAST_HALVING_ROWS = 200
#: With fewer rows, threads wait for one another more than they work.
_ROWS_WORTH_THREADS = 50_000


@dataclass(frozen=True)
class Recipe:
    """How a candidate is made: its estimator for a seed, and the settings worth trying."""

    build: Callable[[int], Any]
    is_linear: bool
    search_space: Mapping[str, tuple[float | int | str, ...]]


@dataclass(frozen=True)
class Candidate:
    """A fitted pipeline and what cross-validation on the training rows says of it.

    ``out_of_fold`` holds, per training row, the probability given by a model that did not see
    the row, shape (n,); ``fold_aucs`` are the areas under the ROC curve of the folds.
    """

    name: CandidateName
    pipeline: Pipeline
    parameters: Mapping[str, float | int | str]
    out_of_fold: NDArray[Any]
    fold_aucs: tuple[float, ...]
    seconds: float

    @property
    def auc(self) -> float:
        """Mean area under the ROC curve over the folds."""
        return sum(self.fold_aucs) / len(self.fold_aucs)


RECIPES: Mapping[CandidateName, Recipe] = {
    "logistic_regression": Recipe(
        lambda seed: LogisticRegression(max_iter=1000, random_state=seed),
        is_linear=True,
        search_space={"C": (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)}),
    "random_forest": Recipe(
        lambda seed: RandomForestClassifier(
            n_estimators=60, min_samples_leaf=2, max_features=0.2, random_state=seed),
        is_linear=False,
        search_space={"max_features": (0.1, 0.15, 0.2), "min_samples_leaf": (1, 2, 4),
                      "max_depth": (12, 16, 24)}),
    "hist_gradient_boosting": Recipe(
        lambda seed: HistGradientBoostingClassifier(
            learning_rate=0.1, max_iter=300, max_leaf_nodes=12, max_features=0.5,
            random_state=seed),
        is_linear=False,
        search_space={"learning_rate": (0.07, 0.1, 0.14), "max_leaf_nodes": (6, 8, 12),
                      "max_features": (0.3, 0.5, 0.8), "l2_regularization": (0.0, 1.0)}),
}


def build_pipeline(name: CandidateName, settings: TrainingSettings, seed: int) -> Pipeline:
    """Return the unfitted pipeline of a candidate: features, then model.

    Parameters
    ----------
    name : str
        One of `RECIPES`.
    settings : TrainingSettings
        ``encoder`` is used.
    seed : int
        Of the model and of the encoder's folds.

    Returns
    -------
    Pipeline
    """
    recipe = RECIPES[name]
    features = build_features(settings.encoder, scaled=recipe.is_linear, seed=seed)
    return Pipeline([("features", features), ("model", recipe.build(seed))])


def fit_candidate(name: CandidateName, features: pd.DataFrame, has_left: "pd.Series[int]",
                  settings: TrainingSettings, seed: int) -> Candidate:
    """Search the candidate's settings, cross-validate the best, fit it on all rows.

    Parameters
    ----------
    name : str
        One of `RECIPES`.
    features : DataFrame, shape (n, 19)
        Training rows.
    has_left : Series of int, shape (n,)
        Their answers, 0 or 1.
    settings : TrainingSettings
        Kind of search, number of settings tried, folds.
    seed : int
        Of folds, search and model.

    Returns
    -------
    Candidate
    """
    started = perf_counter()
    folds = StratifiedKFold(settings.folds, shuffle=True, random_state=seed)
    pipeline = build_pipeline(name, settings, seed)
    parameters: dict[str, float | int | str] = {}
    with threadpool_limits(1 if len(features) < _ROWS_WORTH_THREADS else None):
        if settings.search != "none":
            search = _search(name, pipeline, folds, settings, seed)
            if settings.search == "halving":
                search.set_params(**_halving_rows(len(features)))
            search.fit(features, has_left)
            parameters = {key.removeprefix("model__"): value
                          for key, value in sorted(search.best_params_.items())}
            pipeline = clone(pipeline).set_params(**search.best_params_)
        probabilities = cross_val_predict(pipeline, features, has_left, cv=folds,
                                          method="predict_proba")[:, 1]
        pipeline.fit(features, has_left)
    aucs = tuple(float(roc_auc_score(has_left.iloc[rows], probabilities[rows]))
                 for _, rows in folds.split(features, has_left))
    found = Candidate(name, pipeline, parameters, probabilities, aucs, perf_counter() - started)
    LOGGER.info("candidate %s: cross-validated AUC %.4f with %s, %.1f s", name, found.auc,
                parameters or "its defaults", found.seconds)
    return found


def best_first(candidates: list[Candidate]) -> list[Candidate]:
    """Order candidates by their cross-validated AUC; the simpler stands first in a tie.

    Parameters
    ----------
    candidates : list of Candidate

    Returns
    -------
    list of Candidate
    """
    simplicity = {name: rank for rank, name in enumerate(RECIPES)}
    return sorted(candidates, key=lambda c: (-round(c.auc, 6), simplicity[c.name]))


def _search(name: CandidateName, pipeline: Pipeline, folds: StratifiedKFold,
            settings: TrainingSettings, seed: int) -> Any:
    space = {f"model__{key}": list(values) for key, values in RECIPES[name].search_space.items()}
    shared = {"cv": folds, "scoring": "roc_auc", "refit": False, "random_state": seed}
    if settings.search == "random":
        return RandomizedSearchCV(pipeline, space, n_iter=settings.search_candidates, **shared)
    return HalvingRandomSearchCV(pipeline, space, n_candidates=settings.search_candidates,
                                 **shared)


def _halving_rows(rows: int) -> dict[str, int]:
    """Return the rows of the first and of the last round: a ninth and a third of them.

    Settings that win on a third of the rows win, or nearly win, on all; the winner is
    cross-validated on all rows afterwards.
    """
    least = min(rows, max(_LEAST_HALVING_ROWS, rows // 9))
    return {"min_resources": least, "max_resources": max(least, rows // 3)}
