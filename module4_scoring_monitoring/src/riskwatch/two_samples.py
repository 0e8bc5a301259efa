"""The statistics of two samples: a p-value and an effect for each way they can differ.

In: sketches or counts of two sides. Out: a ``ColumnTest`` each, and Holm's correction of many.
They know nothing of tables and verdicts, so that each can be checked by hand.

References
----------
Massey (1951), "The Kolmogorov-Smirnov test for goodness of fit".
Holm (1979), "A simple sequentially rejective multiple test procedure".
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from riskwatch.quantile_sketch import QuantileSketch, ks_distance, stability_index

Values = NDArray[Any]
Counts = NDArray[np.int64]
TestName = Literal["distribution", "missing", "new_category", "joint"]

#: The rule of thumb for the chi-squared test: rarer levels are pooled.
LEAST_EXPECTED = 5
#: From so many rows on, Kolmogorov's limit is taken: it is a little larger than the finite law,
#: by less than a hundredth, and that takes half a second for a million rows.
_LIMIT_LAW_ROWS = 20_000
#: A factor between two medians from which a change of unit is suspected.
LEAST_UNIT_FACTOR = 10.0


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """One test of one column: ``effect`` from 0 to 1, ``adjusted_p`` after Holm's correction.

    ``stability_index`` (PSI) stands beside the distribution test; it decides nothing, because
    its usual limit of 0.2 is crossed by chance alone in small samples.
    """

    name: TestName
    method: str
    rows: tuple[int, int]
    effect: float
    p_value: float
    adjusted_p: float = 1.0
    stability_index: float | None = None

    def margin(self, significance: float) -> float:
        """Return the half-width of the Kolmogorov-Smirnov band: how far effects scatter."""
        return math.sqrt(-math.log(significance / 2) / 2 * sum(1 / rows for rows in self.rows))


def continuous_test(reference: QuantileSketch, current: QuantileSketch) -> ColumnTest:
    """Test numbers of many values by the largest gap between their cumulative shares.

    The asymptotic law is right from 50 rows on, and scipy's exact one fails at some unequal
    sizes. Ties make the p-value too large, never too small.

    Parameters
    ----------
    reference, current : QuantileSketch
        Of the same edges; both have rows.

    Returns
    -------
    ColumnTest
    """
    rows = reference.rows, current.rows
    distance = ks_distance(reference, current)
    effective = round(rows[0] * rows[1] / sum(rows))
    if effective > _LIMIT_LAW_ROWS:
        p_value = float(stats.kstwobign.sf(distance * math.sqrt(effective)))
    else:
        p_value = float(stats.kstwo.sf(distance, effective))
    return ColumnTest("distribution", "Kolmogorov-Smirnov", rows, distance,
                      min(1.0, max(0.0, p_value)),
                      stability_index=stability_index(reference, current))


def counts_test(name: TestName, counts: Counts) -> ColumnTest | None:
    """Test rows per level, exactly for two levels, by chi-squared for more.

    Parameters
    ----------
    name : str
        What is tested.
    counts : ndarray of int, shape (2, levels)
        Reference and current rows.

    Returns
    -------
    ColumnTest or None
        The effect is the total variation distance; None if no row could lie elsewhere.
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return None
    totals = counts.sum(axis=1)
    shares = counts / totals[:, np.newaxis]
    if counts.shape[1] > 2:
        method, p_value = "chi-squared", stats.chi2_contingency(counts).pvalue
    elif counts.sum() <= 1_000_000:
        method, p_value = "Fisher's exact", stats.fisher_exact(counts).pvalue
    else:  # the exact sum would take seconds, and no longer differs
        method = "chi-squared"
        p_value = stats.chi2_contingency(counts, correction=False).pvalue
    smooth = (counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True)
    index = float(((smooth[1] - smooth[0]) * np.log(smooth[1] / smooth[0])).sum())
    return ColumnTest(name, method, (int(totals[0]), int(totals[1])),
                      float(np.abs(shares[0] - shares[1]).sum() / 2), float(p_value),
                      stability_index=index if name == "distribution" else None)


def pooled(counts: Counts) -> Counts:
    """Pool the rarest levels until each expected count holds; judged on both sides together.

    Two levels stay apart, as Fisher's test needs no pooling; if all are rare, one is left.
    """
    total = counts.sum(axis=0)
    order = np.argsort(total, kind="stable")
    expected = total[order] * counts.sum(axis=1).min() / total.sum()
    rare = int((expected < LEAST_EXPECTED).sum())
    if 0 < rare < len(total):
        enough = int(np.searchsorted(expected.cumsum(), LEAST_EXPECTED)) + 1
        rare = min(max(rare, enough), len(total) - 1)
    return np.column_stack([counts[:, order[:rare]].sum(axis=1), counts[:, order[rare:]]])


def new_category_test(counts: Counts) -> ColumnTest:
    """Test whether a level is absent from the reference by more than chance.

    The p-value bounds the chance that any level as common as the commonest unseen one would
    fall wholly into the current rows: a sum of hypergeometric probabilities.

    Parameters
    ----------
    counts : ndarray of int, shape (2, levels)
        Reference and current rows, not pooled.

    Returns
    -------
    ColumnTest
        The effect is the share of current rows with an unseen level.
    """
    rows = int(counts[0].sum()), int(counts[1].sum())
    total = counts.sum(axis=0)
    is_unseen = (counts[0] == 0) & (total > 0)
    p_value = 1.0
    if is_unseen.any():
        sizes, levels = np.unique(total[total >= total[is_unseen].max()], return_counts=True)
        by_size = levels * stats.hypergeom.pmf(sizes, sum(rows), rows[1], sizes)
        p_value = min(1.0, float(by_size.sum()))
    return ColumnTest("new_category", "hypergeometric", rows,
                      float(counts[1][is_unseen].sum() / rows[1]), p_value)


def unit_factor(reference: Values, current: Values) -> float:
    """Return by how much the median size of non-zero numbers grew, or 1 below a factor of 10."""
    sizes = [float(np.median(np.abs(side[side != 0]))) if side.any() else 1.0
             for side in (reference, current)]
    factor = sizes[1] / sizes[0]
    is_large = LEAST_UNIT_FACTOR <= max(factor, 1 / factor if factor else 0) < math.inf
    return factor if is_large else 1.0


def corrected(tests: list[list[ColumnTest]]) -> list[list[ColumnTest]]:
    """Return the tests of all columns with Holm's adjusted p-values."""
    p_values = np.array([test.p_value for column in tests for test in column])
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.maximum.accumulate(steps).clip(max=1)
    rest = iter(adjusted.tolist())
    return [[replace(test, adjusted_p=next(rest)) for test in column] for column in tests]
