"""Evaluate: judge the fitted pipeline on the test rows, which chose nothing.

In: a pipeline, its threshold, test rows. Out: predictions, figures with intervals, curves. All
is computed from the scores as they are written, with six decimals, so that anybody can check
the figures against the file of predictions.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from census.data import split_target
from census.schema import INPUTS
from census.settings import Settings
from census.training.measures import Measured, measure
from census.training.rates import wilson

_DIGITS = 6
_THRESHOLDS = 100


@dataclass(frozen=True)
class Evaluation:
    """What the test rows say.

    ``predictions`` has the columns of the data, ``label``, ``score`` and ``predicted``;
    ``curves`` has one row a threshold; ``calibration`` one row a bin of scores.
    """

    predictions: pd.DataFrame
    figures: tuple[Measured, ...]
    curves: pd.DataFrame
    calibration: pd.DataFrame


def evaluate(pipeline: Pipeline, threshold: float, rows: pd.DataFrame, settings: Settings
             ) -> Evaluation:
    """Score the test rows and measure.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    threshold : float
        From which on a person is predicted to earn more.
    rows : DataFrame, shape (n, 15)
        Test rows.
    settings : Settings
        ``evaluate``, the costs of ``train``, and ``seed``.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        All answers are the same.
    """
    features, label = split_target(rows)
    score = np.round(pipeline.predict_proba(features)[:, 1], _DIGITS)
    predictions = rows[list(INPUTS)].assign(label=label, score=score,
                                            predicted=(score >= threshold).astype(int))
    figures = measure(label, score, threshold, seed=settings.seed,
                      resamples=settings.evaluate.bootstrap_resamples)
    answers = np.asarray(label, dtype=np.int64)
    return Evaluation(predictions, figures, _curves(answers, score, settings),
                      _calibration(answers, score, settings.evaluate.calibration_bins))


def _curves(label: NDArray[np.int64], score: NDArray[np.float64], settings: Settings
            ) -> pd.DataFrame:
    """Return rates and the cost per row at each hundredth; an undefined precision is empty."""
    thresholds = np.arange(_THRESHOLDS + 1) / _THRESHOLDS
    is_predicted = score[None, :] >= thresholds[:, None]
    hits = (is_predicted & (label == 1)).sum(axis=1)
    alarms = (is_predicted & (label == 0)).sum(axis=1)
    positives, negatives = int(label.sum()), int((1 - label).sum())
    with np.errstate(invalid="ignore"):
        precision = hits / (hits + alarms)
    cost = ((positives - hits) * settings.train.cost_of_missed
            + alarms * settings.train.cost_of_needless) / len(label)
    return pd.DataFrame({
        "threshold": thresholds, "false_positive_rate": alarms / negatives,
        "true_positive_rate": hits / positives, "precision": precision,
        "cost_per_row": cost}).round(_DIGITS)


def _calibration(label: NDArray[np.int64], score: NDArray[np.float64], bins: int
                 ) -> pd.DataFrame:
    """Return bins of equal width: mean score against the observed share and its interval."""
    place = np.minimum((score * bins).astype(int), bins - 1)
    rows, positive, total = (np.bincount(place, weights, minlength=bins)
                             for weights in (None, label, score))
    low, high = wilson(positive.astype(np.int64), rows.astype(np.int64))
    filled = np.flatnonzero(rows)
    return pd.DataFrame({
        "from_score": filled / bins, "rows": rows[filled],
        "mean_score": total[filled] / rows[filled],
        "share_positive": positive[filled] / rows[filled],
        "low": low[filled], "high": high[filled]}).round(_DIGITS)
