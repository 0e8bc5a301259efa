"""Measure a model by figures with bootstrap intervals.

In: answers and probabilities of rows that the model did not learn from. Out: figures.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from census.errors import InputError

#: Resamples that are held in memory together.
_AT_ONCE = 50


@dataclass(frozen=True)
class Measured:
    """A figure and its 95 % bootstrap interval; NaN where it is undefined."""

    name: str
    value: float
    low: float
    high: float


def measure(label: ArrayLike, score: ArrayLike, threshold: float, *,
            resamples: int, seed: int) -> tuple[Measured, ...]:
    """Return the usual figures with 95 % percentile bootstrap intervals.

    Parameters
    ----------
    label : array-like of int, shape (n,)
        Answers, 0 or 1; both must occur.
    score : array-like of float, shape (n,)
        Probabilities of a high income.
    threshold : float
        From which on a person is predicted to earn more.
    resamples : int
        Bootstrap resamples; rows are drawn within each class, so that none is ever absent.
    seed : int
        Of the resampling.

    Returns
    -------
    tuple of Measured
        ROC AUC, average precision, F1, precision, recall, accuracy, Brier score. Precision is
        undefined where nobody is predicted to.

    Raises
    ------
    InputError
        All answers are the same.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13.
    """
    answers, scores = np.asarray(label, dtype=int), np.asarray(score, dtype=float)
    if answers.min() == answers.max():
        raise InputError("all answers are the same: nothing can be measured")
    rng = np.random.default_rng(seed)
    point = _figures(np.ones((1, len(answers))), answers, scores, threshold)
    parts = [_figures(_weights(answers, min(_AT_ONCE, resamples - done), rng), answers, scores,
                      threshold) for done in range(0, resamples, _AT_ONCE)]
    spread = {name: np.concatenate([part[name] for part in parts]) for name in point}
    return tuple(Measured(name, float(values[0]),
                          *(float(end) for end in _interval(spread[name])))
                 for name, values in point.items())


def json_number(value: float) -> float | None:
    """Return a figure with six decimals, or None where it is undefined."""
    return None if math.isnan(value) else round(value, 6)


def _interval(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 2.5th and 97.5th percentile of the resamples where the figure is defined."""
    defined = values[~np.isnan(values)]
    interval: NDArray[np.float64] = np.quantile(defined if len(defined) else values,
                                                (0.025, 0.975))
    return interval


def _weights(answers: NDArray[np.int_], resamples: int, rng: np.random.Generator
             ) -> NDArray[np.float64]:
    """Return how often each row is drawn in each resample, shape (resamples, n)."""
    weights = np.zeros((resamples, len(answers)))
    for rows in (np.flatnonzero(answers == 0), np.flatnonzero(answers == 1)):
        for sample in range(resamples):
            drawn = rng.integers(0, len(rows), len(rows))
            weights[sample, rows] = np.bincount(drawn, minlength=len(rows))
    return weights


def _figures(weights: NDArray[np.float64], answers: NDArray[np.int_],
             scores: NDArray[np.float64], threshold: float) -> dict[str, NDArray[np.float64]]:
    """Return each figure for each row of ``weights``, shape (resamples, n)."""
    predicted = scores >= threshold
    positive = (weights * answers).sum(axis=1)
    total = weights.sum(axis=1)
    hits = (weights * (predicted & (answers == 1))).sum(axis=1)
    alarms = (weights * (predicted & (answers == 0))).sum(axis=1)
    with np.errstate(invalid="ignore"):
        precision = hits / (hits + alarms)  # NaN where nobody is: undefined, not 1
    return {
        **_rankings(weights, answers, scores),
        "f1": 2 * hits / (positive + hits + alarms),
        "precision": precision,
        "recall": hits / positive,
        "accuracy": (hits + total - positive - alarms) / total,
        "brier_score": (weights * (scores - answers) ** 2).sum(axis=1) / total,
    }


def _rankings(weights: NDArray[np.float64], answers: NDArray[np.int_], scores: NDArray[np.float64]
              ) -> dict[str, NDArray[np.float64]]:
    """Return ROC AUC and average precision; equal scores count as one step."""
    order = np.argsort(-scores, kind="stable")
    step_ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(weights[:, order] * answers[order], axis=1)[:, step_ends]
    alarms = np.cumsum(weights[:, order] * (1 - answers[order]), axis=1)[:, step_ends]
    hit_rate = np.pad(hits / hits[:, -1:], ((0, 0), (1, 0)))
    alarm_rate = np.pad(alarms / alarms[:, -1:], ((0, 0), (1, 0)))
    return {
        "roc_auc": (np.diff(alarm_rate) * (hit_rate[:, 1:] + hit_rate[:, :-1]) / 2).sum(axis=1),
        "average_precision": (np.diff(hit_rate) * hits / (hits + alarms).clip(1)).sum(axis=1),
    }
