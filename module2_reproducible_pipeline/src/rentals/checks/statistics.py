"""The statistics of two samples: how far apart they are, and whether chance explains it.

In: values or counts of two sides. Out: a distance, and a p-value, and Holm's correction of many.
They know nothing of listings, so that each can be checked by hand.

References
----------
Kullback, Leibler (1951), "On information and sufficiency".
Krichevsky, Trofimov (1981), "The performance of universal encoding": half a row a level.
Massey (1951), "The Kolmogorov-Smirnov test for goodness of fit".
Holm (1979), "A simple sequentially rejective multiple test procedure".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Counts = NDArray[np.int64]

#: Added to each level's rows, so that an absent level gives a large divergence, not infinity.
PSEUDO_ROWS = 0.5
#: The rule of thumb for the chi-squared test: rarer levels are pooled.
LEAST_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class TwoSampleTest:
    """One test: ``effect`` is a difference of probabilities, from 0 to 1."""

    method: str
    effect: float
    p_value: float


def kl_divergence_bits(current: Counts, reference: Counts) -> float:
    """Return the Kullback-Leibler divergence of ``current`` from ``reference``, in bits.

    The direction is D(current || reference): the bits a row that are wasted by a code made for
    the reference when the rows come from the current table. The other direction is another
    number. Half a row is added to each level, so a level without rows is no error.

    Parameters
    ----------
    current, reference : ndarray of int, shape (levels,)
        Rows of the same levels in the same order.

    Returns
    -------
    float
        0 for equal shares, without an upper bound.

    Raises
    ------
    ValueError
        The shapes differ.
    """
    if current.shape != reference.shape:
        raise ValueError(f"counts of {current.shape} and {reference.shape} levels")
    is_used = current + reference > 0
    shares = [(counts[is_used] + PSEUDO_ROWS) / (counts[is_used] + PSEUDO_ROWS).sum()
              for counts in (current, reference)]
    # Equal shares can give a sum of -1e-17.
    return max(0.0, float(np.sum(shares[0] * np.log2(shares[0] / shares[1]))))


def ks_test(reference: NDArray[np.float64], current: NDArray[np.float64]) -> TwoSampleTest:
    """Test numbers by the largest gap between their cumulative shares.

    The asymptotic law is right from 50 rows on, and scipy's exact one fails at some unequal
    sizes. Ties make the p-value too large, never too small.

    Parameters
    ----------
    reference, current : ndarray of float, shape (rows,)
        Without NaN.

    Returns
    -------
    TwoSampleTest
    """
    found = stats.ks_2samp(reference, current, method="asymp")
    return TwoSampleTest("Kolmogorov-Smirnov", float(found.statistic), float(found.pvalue))


def counts_test(counts: Counts) -> TwoSampleTest:
    """Test rows per level: by chi-squared with rare levels pooled, exactly for two levels.

    Parameters
    ----------
    counts : ndarray of int, shape (2, levels)
        Reference and current rows.

    Returns
    -------
    TwoSampleTest
        The effect is the total variation distance of what was compared: half the sum of the
        absolute differences of shares. One level alone cannot differ: p is 1.
    """
    kept = pooled(counts)
    shares = kept / kept.sum(axis=1, keepdims=True)
    effect = float(np.abs(shares[0] - shares[1]).sum() / 2)
    if kept.shape[1] < 2:
        return TwoSampleTest("one level", 0.0, 1.0)
    if kept.shape[1] == 2:
        return TwoSampleTest("Fisher's exact", effect, float(stats.fisher_exact(kept).pvalue))
    return TwoSampleTest("chi-squared", effect, float(stats.chi2_contingency(kept).pvalue))


def pooled(counts: Counts) -> Counts:
    """Pool the rarest levels until each expected count holds; judged on both sides together.

    Two levels stay apart, as Fisher's test needs no pooling; if all are rare, one is left.
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    total = counts.sum(axis=0)
    order = np.argsort(total, kind="stable")
    expected = total[order] * counts.sum(axis=1).min() / total.sum()
    rare = int((expected < LEAST_EXPECTED).sum())
    if 0 < rare < len(total):
        enough = int(np.searchsorted(expected.cumsum(), LEAST_EXPECTED)) + 1
        rare = min(max(rare, enough), len(total) - 1)
    if not rare:
        return counts
    return np.column_stack([counts[:, order[:rare]].sum(axis=1), counts[:, order[rare:]]])


def absent_level_test(counts: Counts) -> TwoSampleTest:
    """Test whether a level is absent from one side by more than chance.

    The p-value bounds the chance that any level, as common as the commonest absent one, falls
    wholly on one side: a sum of hypergeometric probabilities. A level that 1 row in 130 has is
    absent from 500 rows now and then, from 15,000 never.

    Parameters
    ----------
    counts : ndarray of int, shape (2, levels)
        Reference and current rows, not pooled.

    Returns
    -------
    TwoSampleTest
        The effect is the largest share that an absent level has on the other side.
    """
    rows, total = counts.sum(axis=1), counts.sum(axis=0)
    is_absent = (counts == 0).any(axis=0) & (total > 0)
    if not is_absent.any():
        return TwoSampleTest("hypergeometric", 0.0, 1.0)
    sizes = total[total >= total[is_absent].max()]
    p_value = sum(float(stats.hypergeom.pmf(sizes, rows.sum(), side, sizes).sum())
                  for side in rows)
    effect = (counts / rows[:, np.newaxis])[:, is_absent].max()
    return TwoSampleTest("hypergeometric", float(effect), min(1.0, p_value))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values adjusted by Holm, so that all together err as seldom as one.

    Parameters
    ----------
    p_values : sequence of float
        Of tests that are judged together.

    Returns
    -------
    tuple of float
        In the same order, none above 1.
    """
    values: NDArray[Any] = np.array(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.maximum.accumulate(steps).clip(max=1)
    return tuple(adjusted.tolist())
