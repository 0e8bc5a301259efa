"""The confusion matrix: each count has its name, and none can be mistaken for another."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from riskwatch.report_confusion import Confusion, confusion_of

# 1 missed, 2 found, 3 false alarms, 4 rightly left alone: no two are equal.
EXITED = [1] + [1] * 2 + [0] * 3 + [0] * 4
PROBABILITY = [0.2] + [0.9] * 2 + [0.7] * 3 + [0.1] * 4


def test_an_asymmetric_case_by_hand() -> None:
    found = confusion_of(EXITED, PROBABILITY, 0.5)
    assert found == Confusion(stayed_said_stay=4, stayed_said_leave=3, left_said_stay=1,
                              left_said_leave=2)
    assert found.lines() == ((4, 3), (1, 2)) and found.rows == 10
    assert found.precision == pytest.approx(2 / 5) and found.recall == pytest.approx(2 / 3)


def test_it_says_what_scikit_learn_says() -> None:
    rng = np.random.default_rng(1)
    exited, probability = rng.integers(0, 2, 500), rng.random(500).round(1)
    found, said = confusion_of(exited, probability, 0.3), probability >= 0.3
    assert np.array_equal(found.lines(), confusion_matrix(exited, said))
    assert found.precision == pytest.approx(precision_score(exited, said))
    assert found.recall == pytest.approx(recall_score(exited, said))


def test_the_threshold_itself_is_an_alarm() -> None:
    assert confusion_of([1], [0.5], 0.5).left_said_leave == 1


@pytest.mark.parametrize(("exited", "probability", "precision", "recall"), [
    ([0, 0], [0.1, 0.2], None, None), ([1], [0.1], None, 0.0), ([0], [0.9], 0.0, None)])
def test_what_is_undefined_stays_undefined(exited: list[int], probability: list[float],
                                           precision: float | None, recall: float | None) -> None:
    found = confusion_of(exited, probability, 0.5)
    assert (found.precision, found.recall) == (precision, recall)
