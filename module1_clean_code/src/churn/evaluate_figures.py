"""Draw what the evaluation found: curves, calibration, labelled reports, cost by threshold.

In: answers and probabilities, named by the rows they belong to. Out: figures.
A report carries its row set's name from the same object that holds its numbers, so "train" and
"test" cannot be swapped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve
from sklearn.metrics import classification_report, precision_recall_curve, roc_auc_score, roc_curve

from churn.evaluate import Threshold, total_cost
from churn.figures import (LEFT_COLOUR, NEUTRAL_COLOUR, SERIES_COLOURS, STAYED_COLOUR, new_figure)
from churn.settings import EvaluationSettings

CLASS_NAMES = ("stayed", "left")


@dataclass(frozen=True)
class Scored:
    """A named set of rows with its answers and probabilities, both of shape (n,)."""

    name: str
    has_left: NDArray[Any]
    probability: NDArray[Any]


def curves_figure(models: Sequence[Scored]) -> Figure:
    """Draw the ROC and the precision-recall curves of several models on the same rows.

    Parameters
    ----------
    models : sequence of Scored
        One a model; at most six.

    Returns
    -------
    Figure
    """
    figure, (roc, recall_axis) = new_figure("How well leavers are told from stayers",
                                            width=11, panels=2)
    for scored, colour in zip(models, SERIES_COLOURS):
        auc = roc_auc_score(scored.has_left, scored.probability)
        alarm, hit, _ = roc_curve(scored.has_left, scored.probability)
        roc.plot(alarm, hit, color=colour, label=f"{scored.name} (AUC {auc:.3f})")
        precision, recall, _ = precision_recall_curve(scored.has_left, scored.probability)
        recall_axis.plot(recall, precision, color=colour, label=scored.name)
    roc.plot([0, 1], [0, 1], color=NEUTRAL_COLOUR, linestyle=":", label="chance")
    roc.set(xlabel="false positive rate", ylabel="true positive rate", title="ROC")
    share = float(np.mean(models[0].has_left))
    recall_axis.axhline(share, color=NEUTRAL_COLOUR, linestyle=":")
    recall_axis.set(xlabel="recall", ylabel="precision", ylim=(0, 1.02),
                    title="precision and recall")
    roc.legend(loc="lower right")
    return figure


def calibration_figure(scored: Scored) -> Figure:
    """Draw observed against predicted churn in ten steps of probability, with group sizes.

    Parameters
    ----------
    scored : Scored

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure("Does a predicted 30 % mean 30 %?", width=6, height=5)
    observed, predicted = calibration_curve(scored.has_left, scored.probability, n_bins=10)
    sizes, _ = np.histogram(scored.probability, bins=10, range=(0, 1))
    axis.plot([0, 1], [0, 1], color=NEUTRAL_COLOUR, linestyle=":", label="perfect")
    axis.plot(predicted, observed, color=LEFT_COLOUR, marker="o", label=scored.name)
    for x, y, size in zip(predicted, observed, sizes[sizes > 0]):
        axis.annotate(f"{size:,}", (x, y), (4, -12), textcoords="offset points", fontsize=8)
    axis.set(xlabel="mean predicted probability", ylabel="share that left")
    axis.legend()
    return figure


def report_figure(model_name: str, row_sets: Sequence[Scored], threshold: float) -> Figure:
    """Write precision, recall and F1 by class, one table a set of rows, each under its name.

    Parameters
    ----------
    model_name : str
        For the title.
    row_sets : sequence of Scored
        Such as the training rows and the hold-out.
    threshold : float
        Probability from which a customer counts as leaving.

    Returns
    -------
    Figure
    """
    figure, axes = new_figure(f"Classification report, {model_name}, threshold {threshold:.3f}",
                              width=max(6, 5 * len(row_sets)), height=2.0, panels=len(row_sets))
    for axis, scored in zip(axes, row_sets):
        axis.set_axis_off()
        axis.set_title(scored.name, loc="left")
        _draw_table(axis, class_report(scored, threshold))
    return figure


def class_report(scored: Scored, threshold: float) -> Mapping[str, Mapping[str, float]]:
    """Return precision, recall, F1 and support by class.

    Parameters
    ----------
    scored : Scored
    threshold : float

    Returns
    -------
    mapping
        Class name -> figure name -> value; undefined precision is NaN.
    """
    report = classification_report(
        scored.has_left, scored.probability >= threshold, labels=[0, 1],
        target_names=list(CLASS_NAMES), output_dict=True, zero_division=np.nan)
    return {name: report[name] for name in CLASS_NAMES}


def cost_figure(scored: Scored, threshold: Threshold, settings: EvaluationSettings) -> Figure:
    """Draw the cost per customer over the threshold.

    Parameters
    ----------
    scored : Scored
        Out-of-fold training rows: those that the threshold was chosen on.
    threshold : Threshold
        The chosen one.
    settings : EvaluationSettings
        The two costs.

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure("What errors cost, by threshold")
    grid = np.linspace(0, 1, 201)
    cost = [total_cost(scored.has_left, scored.probability >= cut, settings)
            / len(scored.has_left) for cut in grid]
    axis.plot(grid, cost, color=STAYED_COLOUR)
    axis.axvline(threshold.value, color=LEFT_COLOUR, linestyle="--",
                 label=f"chosen: {threshold.value:.3f}")
    axis.axvline(0.5, color=NEUTRAL_COLOUR, linestyle=":", label="usual: 0.5")
    axis.set(xlabel="threshold", ylabel="cost per customer", title=scored.name)
    axis.legend()
    return figure


def _draw_table(axis: Axes, report: Mapping[str, Mapping[str, float]]) -> None:
    columns = ("precision", "recall", "f1-score", "support")
    cells = [[f"{figures[c]:.0f}" if c == "support" else f"{figures[c]:.3f}" for c in columns]
             for figures in report.values()]
    table = axis.table(cellText=cells, rowLabels=list(report), colLabels=list(columns),
                       bbox=Bbox.from_bounds(0.14, 0, 0.84, 1))  # row names beside it
    table.auto_set_font_size(False)
    table.set_fontsize(10)
    for cell in table.get_celld().values():
        cell.set_edgecolor("#D0D4D9")
