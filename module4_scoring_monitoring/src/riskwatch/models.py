"""Candidates: which models are tried, how, and which one is taken.

In: training rows and settings. Out: fitted candidates, best first. Only training rows come in
here, so the hold-out stays untouched until somebody scores.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from riskwatch.features import LogCounts
from riskwatch.settings import CandidateName, TrainingSettings

LOGGER = logging.getLogger(__name__)
#: With fewer rows, threads wait for one another more than they work.
_ROWS_WORTH_THREADS = 50_000


@dataclass(frozen=True)
class Candidate:
    """A fitted pipeline, and the area under the ROC curve of out-of-fold predictions."""

    name: CandidateName
    pipeline: Pipeline
    roc_auc: float


def _course_logistic(_: int) -> list[tuple[str, Any]]:
    # The course's own settings; `multi_class` is gone from scikit-learn.
    return [("missing", SimpleImputer(strategy="median", keep_empty_features=True)),
            ("model", LogisticRegression(C=1.0, solver="liblinear", random_state=0))]


def _logistic(seed: int) -> list[tuple[str, Any]]:
    return [("logs", LogCounts()),
            ("missing", SimpleImputer(strategy="median", keep_empty_features=True)),
            ("scale", StandardScaler()),
            ("model", LogisticRegression(max_iter=1000, random_state=seed))]


def _boosting(seed: int) -> list[tuple[str, Any]]:
    # It takes missing values as they are, and needs no scale.
    return [("model", HistGradientBoostingClassifier(
        learning_rate=0.08, max_iter=80, max_leaf_nodes=6, min_samples_leaf=15,
        l2_regularization=1.0, early_stopping=False, random_state=seed))]


#: The simpler stand first: they win a tie.
RECIPES: Mapping[CandidateName, Callable[[int], list[tuple[str, Any]]]] = {
    "course_logistic": _course_logistic,
    "logistic_regression": _logistic,
    "hist_gradient_boosting": _boosting,
}


def build_pipeline(name: CandidateName, seed: int) -> Pipeline:
    """Return the unfitted pipeline of a candidate.

    Parameters
    ----------
    name : str
        One of `RECIPES`.
    seed : int

    Returns
    -------
    Pipeline
        From a matrix of the schema's features to a probability of leaving.
    """
    return Pipeline(RECIPES[name](seed))


def fit_candidates(features: NDArray[np.float64], exited: NDArray[np.int64],
                   settings: TrainingSettings, seed: int) -> Sequence[Candidate]:
    """Fit every candidate, and order them by what cross-validation says.

    Parameters
    ----------
    features : array of float, shape (n, 3)
    exited : array of int, shape (n,)
        0 or 1; at least two of each.
    settings : TrainingSettings
        Candidates and folds.
    seed : int
        Of folds and models.

    Returns
    -------
    sequence of Candidate
        Best first; in a tie to four digits the simpler one.
    """
    fold_count = min(settings.folds, int(np.bincount(exited, minlength=2).min()))
    folds = StratifiedKFold(fold_count, shuffle=True, random_state=seed)
    found = []
    with threadpool_limits(1 if len(features) < _ROWS_WORTH_THREADS else None):
        for name in settings.candidates:
            pipeline = build_pipeline(name, seed)
            outside = cross_val_predict(pipeline, features, exited, cv=folds,
                                        method="predict_proba")[:, 1]
            pipeline.fit(features, exited)
            found.append(Candidate(name, pipeline, float(roc_auc_score(exited, outside))))
            LOGGER.info("candidate %s: cross-validated AUC %.4f", name, found[-1].roc_auc)
    simplicity = {name: rank for rank, name in enumerate(RECIPES)}
    return sorted(found, key=lambda c: (-round(c.roc_auc, 4), simplicity[c.name]))
