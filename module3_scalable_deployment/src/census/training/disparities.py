"""Compare groups with a reference group: the ratio of their rates, exactly, and how sure it is.

In: counts. Out: one `Disparity` for each group and metric.
Ratios are fractions of counts, so a ratio of exactly 4/5 is 4/5 and lies in the band; floating
point would put some of them outside. A ratio to nothing, or to 0, is undefined, with its reason.

References
----------
The band from 4/5 to 5/4: Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 (D).
The interval of a ratio from two Wilson intervals (MOVER-R): Donner, A. and Zou, G. Y. (2012).
Closed-form confidence intervals for functions of the normal mean and standard deviation.
Statistical Methods in Medical Research 21, 347-359.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from census.errors import InputError
from census.training.counts import Counts
from census.training.rates import METRICS, wilson

Verdict = Literal["fair", "unequal", "undefined"]

#: What is compared, in the order of the report.
COMPARED = ("selection_rate", "fpr", "fnr", "recall", "precision", "for")


@dataclass(frozen=True)
class Rate:
    """``hits`` of ``among`` rows."""

    hits: int
    among: int

    @property
    def value(self) -> float:
        """The share; NaN over nothing."""
        return self.hits / self.among if self.among else math.nan


@dataclass(frozen=True)
class Pair:
    """A rate of a group, and that of the reference group."""

    attribute: str
    group: str
    reference: str
    metric: str
    rate: Rate
    reference_rate: Rate


@dataclass(frozen=True)
class Ratio:
    """The rate over the reference's rate, with its interval; NaN where it is undefined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Disparity:
    """What a ratio says. ``undefined`` is the reason where there is no ratio.

    ``is_sure``: the whole interval is on the verdict's side of the band. ``is_small``: one of
    the two rates is of fewer rows than the settings ask for.
    """

    pair: Pair
    ratio: Ratio
    verdict: Verdict
    is_sure: bool
    is_small: bool
    undefined: str = ""


@dataclass(frozen=True)
class Band:
    """Ratios from ``low`` to ``1 / low`` count as equal, both ends included."""

    low: Fraction

    @classmethod
    def of(cls, tolerance: float) -> "Band":
        """Return the band of a setting: .8 means 4/5, not the nearest binary number."""
        return cls(Fraction(repr(tolerance)))

    def holds(self, ratio: Fraction) -> bool:
        """Is the ratio in the band?"""
        return self.low <= ratio <= 1 / self.low

    def is_sure(self, ratio: Ratio, *, inside: bool) -> bool:
        """Is the interval of the ratio wholly inside of the band, or wholly outside?"""
        if inside:
            return float(self.low) <= ratio.low and ratio.high <= float(1 / self.low)
        return ratio.high < float(self.low) or ratio.low > float(1 / self.low)


def find_disparities(counts: Counts, reference: str, band: Band, least_rows: int,
                     confidence: float = 0.95) -> tuple[Disparity, ...]:
    """Compare every group of an attribute with the reference group.

    Parameters
    ----------
    counts : Counts
    reference : str
        Name of the reference group.
    band : Band
        Ratios that count as equal.
    least_rows : int
        Rates of fewer rows are small.
    confidence : float
        Of the interval of each ratio.

    Returns
    -------
    tuple of Disparity
        Groups in order, metrics as in `COMPARED`; the reference itself is left out.

    Raises
    ------
    InputError
        No row is in the reference group.
    """
    names = [group.name for group in counts.groups]
    if reference not in names:
        raise InputError(f"setting bias.reference: no row has {counts.attribute} {reference}; "
                         f"there are {', '.join(names)}")
    found = []
    for place, name in enumerate(names):
        if name != reference:
            table = counts.table[[place, names.index(reference)]]
            for metric in (METRICS[key] for key in COMPARED):
                rates = [Rate(int(hits), int(among))
                         for hits, among in zip(*metric.parts(table), strict=True)]
                pair = Pair(counts.attribute, name, reference, metric.name, *rates)
                found.append(_judged(pair, band, least_rows, confidence))
    return tuple(found)


def ratio_interval(rate: Rate, reference: Rate, confidence: float = 0.95) -> tuple[float, float]:
    """Return both ends of the interval of ``rate / reference``.

    Parameters
    ----------
    rate, reference : Rate
        Of different rows, over at least one each; the reference has at least one hit.
    confidence : float

    Returns
    -------
    low, high : float
    """
    low, high = wilson(np.array([rate.hits, reference.hits]),
                       np.array([rate.among, reference.among]), confidence)
    product = rate.value * reference.value
    down, up = (float(end[0]) * (2 * rate.value - float(end[0])) for end in (low, high))
    least, most = (float(end[1]) * (2 * reference.value - float(end[1])) for end in (low, high))
    # Both roots are of numbers that are never negative but for rounding. The lower end is
    # written as a quotient without the usual form's 0 / 0.
    lower = down / (product + math.sqrt(max(product**2 - down * most, 0))) if rate.hits else 0.0
    return lower, (product + math.sqrt(max(product**2 - up * least, 0))) / least


def _judged(pair: Pair, band: Band, least_rows: int, confidence: float) -> Disparity:
    rate, reference = pair.rate, pair.reference_rate
    is_small = min(rate.among, reference.among) < least_rows
    reason = _why_undefined(pair)
    if reason:
        return Disparity(pair, Ratio(math.nan, math.nan, math.nan), "undefined", False, is_small,
                         reason)
    exact = Fraction(rate.hits * reference.among, rate.among * reference.hits)
    ratio = Ratio(float(exact), *ratio_interval(rate, reference, confidence))
    inside = band.holds(exact)
    return Disparity(pair, ratio, "fair" if inside else "unequal",
                     band.is_sure(ratio, inside=inside), is_small)


def _why_undefined(pair: Pair) -> str:
    if not pair.rate.among:
        return f"in the group {METRICS[pair.metric].undefined}"
    if not pair.reference_rate.among:
        return f"in the reference group {METRICS[pair.metric].undefined}"
    if pair.reference_rate.hits:
        return ""
    return ("both rates are 0, and there is no ratio to 0" if not pair.rate.hits else
            "the rate of the reference group is 0, and there is no ratio to 0")
