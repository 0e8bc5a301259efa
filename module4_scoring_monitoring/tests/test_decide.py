"""Each row of the table of decisions, and that the first one that holds decides."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from riskwatch.decide import Answer, Evidence, ScoreChange, decide
from riskwatch.watch_settings import DecisionSettings

SETTINGS = DecisionSettings(metric="f1")  # fall .05, 50 labelled rows, 3 days, 6 retrainings
NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUIET = Evidence(new_files=1, has_model=True, now=NOW, trainable_rows=500)


def change(value: float, low: float, high: float, rows: int = 200) -> ScoreChange:
    """A score that was .8."""
    return ScoreChange(0.8, value, low, high, rows)


FELL, HELD = change(0.4, 0.35, 0.45), change(0.8, 0.76, 0.84)
UNSURE_LOW, UNSURE_HIGH = change(0.72, 0.66, 0.78), change(0.79, 0.73, 0.85)


def answer(**seen: object) -> Answer:
    """What follows from quiet evidence with changes."""
    return decide(replace(QUIET, **seen), SETTINGS)  # type: ignore[arg-type]


@pytest.mark.parametrize(("seen", "action", "words"), [
    ({"new_files": 0, "faults": ("broken",)}, "keep", "no new file"),
    ({"has_model": False, "faults": ("broken",)}, "retrain", "no model"),
    ({"faults": ("x: stuck",), "scores": (FELL,)}, "ask_person", "mend the data.*x: stuck"),
    ({"scores": (HELD, FELL)}, "retrain", "surely a fall: f1 went from 0.800 to 0.400"),
    ({"scores": (HELD,), "drift": "large"}, "keep", "the score holds"),
    ({"scores": (UNSURE_HIGH,), "drift": "large"}, "retrain", "drift: "),
    ({"scores": (UNSURE_LOW,), "drift": "small"}, "retrain", "drift: "),
    ({"scores": (UNSURE_LOW,)}, "insufficient_evidence", "more labels"),
    ({"scores": (UNSURE_HIGH,), "drift": "small"}, "keep", "no sign of a loss"),
    ({"drift": "large"}, "ask_person", "no labels to tell"),
    ({"drift": "not_enough_data"}, "insufficient_evidence", "too few rows"),
    ({"drift": "small"}, "keep", "too few labels"),
    ({}, "keep", "no drift seen"),
])
def test_the_first_row_that_holds_decides(seen: dict[str, object], action: str, words: str
                                          ) -> None:
    found = answer(**seen)
    assert found.action == action and re.search(words, found.reason), found


def test_a_score_on_few_rows_is_no_score() -> None:
    few = (replace(FELL, rows=49),)
    assert answer(scores=few).action == "keep"
    assert answer(scores=few, drift="large").action == "ask_person"
    assert answer(scores=(replace(FELL, rows=50),)).action == "retrain"


def test_exactly_the_allowed_fall_is_no_fall() -> None:
    """.80 - .75 is .05000000000000004 in floating point."""
    assert answer(scores=(change(0.75, 0.75, 0.75),)).action == "keep"
    assert answer(scores=(change(0.7499, 0.7499, 0.7499),)).action == "retrain"


def test_a_score_that_rose_is_never_a_reason_to_act() -> None:
    for drift in ("none", "small", "large"):
        assert answer(scores=(change(0.95, 0.9, 0.99),), drift=drift).action == "keep"


def test_only_a_sure_fall_asks_for_the_latest_rows_alone() -> None:
    assert answer(scores=(FELL,)).is_new_concept
    assert not answer(scores=(UNSURE_HIGH,), drift="large").is_new_concept


def test_without_new_labels_there_is_nothing_to_learn_from() -> None:
    found = answer(scores=(FELL,), trainable_rows=49)
    assert (found.action, "only 49 labelled rows" in found.reason) == ("insufficient_evidence",
                                                                       True)


@pytest.mark.parametrize(("days", "action"), [(2.99, "keep"), (3.0, "retrain")])
def test_the_cool_down_holds_retraining_back(days: float, action: str) -> None:
    found = answer(scores=(FELL,), last_retraining=NOW - timedelta(days=days))
    assert found.action == action
    assert ("cool-down until 2026-03-01 00:14" in found.reason) == (action == "keep")


@pytest.mark.parametrize(("spent", "action"), [(5, "retrain"), (6, "ask_person")])
def test_a_spent_budget_asks_a_person(spent: int, action: str) -> None:
    found = answer(scores=(FELL,), recent_retrainings=spent,
                   last_retraining=NOW - timedelta(days=4))
    assert found.action == action


def test_the_same_evidence_has_one_answer() -> None:
    assert answer(scores=(FELL, HELD)) == answer(scores=(FELL, HELD))
