"""What follows from a drift report: keep the model, retrain it, or ask a person.

In: a ``DriftReport`` and, where labels exist, the model's score then and now. Out: a
``Decision`` with its reason; the report as a figure and as JSON. One pure function holds the
rules, so that the same facts never lead to two answers.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from matplotlib.figure import Figure

from churn.drift import DriftReport, Verdict
from churn.errors import InputError
from churn.settings import DriftSettings

Answer = Literal["keep", "not_enough_data", "retrain", "ask_person"]

#: From the mildest answer to the most serious one.
ANSWERS: tuple[Answer, ...] = ("keep", "not_enough_data", "retrain", "ask_person")

#: Colours of Okabe and Ito, told apart by colour-blind readers; shapes tell the tests apart.
_COLOURS: dict[Verdict, str] = {"none": "#0072B2", "small": "#E69F00", "large": "#D55E00",
                                "data_fault": "#000000", "not_enough_data": "#999999"}
_SHAPES = {"distribution": "o", "missing": "s", "new_category": "^"}


@dataclass(frozen=True, slots=True)
class AucEstimate:
    """Area under the ROC curve on labelled rows: value, 95 % interval, number of the rows.

    Raises
    ------
    InputError
        Not ``0 <= low <= value <= high <= 1``, which is also said of NaN.
    """

    value: float
    low: float
    high: float
    rows: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high <= 1:
            raise InputError(f"an AUC of {self.value} within {self.low} to {self.high}: "
                             "0 <= low <= value <= high <= 1 must hold")


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and why, in words."""

    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class RetrainingPolicy:
    """The rules by which a model is kept, retrained, or shown to a person.

    The first row that holds decides. "Surely" means by the whole interval; an AUC without
    reference, or on fewer labelled rows than ``least_rows``, counts as no AUC.

    ==  ==========================================================  ===============
    no  what is seen                                                answer
    ==  ==========================================================  ===============
    1   a data fault, or a column is absent                         ask_person
    2   a table has fewer rows than ``least_rows``                  not_enough_data
    3   AUC surely fell by more than ``auc_drop_to_ask``            ask_person
    4   AUC surely fell by more than ``auc_drop_to_retrain``        retrain
    5   AUC surely did not fall so far, whatever the features do    keep
    6   AUC uncertain, but its value fell so far or drift is large  not_enough_data
    7   AUC uncertain, value held, drift not large                  keep
    8   no AUC, drift is large in a column                          ask_person
    9   no AUC, no column could be judged                           not_enough_data
    10  no AUC, drift is small or none                              keep
    ==  ==========================================================  ===============

    Row 1 comes first: a broken feed is mended, not learned from. Row 5: features that moved
    while the score held need no new model. Row 8: without labels there is nothing to train on
    and no way to see harm. A score that rose is never a reason to act.
    """

    settings: DriftSettings

    def decide(self, report: DriftReport, reference_auc: float | None = None,
               current_auc: AucEstimate | None = None) -> Decision:
        """Return the answer of the first row of the table that holds.

        Parameters
        ----------
        report : DriftReport
            Columns may stand in any order.
        reference_auc : float, optional
            AUC on the hold-out when the model was trained.
        current_auc : AucEstimate, optional
            AUC on current rows whose labels have become known.

        Returns
        -------
        Decision
        """
        faults = report.faults()
        if faults:
            found = "; ".join(f"{fault.column}: {fault.detail}" for fault in faults)
            return Decision("ask_person", f"mend the data, do not learn from it: {found}")
        least = self.settings.least_rows
        if min(report.reference_rows, report.current_rows) < least:
            return Decision("not_enough_data",
                            f"{report.reference_rows} reference rows and {report.current_rows} "
                            f"current rows; {least} of each are needed")
        if reference_auc is None or current_auc is None or current_auc.rows < least:
            return _without_labels(report)
        return self._with_labels(report, reference_auc, current_auc)

    def _with_labels(self, report: DriftReport, reference_auc: float,
                     current: AucEstimate) -> Decision:
        limit = self.settings.auc_drop_to_retrain
        score = (f"AUC went from {reference_auc:.3f} to {current.value:.3f} "
                 f"({current.low:.3f} to {current.high:.3f}, {current.rows} labelled rows)")
        # Rounded, so that .92 - .90 is not taken for more than .02.
        least, middle, most = (round(reference_auc - auc, 9)
                               for auc in (current.high, current.value, current.low))
        if least > self.settings.auc_drop_to_ask:
            return Decision("ask_person", f"{score}: too far to be mended by new rows alone")
        if least > limit:
            return Decision("retrain", f"{score}: surely more than {limit:g} lower")
        if most <= limit:
            return Decision("keep", f"{score}: the score holds; {_drift_in_words(report)}")
        if middle > limit or report.names("large"):
            return Decision("not_enough_data", f"{score}: more labels are needed to tell; "
                            f"{_drift_in_words(report)}")
        return Decision("keep", f"{score}: no sign of a loss; {_drift_in_words(report)}")


def _without_labels(report: DriftReport) -> Decision:
    found = _drift_in_words(report)
    if report.names("large"):
        return Decision("ask_person", f"{found}, and no score to tell if the model suffers")
    if len(report.names("not_enough_data")) == len(report.columns):
        return Decision("not_enough_data", "no column could be judged, and there is no score")
    return Decision("keep", f"{found}; there is no score of the model to tell more")


def _drift_in_words(report: DriftReport) -> str:
    parts = [f"{size} drift in {', '.join(names)}"
             for size in ("large", "small") if (names := report.names(size))]
    return " and ".join(parts) or "no drift seen in the features"


def drift_json(report: DriftReport) -> str:
    """Return the report as JSON text: numbers with 6 significant digits, keys in fixed order."""
    content = asdict(report) | {"settings": report.settings.model_dump(),
                                "faults": [asdict(fault) for fault in report.faults()]}
    return json.dumps(_rounded(content), indent=2, allow_nan=False) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def drift_figure(report: DriftReport) -> Figure:
    """Return the effects by column, the largest on top, with the limits of small and large.

    Returns
    -------
    Figure
        8 inches wide and as high as the columns need; the caller saves it.
    """
    columns = sorted(report.columns, key=lambda column: (
        max((test.effect for test in column.tests), default=-1.0), column.name))
    figure = Figure(figsize=(8, 2 + 0.28 * len(columns)), layout="constrained")
    axes = figure.add_subplot()
    for place, column in enumerate(columns):
        for test in column.tests:
            axes.plot(test.effect, place, _SHAPES[test.name], color=_COLOURS[column.verdict])
        if column.verdict == "not_enough_data":
            axes.text(1, place, "not enough data", ha="right", va="center", color="#666666")
    settings = report.settings
    axes.axvline(settings.small_effect, color="#666666", ls=":", label="least small effect")
    axes.axvline(settings.large_effect, color="#666666", ls="--", label="least large effect")
    axes.set_yticks(range(len(columns)), [column.name for column in columns])
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.7, max(len(columns), 1) - 0.3),
             xlabel="effect: difference of probabilities (0 to 1)",
             title=f"Drift of {report.current_rows:,} current rows "
                   f"against {report.reference_rows:,} reference rows")
    axes.grid(axis="x", alpha=0.3)
    for verdict, colour in _COLOURS.items():
        axes.plot([], [], "o", color=colour, label=verdict.replace("_", " "))
    for name, shape in _SHAPES.items():
        axes.plot([], [], shape, color="#666666", fillstyle="none", label=name.replace("_", " "))
    figure.legend(loc="outside lower center", ncols=4)
    return figure
