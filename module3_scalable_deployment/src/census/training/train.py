"""Train: cross-validate every candidate on the training rows, fit the best on all of them.

In: training rows and settings. Out: the fitted pipeline, its threshold, and how all candidates
did. The test rows are not here, so nothing can be chosen by them.
"""

import logging
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from census.data import split_target
from census.model import build_pipeline
from census.schema import CATEGORICAL
from census.settings import CandidateName, Settings
from census.training.threshold import Threshold, choose_threshold

LOGGER = logging.getLogger(__name__)
#: Rounded before candidates are compared, so that no kernel's last digit decides.
_DIGITS = 6


@dataclass(frozen=True)
class Candidate:
    """A cross-validated candidate.

    ``auc`` is by fold, ``scores`` are out of fold, ``f1`` is theirs at the threshold that costs
    least on them.
    """

    name: CandidateName
    auc: tuple[float, ...]
    scores: NDArray[np.float64]
    threshold: Threshold
    f1: float

    @property
    def mean_auc(self) -> float:
        """The mean over the folds."""
        return round(sum(self.auc) / len(self.auc), _DIGITS)


@dataclass(frozen=True)
class Training:
    """The best candidate, fitted on all training rows, and all candidates, best first.

    ``unseen_levels`` are levels of the schema that no training row has: the model takes them
    for missing values.
    """

    pipeline: Pipeline
    candidates: tuple[Candidate, ...]
    unseen_levels: dict[str, tuple[str, ...]]

    @property
    def best(self) -> Candidate:
        """The candidate that was fitted."""
        return self.candidates[0]


def train(rows: pd.DataFrame, settings: Settings) -> Training:
    """Choose among the candidates and fit the best.

    Parameters
    ----------
    rows : DataFrame, shape (n, 15)
        Training rows.
    settings : Settings
        ``train`` and ``seed``.

    Returns
    -------
    Training
    """
    candidates = [cross_validate(name, rows, settings) for name in settings.train.candidates]
    # Sorting is stable: in a tie the one that was named first, the simpler, stays first.
    ordered = tuple(sorted(candidates, key=lambda candidate: -candidate.mean_auc))
    pipeline = fit(ordered[0].name, rows, settings)
    unseen = {name: tuple(level for level in levels if level not in set(rows[name]))
              for name, levels in CATEGORICAL.items()}
    return Training(pipeline, ordered, {name: few for name, few in unseen.items() if few})


def cross_validate(name: CandidateName, rows: pd.DataFrame, settings: Settings) -> Candidate:
    """Score each training row by a model that has not seen it.

    Parameters
    ----------
    name : str
        Of the candidate.
    rows : DataFrame, shape (n, 15)
        Training rows.
    settings : Settings

    Returns
    -------
    Candidate
    """
    features, label = split_target(rows)
    folds = StratifiedKFold(settings.train.folds, shuffle=True, random_state=settings.seed)
    scores, aucs = np.zeros(len(rows)), []
    for learn, judge in folds.split(features, label):
        pipeline = fit(name, rows.iloc[learn], settings)
        scores[judge] = pipeline.predict_proba(features.iloc[judge])[:, 1]
        aucs.append(round(float(roc_auc_score(label.iloc[judge], scores[judge])), _DIGITS))
    scores = np.round(scores, _DIGITS)
    threshold = choose_threshold(label, scores, settings.train)
    found = Candidate(name, tuple(aucs), scores, threshold,
                      round(float(f1_score(label, scores >= threshold.value)), _DIGITS))
    LOGGER.info("candidate %s: cross-validated AUC %.4f, F1 %.4f at threshold %.4f", name,
                found.mean_auc, found.f1, threshold.value)
    return found


def fit(name: CandidateName, rows: pd.DataFrame, settings: Settings) -> Pipeline:
    """Fit one candidate on labelled rows; the same rows give the same model on any threads.

    Parameters
    ----------
    name : str
        Of the candidate.
    rows : DataFrame, shape (n, 15)
    settings : Settings

    Returns
    -------
    Pipeline
    """
    features, label = split_target(rows)
    with threadpool_limits(1):
        return build_pipeline(name, settings.train, settings.seed).fit(features, label)
