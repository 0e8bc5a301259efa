"""The course's own three branches, under both readings of its text, and both editions.

In: what a run of the course knows. Out: the branch. The text contradicts itself, so both
readings stand here, and a test for each; the watch itself decides by `riskwatch.decide`.
"""

from dataclasses import dataclass
from typing import Literal

from riskwatch.score_rules import raw_comparison

#: Drift is a fall of the deployed model on new rows; or: deploy what does better on test rows.
Reading = Literal["deployed_model_fell", "newest_model_is_better"]
Edition = Literal["2026", "2021"]


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What a run knows: new files, F1 at deployment, F1 now; None where it was not measured.

    ``deployed_f1`` is the deployed model's on the new rows, ``newest_f1`` that of a model
    trained on them, on the test rows.
    """

    new_files: int
    baseline_f1: float
    deployed_f1: float | None = None
    newest_f1: float | None = None


@dataclass(frozen=True, slots=True)
class CourseBranch:
    """Which of the three, whether reports follow, and why."""

    action: Literal["stop", "keep", "retrain"]
    writes_reports: bool
    reason: str


def course_branch(facts: CourseFacts, reading: Reading = "deployed_model_fell",
                  edition: Edition = "2026") -> CourseBranch:
    """Return the branch of a run.

    Parameters
    ----------
    facts : CourseFacts
    reading : str
        The first is the default: it is the only one in which new rows enter the check.
    edition : str
        That of 2021 ends without reports where there is no drift.

    Returns
    -------
    CourseBranch
    """
    if facts.new_files == 0:
        return CourseBranch("stop", False, "no new file")
    if reading == "deployed_model_fell":
        is_drift = raw_comparison(facts.deployed_f1, facts.baseline_f1).is_drift
        words = f"F1 of the deployed model on new rows {_shown(facts.deployed_f1)}"
    else:  # better means that the old one is worse beside it
        is_drift = raw_comparison(facts.baseline_f1, facts.newest_f1).is_drift
        words = f"F1 of the newest model on the test rows {_shown(facts.newest_f1)}"
    reason = f"{words}, at deployment {facts.baseline_f1:.4f}"
    if is_drift:
        return CourseBranch("retrain", True, f"drift: {reason}")
    return CourseBranch("keep", edition == "2026", f"no drift: {reason}")


def _shown(figure: float | None) -> str:
    return "unknown" if figure is None else f"{figure:.4f}"
