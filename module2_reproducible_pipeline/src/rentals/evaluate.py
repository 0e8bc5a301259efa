"""Measure predicted prices: figures with intervals, and whether one candidate beats another.

In: prices and predictions of rows that the model did not learn from. Out: figures.
Two candidates are compared on the same resampled rows: rows that are hard for both then do not
blur the difference between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rentals.errors import InputError

#: The figures, in the order in which they are given; the first two errors are in dollars.
FIGURES = ("mean_absolute_error", "median_absolute_error", "r2")

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A figure and its 95 % bootstrap interval."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """One figure of a challenger less that of a champion, and the interval of the difference."""

    name: str
    difference: float
    low: float
    high: float

    @property
    def is_better(self) -> bool:
        """Is the challenger better beyond chance: less of an error, or more of R2?"""
        return self.low > 0 if self.name == "r2" else self.high < 0


def measure(price: ArrayLike, predicted: ArrayLike, *, resamples: int, seed: int
            ) -> tuple[Measured, ...]:
    """Return the `FIGURES` with 95 % percentile bootstrap intervals.

    Parameters
    ----------
    price : array-like of float, shape (n,)
        Dollars a night; not all equal.
    predicted : array-like of float, shape (n,)
        Dollars a night.
    resamples : int
        Bootstrap resamples of the rows.
    seed : int
        Of the resampling.

    Returns
    -------
    tuple of Measured

    Raises
    ------
    InputError
        Other lengths, no rows, numbers that are not finite, or prices that are all equal.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13.
    """
    truth, answers = _checked(price, predicted)
    table = _sorted_errors(truth, answers)
    point = table.figures(np.ones(len(truth)))
    spread = np.array([table.figures(counts)
                       for counts in _resampled(len(truth), resamples, seed)])
    return tuple(Measured(name, float(value), *_interval(spread[:, place]))
                 for place, (name, value) in enumerate(zip(FIGURES, point)))


def compare(price: ArrayLike, champion: ArrayLike, challenger: ArrayLike, *, resamples: int,
            seed: int) -> tuple[Comparison, ...]:
    """Return challenger less champion in each of the `FIGURES`, by paired resamples.

    Parameters
    ----------
    price : array-like of float, shape (n,)
        Dollars a night; not all equal.
    champion, challenger : array-like of float, shape (n,)
        Their predictions of the same rows.
    resamples : int
        Bootstrap resamples; each is drawn once and used for both.
    seed : int
        Of the resampling.

    Returns
    -------
    tuple of Comparison

    Raises
    ------
    InputError
        As in `measure`.
    """
    truth, first = _checked(price, champion)
    _, second = _checked(price, challenger)
    tables = _sorted_errors(truth, first), _sorted_errors(truth, second)
    whole = np.ones(len(truth))
    difference = tables[1].figures(whole) - tables[0].figures(whole)
    spread = np.array([tables[1].figures(counts) - tables[0].figures(counts)
                       for counts in _resampled(len(truth), resamples, seed)])
    return tuple(Comparison(name, float(value), *_interval(spread[:, place]))
                 for place, (name, value) in enumerate(zip(FIGURES, difference)))


@dataclass(frozen=True)
class _Errors:
    """The errors of one candidate, sorted, so that a resample costs a few passes."""

    order: NDArray[np.intp]
    sizes: _Floats
    centred_truth: _Floats
    least_spread: float

    def figures(self, counts: _Floats) -> _Floats:
        """Return the `FIGURES` where row i stands ``counts[i]`` times, shape (3,)."""
        counts = counts[self.order]
        total = counts.sum()
        until = np.cumsum(counts)
        # The two middle places of the resample; they are one where it has an odd length.
        middle = np.searchsorted(until, [(total - 1) // 2, total // 2], side="right")
        mean = counts @ self.centred_truth / total
        spread = counts @ (self.centred_truth - mean) ** 2
        unexplained = counts @ self.sizes ** 2
        r2 = 1 - unexplained / spread if spread > self.least_spread else np.nan
        return np.array([counts @ self.sizes / total, self.sizes[middle].mean(), r2])


def _sorted_errors(truth: _Floats, predicted: _Floats) -> _Errors:
    errors = np.abs(truth - predicted)
    order = np.argsort(errors, kind="stable")
    # Prices less their mean: R2 is the same, and squares of small numbers lose no digits.
    centred = (truth - truth.mean())[order]
    # Below this a resample's prices are all equal but for rounding, and R2 is undefined.
    return _Errors(order, errors[order], centred, 1e-12 * float(centred @ centred))


def _checked(price: ArrayLike, predicted: ArrayLike) -> tuple[_Floats, _Floats]:
    truth = np.asarray(price, dtype=np.float64)
    answers = np.asarray(predicted, dtype=np.float64)
    if truth.ndim != 1 or truth.shape != answers.shape or len(truth) == 0:
        raise InputError("prices and predictions must be two lists of one length, not empty")
    if not (np.isfinite(truth).all() and np.isfinite(answers).all()):
        raise InputError("a price or a prediction is not a finite number")
    if truth.min() == truth.max():
        raise InputError("all prices are equal: R2 cannot be measured")
    return truth, answers


def _resampled(rows: int, resamples: int, seed: int) -> Iterator[_Floats]:
    """Yield how often each row is drawn, once per resample, shape (rows,)."""
    rng = np.random.default_rng(seed)
    for _ in range(resamples):
        drawn = rng.integers(0, rows, rows)
        yield np.bincount(drawn, minlength=rows).astype(np.float64)


def _interval(values: _Floats) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of the resamples where the figure is defined."""
    defined = values[~np.isnan(values)]
    low, high = (float(end) for end in np.quantile(
        defined if len(defined) else values, (0.025, 0.975)))
    return low, high
