"""Draw what the evaluation found: the ROC curve, calibration, and cost by threshold.

In: the tables of `census.training.evaluate`. Out: figures.
"""

import pandas as pd
from matplotlib.figure import Figure

from census.figures import NEUTRAL_COLOUR, SERIES_COLOURS, new_figure

_BLUE, _ORANGE = SERIES_COLOURS[:2]


def roc_figure(curves: pd.DataFrame, threshold: float, auc: float) -> Figure:
    """Draw the ROC curve with the point of the threshold.

    Parameters
    ----------
    curves : DataFrame
        One row a threshold, rising.
    threshold : float
        The one in use; the nearest hundredth is marked.
    auc : float
        For the legend.

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure("How well high incomes are told from the others", width=6,
                                 height=5)
    axis.plot(curves["false_positive_rate"], curves["true_positive_rate"], color=_BLUE,
              label=f"test rows (AUC {auc:.3f})")
    axis.plot([0, 1], [0, 1], color=NEUTRAL_COLOUR, linestyle=":", label="chance")
    used = curves.loc[(curves["threshold"] - threshold).abs().idxmin()]
    axis.plot([used["false_positive_rate"]], [used["true_positive_rate"]], "o", color=_ORANGE,
              label=f"threshold {threshold:.3f}")
    axis.set(xlabel="false positive rate", ylabel="true positive rate")
    axis.legend(loc="lower right")
    return figure


def calibration_figure(calibration: pd.DataFrame) -> Figure:
    """Draw the observed share against the mean score, with intervals and numbers of rows.

    Parameters
    ----------
    calibration : DataFrame
        One row a bin of scores.

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure("Does a predicted 30 % mean 30 %?", width=6, height=5)
    axis.plot([0, 1], [0, 1], color=NEUTRAL_COLOUR, linestyle=":", label="perfect")
    share = calibration["share_positive"]
    axis.errorbar(calibration["mean_score"], share, color=_ORANGE, marker="o", capsize=3,
                  yerr=[share - calibration["low"], calibration["high"] - share],
                  label="test rows, 95 % intervals")
    for x, y, rows in zip(calibration["mean_score"], share, calibration["rows"]):
        axis.annotate(f"{int(rows):,}", (x, y), (6, -12), textcoords="offset points", fontsize=8)
    axis.set(xlabel="mean predicted probability", ylabel="share above 50K")
    axis.legend(loc="upper left")
    return figure


def cost_figure(curves: pd.DataFrame, threshold: float) -> Figure:
    """Draw what errors cost per test row at each threshold, and the one that was chosen.

    Parameters
    ----------
    curves : DataFrame
        One row a threshold.
    threshold : float
        Chosen on training rows.

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure("What errors cost, by threshold", width=7, height=4)
    axis.plot(curves["threshold"], curves["cost_per_row"], color=_BLUE, label="test rows")
    axis.axvline(threshold, color=_ORANGE, linestyle="--",
                 label=f"chosen on training rows: {threshold:.3f}")
    axis.set(xlabel="threshold", ylabel="cost per row", ylim=(0, None))
    axis.legend()
    return figure
