"""Choose the probability from which a person counts as earning more, by what errors cost.

In: answers and out-of-fold probabilities of training rows. Out: a threshold. No test row is here.

References
----------
Elkan, C. (2001). The foundations of cost-sensitive learning. IJCAI, 973-978.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from census.settings import TrainSettings

_DIGITS = 6


@dataclass(frozen=True)
class Threshold:
    """The threshold, and what errors cost per row at it and at one half."""

    value: float
    cost_per_row: float
    cost_per_row_at_half: float


def choose_threshold(label: ArrayLike, score: ArrayLike, settings: TrainSettings) -> Threshold:
    """Return the threshold of least cost.

    Parameters
    ----------
    label : array-like of int, shape (n,)
        Answers, 0 or 1.
    score : array-like of float, shape (n,)
        Out-of-fold probabilities.
    settings : TrainSettings
        The two costs.

    Returns
    -------
    Threshold
        Midway between two neighbouring probabilities, with six decimals; above 1 where it never
        pays to say yes.
    """
    grid = cost_curve(label, score, settings)
    best = int(np.argmin(grid[:, 1]))
    half = float(_cost(np.asarray(label), np.asarray(score) >= 0.5, settings))
    return Threshold(round(float(grid[best, 0]), _DIGITS), round(float(grid[best, 1]), _DIGITS),
                     round(half, _DIGITS))


def cost_curve(label: ArrayLike, score: ArrayLike, settings: TrainSettings
               ) -> NDArray[np.float64]:
    """Return every threshold that differs from the next, and what it costs.

    Parameters
    ----------
    label, score, settings
        As for `choose_threshold`.

    Returns
    -------
    ndarray, shape (m, 2)
        Threshold, falling, and cost per row.
    """
    scores = np.asarray(score, dtype=float)
    order = np.argsort(-scores, kind="stable")
    falling, answers = scores[order], np.asarray(label)[order]
    missed = answers.sum() - np.concatenate([[0], np.cumsum(answers)])
    needless = np.concatenate([[0], np.cumsum(1 - answers)])
    cost = missed * settings.cost_of_missed + needless * settings.cost_of_needless
    # A threshold can only stand between two different probabilities.
    can_cut = np.concatenate([[True], falling[1:] < falling[:-1], [True]])
    bounds = np.concatenate([[2.0], falling, [0.0]])
    return np.column_stack([(bounds[:-1] + bounds[1:])[can_cut] / 2,
                            cost[can_cut] / len(answers)])


def _cost(label: NDArray[np.int_], is_predicted: NDArray[np.bool_], settings: TrainSettings
          ) -> float:
    missed = (label == 1) & ~is_predicted
    needless = (label == 0) & is_predicted
    total = missed.sum() * settings.cost_of_missed + needless.sum() * settings.cost_of_needless
    return float(total) / len(label)
