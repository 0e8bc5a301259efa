"""Does a reason name the facts that decided?

In: the learner's words and the history. Out: what is missing, in words, or nothing.
"""

from churn.policy import Decision
from histories import SETTINGS, History

_LEAST_WORDS = 4


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
