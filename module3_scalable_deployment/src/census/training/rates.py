"""Every metric of a group, from its four counts, with an interval.

In: a table of counts. Out: values with intervals.
A metric over nothing is undefined, with its reason: neither 1 nor 0 would be true, and a slice
without any positive row that scores a perfect 1 hides exactly the groups to look at.

References
----------
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
JASA 22, 209-212. For F1 as a function of a share: Lam, K. F. Y., Gopal, V. and Qian, J. (2023).
Confidence intervals for the F1 score: a comparison of four methods.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

#: Columns of a table of counts; the place of an outcome is 2 * label + predicted.
OUTCOMES = ("tn", "fp", "fn", "tp")
_TN, _FP, _FN, _TP = range(4)


@dataclass(frozen=True)
class Metric:
    """A share: rows with the outcomes ``hits`` among rows with the outcomes ``among``."""

    name: str
    hits: tuple[int, ...]
    among: tuple[int, ...]
    #: Why the metric is undefined when there is no row to take a share of.
    undefined: str
    #: F1 is no share, but 2 s / (1 + s) of the share s = tp / (tp + fp + fn).
    is_f1: bool = False

    def parts(self, table: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows that hit and the rows they are among, shapes (groups,)."""
        return table[:, self.hits].sum(axis=1), table[:, self.among].sum(axis=1)


_ALL = (_TN, _FP, _FN, _TP)
_NOBODY_SELECTED, _NOBODY_REJECTED = "no row is predicted positive", "no row is predicted negative"
_NO_POSITIVE, _NO_NEGATIVE = "no row is positive", "no row is negative"

METRICS = {metric.name: metric for metric in (
    Metric("precision", (_TP,), (_FP, _TP), _NOBODY_SELECTED),
    Metric("recall", (_TP,), (_FN, _TP), _NO_POSITIVE),
    Metric("f1", (_TP,), (_FP, _FN, _TP), "no row is positive or predicted positive", True),
    Metric("fpr", (_FP,), (_TN, _FP), _NO_NEGATIVE),
    Metric("selection_rate", (_FP, _TP), _ALL, "no rows"),
    Metric("tnr", (_TN,), (_TN, _FP), _NO_NEGATIVE),
    Metric("fnr", (_FN,), (_FN, _TP), _NO_POSITIVE),
    Metric("fdr", (_FP,), (_FP, _TP), _NOBODY_SELECTED),
    Metric("npv", (_TN,), (_TN, _FN), _NOBODY_REJECTED),
    Metric("for", (_FN,), (_TN, _FN), _NOBODY_REJECTED),
    Metric("accuracy", (_TN, _TP), _ALL, "no rows"),
    Metric("base_rate", (_FN, _TP), _ALL, "no rows"),
)}


@dataclass(frozen=True, eq=False)
class Measured:
    """A metric of each group with its interval, shapes (groups,); NaN where it is undefined."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def measure(table: NDArray[np.int64], metric: Metric, confidence: float = 0.95) -> Measured:
    """Return a metric of each group with its Wilson interval.

    Parameters
    ----------
    table : ndarray of int64, shape (groups, 4)
        Outcomes.
    metric : Metric
    confidence : float
        Of the two-sided interval.

    Returns
    -------
    Measured
    """
    hits, among = metric.parts(table)
    share = divide(hits, among)
    low, high = wilson(hits, among, confidence)
    if metric.is_f1:  # rises with the share, so the interval's ends go the same way
        share, low, high = (2 * side / (1 + side) for side in (share, low, high))
    return Measured(share, low, high)


def wilson(hits: NDArray[np.int64], among: NDArray[np.int64], confidence: float = 0.95
           ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both ends of Wilson's score interval of ``hits / among``; NaN where that is.

    Parameters
    ----------
    hits, among : ndarray of int64, shape (groups,)
    confidence : float

    Returns
    -------
    low, high : ndarray of float64, shape (groups,)
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = divide(hits, among)
    n = np.where(among > 0, among, 1)
    centre = share + z * z / (2 * n)
    spread = z * np.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    low, high = ((centre + side) / (1 + z * z / n) for side in (-spread, spread))
    # Exact at the ends, where rounding would leave 1e-17 or 1.0000000000000002.
    return np.where(hits == 0, 0 * share, low), np.where(hits == among, share, high)


def divide(hits: NDArray[np.int64], among: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return ``hits / among``, and NaN where that is over nothing."""
    share: NDArray[np.float64] = np.divide(hits, among, out=np.full(len(hits), np.nan),
                                           where=among > 0)
    return share
