"""Draw corporations of an era: what they did, and whether they left.

In: a number of rows, an era, a generator of random numbers. Out: columns of whole numbers. The
figures follow measurements on the public course files; eras differ in exactly what they say.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from riskwatch.schema import LARGEST

EraName = Literal["stable", "covariate_drift", "concept_drift", "recovery"]
Integers = NDArray[np.int64]
#: Logarithm of one plus last month's activity, last year's, employees: mean and sd.
_MEAN, _SD = np.array([3.9, 6.5, 2.7]), np.array([1.8, 1.45, 1.2])
#: Correlations month-year, month-employees, year-employees.
_MONTH_YEAR, _MONTH_STAFF, _YEAR_STAFF = 0.75, -0.2, -0.15
NAMES_IN_POOL = 2_000


@dataclass(frozen=True)
class Era:
    """What holds in an era: shift of the means, in logarithms, and the logit of leaving.

    ``weights`` multiply the standardised logarithms, on the scale of the stable era; so where
    only the shift differs, the same corporation leaves with the same probability as before.
    """

    shift: tuple[float, float, float]
    intercept: float
    weights: tuple[float, float, float]


_STABLE = Era((0.0, 0.0, 0.0), 0.5, (-0.5, -1.0, 0.3))
ERAS: dict[EraName, Era] = {
    "stable": _STABLE,
    "covariate_drift": Era((0.8, -1.0, 0.7), 0.5, (-0.5, -1.0, 0.3)),
    "concept_drift": Era((0.0, 0.0, 0.0), -0.8, (1.2, -0.6, 0.6)),
    "recovery": _STABLE,
}


@dataclass(frozen=True)
class Drawn:
    """Columns of equal length: names, three counts, answers."""

    corporation: NDArray[np.str_]
    last_month: Integers
    last_year: Integers
    employees: Integers
    exited: Integers

    def __len__(self) -> int:
        return len(self.exited)


def draw(rows: int, era: EraName, rng: np.random.Generator, pool: NDArray[np.str_]) -> Drawn:
    """Return corporations of an era.

    Parameters
    ----------
    rows : int
        At most as many as the pool has names, or names repeat.
    era : str
        One of `ERAS`.
    rng : numpy.random.Generator
    pool : array of str
        Names to choose from.

    Returns
    -------
    Drawn
        Last month's activity is never above last year's.
    """
    rules = ERAS[era]
    scores = _correlated(rng.normal(size=(rows, 3))) * _SD + _MEAN + np.array(rules.shift)
    counts = np.clip(np.floor(np.expm1(np.clip(scores, 0, 20))), 0, LARGEST).astype(np.int64)
    month, year, staff = counts.T
    month, staff = np.minimum(month, year), np.maximum(staff, 1)
    seen = (np.log1p(np.column_stack([month, year, staff])) - _MEAN) / _SD
    logit = rules.intercept + seen @ np.array(rules.weights)
    exited = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    return Drawn(rng.choice(pool, rows, replace=rows > len(pool)), month, year, staff, exited)


def name_pool(rng: np.random.Generator) -> NDArray[np.str_]:
    """Return the names of all corporations there are, each four letters."""
    codes = rng.choice(26**4, NAMES_IN_POOL, replace=False)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    return np.array(["".join(letters[[code // 17576, code // 676 % 26, code // 26 % 26,
                                      code % 26]]) for code in codes])


def _correlated(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return standard normals with the correlations above (a Cholesky factor by hand)."""
    first, second, third = normal.T
    rest = math.sqrt(1 - _MONTH_YEAR**2)
    cross = (_YEAR_STAFF - _MONTH_YEAR * _MONTH_STAFF) / rest
    own = math.sqrt(1 - _MONTH_STAFF**2 - cross**2)
    return np.column_stack([first, _MONTH_YEAR * first + rest * second,
                            _MONTH_STAFF * first + cross * second + own * third])
