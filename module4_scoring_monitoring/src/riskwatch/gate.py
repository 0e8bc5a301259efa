"""The gate: may a challenger take the champion's place?

In: the same rows of the hold-out, with the probabilities of both. Out: a `GateVerdict`. The
bootstrap is paired: each resample is the same rows for both, so what makes rows hard cancels
out. A challenger that is worse, or not proven better, is refused.

References
----------
Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 16.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskwatch.watch_settings import GateSettings

Floats = NDArray[np.float64]
Metric = Literal["f1", "accuracy", "roc_auc"]
#: Resamples that are held in memory at a time.
_BLOCK = 200


@dataclass(frozen=True, slots=True)
class Contender:
    """A model's probabilities for the rows of the hold-out, and its threshold."""

    version: str
    probability: ArrayLike
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class Terms:
    """By which figure, how surely, and with which seed two models are compared."""

    metric: Metric
    settings: GateSettings
    seed: int


@dataclass(frozen=True, slots=True)
class GateVerdict:  # pylint: disable=too-many-instance-attributes  # a verdict and its figures
    """Whether the challenger may serve, and why; differences are challenger minus champion."""

    may_serve: bool
    reason: str
    rows: int
    champion: float | None = None
    challenger: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None


def compare(exited: ArrayLike, champion: Contender, challenger: Contender, terms: Terms
            ) -> GateVerdict:
    """Compare two models on the same rows.

    Parameters
    ----------
    exited : array-like of int, shape (n,)
        Answers, 0 or 1.
    champion, challenger : Contender
    terms : Terms

    Returns
    -------
    GateVerdict
        The challenger may serve only if the whole interval of the difference is above 0, that
        is, if in ``confidence`` of the resamples it is better.
    """
    left = np.asarray(exited, dtype=np.int64)
    rows, classes = len(left), np.bincount(left, minlength=2)
    least = terms.settings.least_rows
    if rows < least or classes.min() < 2:
        return GateVerdict(False, f"unproven: {rows} labelled rows of the hold-out, {classes[1]} "
                           f"of them with exited = 1; at least {least} rows are needed, and two "
                           "of each answer", rows)
    scores = np.column_stack([np.asarray(side.probability, dtype=float)
                              for side in (champion, challenger)])
    thresholds = np.array([champion.threshold, challenger.threshold])
    point = _figures(np.ones((1, rows)), left, scores, thresholds, terms.metric)[0]
    gains = _resampled_gains(left, scores, thresholds, terms)
    if not np.isfinite(point).all() or gains.size == 0:
        return GateVerdict(False, f"unproven: {terms.metric} is undefined on the hold-out", rows)
    return _judged(point, gains, rows, terms)


def _judged(point: Floats, gains: Floats, rows: int, terms: Terms) -> GateVerdict:
    tail = 1 - terms.settings.confidence  # on either side: what is asked is only "better?"
    low, high = (round(float(edge), 6) for edge in np.quantile(gains, (tail, 1 - tail)))
    before, after = (round(float(figure), 6) for figure in point)
    verdict = "surely better" if low > 0 else "worse" if after < before else "not proven better"
    return GateVerdict(
        low > 0, f"{verdict}: {terms.metric} {after:.3f} beside {before:.3f} on the same {rows} "
        f"rows, difference {after - before:+.3f} ({low:+.3f} to {high:+.3f})", rows, before,
        after, round(after - before, 6), low, high)


def _resampled_gains(left: NDArray[np.int64], scores: Floats, thresholds: Floats, terms: Terms
                     ) -> Floats:
    rng = np.random.default_rng(terms.seed)
    gains = []
    for start in range(0, terms.settings.resamples, _BLOCK):
        count = min(_BLOCK, terms.settings.resamples - start)
        drawn = np.zeros((count, len(left)))
        for answer in (0, 1):  # within each class, so that none is ever absent
            here = np.flatnonzero(left == answer)
            drawn[:, here] = rng.multinomial(len(here), np.full(len(here), 1 / len(here)), count)
        figures = _figures(drawn, left, scores, thresholds, terms.metric)
        gains.append(figures[:, 1] - figures[:, 0])
    found = np.concatenate(gains)
    return found[np.isfinite(found)]


def _figures(weights: Floats, left: NDArray[np.int64], scores: Floats, thresholds: Floats,
             metric: Metric) -> Floats:
    """Return the figure of both models for each row of weights, shape (resamples, 2)."""
    if metric == "roc_auc":
        return np.column_stack([_areas(weights, left, scores[:, side]) for side in (0, 1)])
    alarm = (scores >= thresholds).astype(float)
    hits = weights @ (alarm * left[:, None])
    total, positive = weights.sum(axis=1)[:, None], (weights @ left)[:, None]
    false = weights @ (alarm * (1 - left)[:, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        if metric == "f1":
            return np.asarray(2 * hits / (positive + hits + false))
        return np.asarray((hits + total - positive - false) / total)


def _areas(weights: Floats, left: NDArray[np.int64], score: Floats) -> Floats:
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    ordered, answers = weights[:, order], left[order]
    caught = np.pad(np.cumsum(ordered * answers, axis=1)[:, ends], ((0, 0), (1, 0)))
    false = np.pad(np.cumsum(ordered * (1 - answers), axis=1)[:, ends], ((0, 0), (1, 0)))
    area = (np.diff(false) * (caught[:, 1:] + caught[:, :-1]) / 2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(area / (caught[:, -1] * false[:, -1]))
