"""Do the columns still hang together as they did? A permutation test that sees flips.

In: two tables. Out: a `JointResult`, or None where there is nothing to compare. Two columns can
keep their own laws while their correlation flips; tests of each column alone never see it.

References
----------
Gretton et al. (2012), "A Kernel Two-Sample Test", JMLR 13.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype
from scipy.stats import norm, rankdata

Floats = NDArray[np.float64]
#: Levels of a text column that become columns of their own.
_LEVELS = 5
_MISSING_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class JointResult:
    """What the joint test found.

    Attributes
    ----------
    statistic : float
        Squared maximum mean discrepancy, of a kernel scaled to unit norm.
    p_value : float
        Share of permutations that reach it; never below 1 / (permutations + 1).
    effect : float
        Half of the largest change of a correlation of ranks, 0 to 1, beside which stand the
        two columns.
    columns : tuple of str
    rows : tuple of int
        Rows of each side that were looked at.
    """

    statistic: float
    p_value: float
    effect: float
    columns: tuple[str, str]
    rows: tuple[int, int]


def joint_test(reference: pd.DataFrame, current: pd.DataFrame, *, most_rows: int,
               permutations: int, seed: int) -> JointResult | None:
    """Test whether two tables have the same joint law.

    Parameters
    ----------
    reference, current : DataFrame
        Columns that both have are compared; a constant one is left out.
    most_rows : int
        Larger tables are sampled: the test costs the square of it.
    permutations : int
    seed : int

    Returns
    -------
    JointResult or None
        None with fewer than two columns that vary.
    """
    rng = np.random.default_rng([seed, len(reference), len(current)])
    shared = [name for name in reference.columns if name in current.columns
              and is_numeric_dtype(reference[name]) == is_numeric_dtype(current[name])]
    sides = [side[shared] if len(side) <= most_rows else
             side[shared].iloc[np.sort(rng.choice(len(side), most_rows, replace=False))]
             for side in (reference, current)]
    names, scores = _normal_scores(pd.concat(sides, ignore_index=True))
    if len(set(names)) < 2:
        return None
    rows = len(sides[0]), len(sides[1])
    statistic, p_value = _permuted(_kernel(scores), rows, permutations, rng)
    return JointResult(statistic, p_value, *_largest_change(names, scores, rows[0]), rows)


def _permuted(kernel: Floats, rows: tuple[int, int], permutations: int,
              rng: np.random.Generator) -> tuple[float, float]:
    """Return the statistic, and the share of random deals of the rows that reach it."""
    signs = np.repeat([1 / rows[0], -1 / rows[1]], rows)
    # Each column is another way to deal the same rows to two sides.
    dealt = np.column_stack([signs, *(rng.permutation(signs) for _ in range(permutations))])
    values = np.einsum("ij,ij->j", dealt, kernel @ dealt)
    reached = int((values[1:] >= values[0] * (1 - 1e-9)).sum())
    return float(values[0]), (1 + reached) / (1 + permutations)


def _normal_scores(table: pd.DataFrame) -> tuple[list[str], Floats]:
    """Return standardised columns: ranks as normal scores, levels and gaps as indicators."""
    names, columns = [], []

    def add(name: str, values: NDArray[Any]) -> None:
        spread = values.std()
        if spread > 0:
            names.append(name)
            columns.append((values - values.mean()) / spread)

    for name in table.columns:
        column, is_missing = table[name], table[name].isna().to_numpy()
        if is_missing.mean() >= _MISSING_SHARE:
            add(str(name), is_missing.astype(np.float64))
        if is_numeric_dtype(column.dtype):
            values = column.to_numpy(np.float64, na_value=np.nan)[~is_missing]
            ranks = np.full(len(column), (1 + len(values)) / 2)  # gaps lie in the middle
            ranks[~is_missing] = rankdata(values)
            add(str(name), norm.ppf(ranks / (1 + max(1, len(values)))))
            continue
        counts = column.astype(str)[~is_missing].value_counts().sort_index()
        frequent = counts.sort_values(ascending=False, kind="stable").index[:_LEVELS]
        for level in frequent[:-1] if len(frequent) == len(counts) else frequent:
            add(str(name), (column.astype(str) == level).to_numpy(np.float64))
    return names, np.column_stack(columns) if columns else np.zeros((len(table), 0))


def _kernel(scores: Floats) -> Floats:
    """Return the sum of a quadratic kernel, which sees covariances, and two Gaussian ones.

    The wide and the narrow Gaussian make it blind to nothing; the quadratic one keeps its sight
    in forty columns. All are centred and of unit norm.
    """
    inner = scores @ scores.T
    squares = np.diag(inner)
    distances = squares[:, None] + squares[None, :] - 2 * inner
    width = float(np.median(distances[::7, ::7]))
    distances /= -max(width, 1e-12)
    return (_centred(inner ** 2) + _centred(np.exp(distances))
            + _centred(np.exp(4 * distances)))


def _centred(kernel: Floats) -> Floats:
    means = kernel.mean(axis=0)
    kernel = kernel - means[:, None] - means[None, :] + means.mean()
    return np.asarray(kernel / max(float(np.linalg.norm(kernel)), 1e-300))


def _largest_change(names: list[str], scores: Floats, split: int) -> tuple[float, tuple[str, str]]:
    """Return half the largest change of a correlation between two columns, and their names."""
    with np.errstate(invalid="ignore", divide="ignore"):
        before, after = (np.nan_to_num(np.corrcoef(side.T))
                         for side in (scores[:split], scores[split:]))
    change = np.triu(np.abs(after - before), 1)
    same = np.array([[one == two for two in names] for one in names])
    change[same] = 0
    row, column = divmod(int(change.argmax()), len(names))
    return float(change[row, column] / 2), (names[row], names[column])
