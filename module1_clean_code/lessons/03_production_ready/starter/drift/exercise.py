"""Decide what follows from a drift report."""

from churn.drift import DriftReport
from churn.policy import AucEstimate, Decision
from churn.settings import DriftSettings

SETTINGS = DriftSettings()  # least_rows, auc_drop_to_retrain, auc_drop_to_ask


# Your turn: the rules are in the lesson's README; the first that holds decides.
def decide(report: DriftReport, reference_auc: float | None = None,
           current_auc: AucEstimate | None = None) -> Decision:
    """Return keep, not_enough_data, retrain or ask_person, with the reason in words."""
    if any(column.verdict != "none" for column in report.columns):
        return Decision("retrain", "something moved")
    return Decision("keep", "nothing moved")
