"""The course's three rules of drift in a score: raw, parametric, non-parametric.

In: a new figure and those before it. Out: a `RuleVerdict`. "Worse" is lower for a score and
higher for an error: taken the wrong way round, a rule alarms at every improvement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Better = Literal["higher", "lower"]
RuleName = Literal["raw_comparison", "parametric", "non_parametric"]
#: Fewer figures have no spread worth the name.
LEAST_HISTORY = 5
_DEVIATIONS, _RANGES = 2.0, 1.5


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What a rule says: ``limit`` is the figure beyond which it alarms."""

    rule: RuleName
    verdict: Literal["drift", "no_drift", "not_enough_data"]
    new: float | None
    limit: float | None

    @property
    def is_drift(self) -> bool:
        """Whether it alarms."""
        return self.verdict == "drift"


def raw_comparison(new: float | None, baseline: float | None, better: Better = "higher"
                   ) -> RuleVerdict:
    """Alarm when the new figure is worse than the one at deployment; an equal one is not.

    Parameters
    ----------
    new, baseline : float or None
        None where undefined.
    better : str

    Returns
    -------
    RuleVerdict
    """
    return _judged("raw_comparison", new, baseline, better)


def parametric(history: Sequence[float], new: float | None, better: Better = "higher"
               ) -> RuleVerdict:
    """Alarm beyond two standard deviations from the mean of the history.

    Parameters
    ----------
    history : sequence of float
        Figures before, in any order.
    new : float or None
    better : str

    Returns
    -------
    RuleVerdict
        The standard deviation is that of the population, as in the course.
    """
    if len(history) < LEAST_HISTORY:
        return _judged("parametric", new, None, better)
    sign = -1 if better == "higher" else 1
    limit = float(np.mean(history) + sign * _DEVIATIONS * np.std(history))
    return _judged("parametric", new, limit, better)


def non_parametric(history: Sequence[float], new: float | None, better: Better = "higher"
                   ) -> RuleVerdict:
    """Alarm beyond one and a half interquartile ranges: below Q1 for scores, above Q3 for errors.

    Parameters
    ----------
    history : sequence of float
    new : float or None
    better : str

    Returns
    -------
    RuleVerdict

    References
    ----------
    Tukey, J. W. (1977). Exploratory Data Analysis.
    """
    if len(history) < LEAST_HISTORY:
        return _judged("non_parametric", new, None, better)
    low, high = (float(value) for value in np.quantile(history, (0.25, 0.75)))
    reach = _RANGES * (high - low)
    return _judged("non_parametric", new, low - reach if better == "higher" else high + reach,
                   better)


def _judged(rule: RuleName, new: float | None, limit: float | None, better: Better
            ) -> RuleVerdict:
    if new is None or limit is None:
        return RuleVerdict(rule, "not_enough_data", new, limit)
    # Rounded, so that two ways to add the same figures are not a difference.
    gap = round(limit - new if better == "higher" else new - limit, 12)
    return RuleVerdict(rule, "drift" if gap > 0 else "no_drift", new, limit)
