"""Measure a fitted model: figures with intervals, a threshold by cost, and honest plots.

In: answers and probabilities of rows that the model did not learn from. Out: figures and plots.
The threshold is chosen on out-of-fold training rows; the hold-out only judges it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from churn.data import require_both_classes
from churn.settings import EvaluationSettings


#: Resamples that are held in memory together.
_AT_ONCE = 50


@dataclass(frozen=True)
class Measured:
    """A figure and its 95 % bootstrap interval; NaN where it is undefined."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Threshold:
    """The probability from which a customer gets an offer, and what that costs per customer."""

    value: float
    cost_per_customer: float
    cost_per_customer_at_half: float


def choose_threshold(has_left: ArrayLike, probability: ArrayLike, settings: EvaluationSettings
                     ) -> Threshold:
    """Return the threshold of least cost.

    Parameters
    ----------
    has_left : array-like of int, shape (n,)
        Answers, 0 or 1.
    probability : array-like of float, shape (n,)
        Out-of-fold probabilities of leaving.
    settings : EvaluationSettings
        The two costs.

    Returns
    -------
    Threshold
        Midway between the two neighbouring probabilities; above 1 where no offer pays.

    References
    ----------
    Elkan, C. (2001). The foundations of cost-sensitive learning. IJCAI, 973-978.
    """
    order = np.argsort(-np.asarray(probability), kind="stable")
    sorted_probability = np.asarray(probability, dtype=float)[order]
    left = np.asarray(has_left)[order]
    missed = left.sum() - np.concatenate([[0], np.cumsum(left)])
    needless = np.concatenate([[0], np.cumsum(1 - left)])
    cost = missed * settings.cost_of_missed_leaver + needless * settings.cost_of_needless_offer
    # A threshold can only stand between two different probabilities.
    can_cut = np.concatenate([[True], sorted_probability[1:] < sorted_probability[:-1], [True]])
    best = int(np.flatnonzero(can_cut)[np.argmin(cost[can_cut])])
    bounds = np.concatenate([[2.0], sorted_probability, [0.0]])
    value = float(bounds[best] + bounds[best + 1]) / 2
    at_half = total_cost(has_left, np.asarray(probability) >= 0.5, settings)
    return Threshold(value, float(cost[best]) / len(left), at_half / len(left))


def total_cost(has_left: ArrayLike, is_offered: ArrayLike, settings: EvaluationSettings) -> float:
    """Return what the errors cost together.

    Parameters
    ----------
    has_left : array-like of int, shape (n,)
        Answers, 0 or 1.
    is_offered : array-like of bool, shape (n,)
        Who gets an offer.
    settings : EvaluationSettings
        The two costs.

    Returns
    -------
    float
        In the currency of the settings.
    """
    left, offered = np.asarray(has_left, dtype=bool), np.asarray(is_offered, dtype=bool)
    return float((left & ~offered).sum() * settings.cost_of_missed_leaver
                 + (~left & offered).sum() * settings.cost_of_needless_offer)


def measure(has_left: ArrayLike, probability: ArrayLike, threshold: float, *,
            resamples: int, seed: int) -> tuple[Measured, ...]:
    """Return the usual figures with 95 % percentile bootstrap intervals.

    Parameters
    ----------
    has_left : array-like of int, shape (n,)
        Answers, 0 or 1; both must occur.
    probability : array-like of float, shape (n,)
        Probabilities of leaving.
    threshold : float
        From which on a customer counts as leaving.
    resamples : int
        Bootstrap resamples; rows are drawn within each class, so that none is ever absent.
    seed : int
        Of the resampling.

    Returns
    -------
    tuple of Measured
        ROC AUC, average precision, F1, precision, recall, accuracy, Brier score. Precision is
        undefined where nobody gets an offer.

    Raises
    ------
    InputError
        All customers left, or none.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13.
    """
    left, scores = np.asarray(has_left, dtype=int), np.asarray(probability, dtype=float)
    require_both_classes(left)
    rng = np.random.default_rng(seed)
    point = _figures(np.ones((1, len(left))), left, scores, threshold)
    parts = [_figures(_weights(left, min(_AT_ONCE, resamples - done), rng), left, scores,
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


def _weights(left: NDArray[np.int_], resamples: int, rng: np.random.Generator
             ) -> NDArray[np.float64]:
    """Return how often each row is drawn in each resample, shape (resamples, n)."""
    weights = np.zeros((resamples, len(left)))
    for rows in (np.flatnonzero(left == 0), np.flatnonzero(left == 1)):
        for sample in range(resamples):
            drawn = rng.integers(0, len(rows), len(rows))
            weights[sample, rows] = np.bincount(drawn, minlength=len(rows))
    return weights


def _figures(weights: NDArray[np.float64], left: NDArray[np.int_], scores: NDArray[np.float64],
             threshold: float) -> dict[str, NDArray[np.float64]]:
    """Return each figure for each row of ``weights``, shape (resamples, n)."""
    offered = scores >= threshold
    positive = (weights * left).sum(axis=1)
    total = weights.sum(axis=1)
    hits = (weights * (offered & (left == 1))).sum(axis=1)
    alarms = (weights * (offered & (left == 0))).sum(axis=1)
    with np.errstate(invalid="ignore"):
        precision = hits / (hits + alarms)  # NaN where no offer was made: undefined, not 1
    return {
        **_rankings(weights, left, scores),
        "f1": 2 * hits / (positive + hits + alarms),
        "precision": precision,
        "recall": hits / positive,
        "accuracy": (hits + total - positive - alarms) / total,
        "brier_score": (weights * (scores - left) ** 2).sum(axis=1) / total,
    }


def _rankings(weights: NDArray[np.float64], left: NDArray[np.int_], scores: NDArray[np.float64]
              ) -> dict[str, NDArray[np.float64]]:
    """Return ROC AUC and average precision; equal scores count as one step."""
    order = np.argsort(-scores, kind="stable")
    step_ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(weights[:, order] * left[order], axis=1)[:, step_ends]
    alarms = np.cumsum(weights[:, order] * (1 - left[order]), axis=1)[:, step_ends]
    hit_rate = np.pad(hits / hits[:, -1:], ((0, 0), (1, 0)))
    alarm_rate = np.pad(alarms / alarms[:, -1:], ((0, 0), (1, 0)))
    return {
        "roc_auc": (np.diff(alarm_rate) * (hit_rate[:, 1:] + hit_rate[:, :-1]) / 2).sum(axis=1),
        "average_precision": (np.diff(hit_rate) * hits / (hits + alarms).clip(1)).sum(axis=1),
    }
