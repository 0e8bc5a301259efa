"""Measure predictions: F1, accuracy and ROC AUC with bootstrap intervals.

In: answers and probabilities. Out: figures; what is undefined stays undefined. Equal rows are
counted, not repeated, so a drop of ten million rows costs hardly more than one of ten thousand.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
#: More different probabilities than this are put into so many bins of equal size.
MOST_CELLS = 2000


@dataclass(frozen=True)
class Measured:
    """A figure and its 95 % bootstrap interval; None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Figures:
    """What a model does on labelled rows."""

    rows: int
    positive_share: float | None
    f1: Measured
    accuracy: Measured
    roc_auc: Measured


def measure(exited: ArrayLike, probability: ArrayLike, threshold: float, *, resamples: int,
            seed: int) -> Figures:
    """Return the figures with 95 % percentile bootstrap intervals.

    Parameters
    ----------
    exited : array-like of int, shape (n,)
        Answers, 0 or 1; n may be 0.
    probability : array-like of float, shape (n,)
    threshold : float
        From which on a corporation counts as leaving.
    resamples : int
        Bootstrap resamples; rows are drawn within each class, so that none is ever absent.
    seed : int

    Returns
    -------
    Figures
        ROC AUC is undefined with one class, F1 where nobody left and nobody was said to.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13.
    """
    left, scores = np.asarray(exited, dtype=np.int64), np.asarray(probability, dtype=float)
    if left.size == 0:
        nothing = Measured(None, None, None)
        return Figures(0, None, nothing, nothing, nothing)
    cells = _cells(left, scores, threshold)
    point = _figures(cells.counts[None, :], cells)
    spread = _figures(_resampled(cells, resamples, np.random.default_rng(seed)), cells)
    found = {name: _measured(float(values[0]), spread[name]) for name, values in point.items()}
    return Figures(len(left), round(float(left.mean()), 6), **found)


@dataclass(frozen=True)
class _Cells:
    """Rows that are alike, counted; ordered by falling score."""

    counts: Floats
    left: NDArray[np.int64]
    is_alarm: NDArray[np.bool_]
    step_ends: NDArray[np.intp]


def _cells(left: NDArray[np.int64], scores: Floats, threshold: float) -> _Cells:
    is_alarm = scores >= threshold
    if len(np.unique(scores)) > MOST_CELLS:
        edges = np.quantile(scores, np.linspace(0, 1, MOST_CELLS + 1)[1:-1])
        scores = np.searchsorted(edges, scores, side="right").astype(float)
    rows = np.column_stack([-scores, ~is_alarm, left])
    cells, counts = np.unique(rows, axis=0, return_counts=True)
    step_ends = np.flatnonzero(np.append(np.diff(cells[:, 0]) != 0, True))
    return _Cells(counts.astype(float), cells[:, 2].astype(np.int64), cells[:, 1] == 0, step_ends)


def _resampled(cells: _Cells, resamples: int, rng: np.random.Generator) -> Floats:
    """Return how often each cell is drawn in each resample, shape (resamples, cells)."""
    drawn = np.zeros((resamples, len(cells.counts)))
    for answer in (0, 1):
        here = np.flatnonzero(cells.left == answer)
        if len(here):
            total = cells.counts[here].sum()
            drawn[:, here] = rng.multinomial(int(total), cells.counts[here] / total, resamples)
    return drawn


def _figures(counts: Floats, cells: _Cells) -> dict[str, Floats]:
    """Return each figure for each row of ``counts``; NaN where it is undefined."""
    total, positive = counts.sum(axis=1), counts[:, cells.left == 1].sum(axis=1)
    hits = counts[:, cells.is_alarm & (cells.left == 1)].sum(axis=1)
    alarms = counts[:, cells.is_alarm & (cells.left == 0)].sum(axis=1)
    caught = np.cumsum(counts * cells.left, axis=1)[:, cells.step_ends]
    false = np.cumsum(counts * (1 - cells.left), axis=1)[:, cells.step_ends]
    with np.errstate(invalid="ignore", divide="ignore"):
        hit_rate = np.pad(caught / positive[:, None], ((0, 0), (1, 0)))
        false_rate = np.pad(false / (total - positive)[:, None], ((0, 0), (1, 0)))
        area = (np.diff(false_rate) * (hit_rate[:, 1:] + hit_rate[:, :-1]) / 2).sum(axis=1)
        return {"f1": 2 * hits / (positive + hits + alarms),
                "accuracy": (hits + total - positive - alarms) / total,
                "roc_auc": area}


def _measured(value: float, spread: Floats) -> Measured:
    if not math.isfinite(value):
        return Measured(None, None, None)
    low, high = np.quantile(spread[np.isfinite(spread)], (0.025, 0.975))
    return Measured(round(value, 6), round(float(low), 6), round(float(high), 6))
