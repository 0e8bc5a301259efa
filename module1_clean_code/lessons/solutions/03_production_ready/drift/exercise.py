"""The capstone's own policy, with its default settings."""

from churn.drift import DriftReport
from churn.policy import AucEstimate, Decision, RetrainingPolicy
from churn.settings import DriftSettings


def decide(report: DriftReport, reference_auc: float | None = None,
           current_auc: AucEstimate | None = None) -> Decision:
    """Return the answer of the first rule that holds; read RetrainingPolicy.decide."""
    return RetrainingPolicy(DriftSettings()).decide(report, reference_auc, current_auc)
