"""The confusion matrix: what the model said, against what happened.

In: answers and probabilities. Out: four counts by name, so that no index can be mistaken.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Confusion:
    """Counts of rows: first what happened, then what the model said.

    Attributes
    ----------
    stayed_said_stay, stayed_said_leave : int
        Corporations that stayed; the latter are false alarms.
    left_said_stay, left_said_leave : int
        Corporations that left; the former were missed.
    """

    stayed_said_stay: int
    stayed_said_leave: int
    left_said_stay: int
    left_said_leave: int

    @property
    def rows(self) -> int:
        """All of them."""
        return sum(sum(line) for line in self.lines())

    @property
    def precision(self) -> float | None:
        """Of those said to leave, the share that left; None where none was said to."""
        said = self.stayed_said_leave + self.left_said_leave
        return self.left_said_leave / said if said else None

    @property
    def recall(self) -> float | None:
        """Of those that left, the share that was said to; None where none left."""
        left = self.left_said_stay + self.left_said_leave
        return self.left_said_leave / left if left else None

    def lines(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return what happened as lines (stayed, left), what was said as columns (same order)."""
        return ((self.stayed_said_stay, self.stayed_said_leave),
                (self.left_said_stay, self.left_said_leave))


def confusion_of(exited: ArrayLike, probability: ArrayLike, threshold: float) -> Confusion:
    """Count.

    Parameters
    ----------
    exited : array-like, shape (n,)
        Answers, 0 or 1.
    probability : array-like of float, shape (n,)
    threshold : float
        From which on a corporation counts as leaving.

    Returns
    -------
    Confusion
    """
    left = np.asarray(exited, dtype=float) == 1
    said = np.asarray(probability, dtype=float) >= threshold
    return Confusion(*(int(np.sum((left == happened) & (said == told)))
                       for happened in (False, True) for told in (False, True)))
