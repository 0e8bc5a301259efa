"""Is each history decided as the rules say, and does the reason name what decided?

In: the learner's function. Out: nothing, or an assertion with a sentence.
"""

from collections.abc import Callable

from checking import shortened
from histories import SETTINGS, History, nearby, twelve

from churn.policy import Decision, RetrainingPolicy

_LEAST_WORDS = 4
Decide = Callable[..., Decision]


def require_the_twelve(decide: Decide) -> None:
    """The answers are those of the capstone's own policy."""
    policy, wrong = RetrainingPolicy(SETTINGS), []
    for history in twelve():
        facts = (history.report, history.reference_auc, history.current_auc)
        expected, got = policy.decide(*facts), decide(*facts)
        assert isinstance(got, Decision) and isinstance(got.reason, str), (
            f"decide must return a Decision, its reason a text; got {shortened(got)}")
        if got.answer != expected.answer:
            wrong.append(f"History {history.number}, {history.story}: expected {expected.answer}, "
                         f"got {got.answer}. Known: {expected.reason}.")
    assert not wrong, f"{12 - len(wrong)} of 12 histories are decided as the rules say. {wrong[0]}"


def require_answers_near(decide: Decide, seed: int) -> None:
    """So are those of histories near them; and every reason names what decided."""
    policy = RetrainingPolicy(SETTINGS)
    for history in [*twelve(), *nearby(seed)]:
        facts = (history.report, history.reference_auc, history.current_auc)
        expected, got = policy.decide(*facts), decide(*facts)
        assert got.answer == expected.answer, (
            f"Like history {history.number}, {history.story}: {history.current_auc} after "
            f"{history.reference_auc}: expected {expected.answer}, got {got.answer}")
        missing = what_is_missing(got.reason, history, expected)
        assert not missing, f"History {history.number}: the reason {got.reason!r} {missing}"


def what_is_missing(reason: str, history: History, expected: Decision) -> str:
    """Return what the reason must name and does not."""
    if len(reason.split()) < _LEAST_WORDS:
        return f"has fewer than {_LEAST_WORDS} words"
    report, auc = history.report, history.current_auc
    if report.faults():
        columns = [fault.column for fault in report.faults()]
        named = all(column in reason for column in columns)
        return "" if named else f"does not name the column: {', '.join(columns)}"
    if min(report.reference_rows, report.current_rows) < SETTINGS.least_rows:
        rows = str(report.current_rows)
        return "" if rows in reason else f"does not say how many rows there are: {rows}"
    if "AUC went" in expected.reason and auc is not None:
        value = f"{auc.value:.2f}"[1:]
        shown = [value, f"{auc.value:.3f}"[1:]]
        return "" if any(text in reason for text in shown) else (
            f"does not name the AUC now, {auc.value:.3f}")
    large = report.names("large")
    if expected.answer == "ask_person" and large:
        return "" if large[0] in reason else f"does not name the column {large[0]}"
    return ""
