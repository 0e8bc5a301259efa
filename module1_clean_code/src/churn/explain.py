"""Explain a fitted model: which columns it needs, and how it answers to them.

In: a fitted pipeline and rows it did not learn from. Out: importances by column, figures.
Columns of the input are shuffled, not columns inside the pipeline, so every importance belongs
to the name beside it whatever the features became on the way.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.pipeline import Pipeline

from churn.figures import LEFT_COLOUR, NEUTRAL_COLOUR, STAYED_COLOUR, new_figure
from churn.schema import NUMERIC_FEATURES

_MOST_ROWS = 1500


@dataclass(frozen=True)
class Importance:
    """Loss of ROC AUC when the column is shuffled: mean and standard deviation."""

    column: str
    mean: float
    deviation: float


def column_importances(pipeline: Pipeline, features: pd.DataFrame, has_left: "pd.Series[int]",
                       *, repeats: int, seed: int) -> tuple[Importance, ...]:
    """Return the permutation importance of every input column, greatest first.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    features : DataFrame, shape (n, k)
        Rows that were not learned from; at most 1,500 drawn ones are used.
    has_left : Series of int, shape (n,)
        Their answers.
    repeats : int
        Shuffles a column.
    seed : int
        Of the drawing and the shuffling.

    Returns
    -------
    tuple of Importance

    References
    ----------
    Breiman, L. (2001). Random forests. Machine Learning 45, 5-32, section 10.
    """
    if len(features) > _MOST_ROWS:
        drawn = np.sort(np.random.default_rng(seed).choice(len(features), _MOST_ROWS, False))
        features, has_left = features.iloc[drawn], has_left.iloc[drawn]
    found = permutation_importance(pipeline, features, has_left, scoring="roc_auc",
                                   n_repeats=repeats, random_state=seed)
    importances = [Importance(column, float(mean), float(deviation)) for column, mean, deviation
                   in zip(features.columns, found.importances_mean, found.importances_std)]
    return tuple(sorted(importances, key=lambda i: (-round(i.mean, 9), i.column)))


def importance_figure(importances: tuple[Importance, ...]) -> Figure:
    """Draw the importances as bars with their spread.

    Parameters
    ----------
    importances : tuple of Importance
        Greatest first.

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure("What the model needs", height=0.8 + 0.3 * len(importances))
    names = [importance.column for importance in importances]
    axis.barh(names, [i.mean for i in importances], xerr=[i.deviation for i in importances],
              color=STAYED_COLOUR, ecolor=NEUTRAL_COLOUR)
    axis.invert_yaxis()
    axis.grid(axis="x", alpha=0.25)
    axis.set(xlabel="ROC AUC lost when the column is shuffled")
    return figure


def dependence_figure(pipeline: Pipeline, features: pd.DataFrame,
                      importances: tuple[Importance, ...], most: int = 4) -> Figure:
    """Draw the mean answer over the most important numeric columns.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    features : DataFrame, shape (n, k)
        Rows to average over; about 300 evenly spaced ones are used.
    importances : tuple of Importance
        Greatest first.
    most : int
        Number of columns drawn.

    Returns
    -------
    Figure

    References
    ----------
    Friedman, J. H. (2001). Greedy function approximation. Annals of Statistics 29(5), 1189-1232.
    """
    columns = [i.column for i in importances if i.column in NUMERIC_FEATURES][:most]
    sample = features.iloc[:: max(1, len(features) // 300)].astype(
        {name: float for name in NUMERIC_FEATURES if name in features})
    figure, axes = new_figure("How the answer moves with a column, all else as it is",
                              width=3.2 * max(1, len(columns)), height=3.6,
                              panels=max(1, len(columns)))
    for axis, column in zip(axes, columns):
        grid, average = mean_answer(pipeline, sample, column)
        axis.plot(grid, average, color=LEFT_COLOUR)
        axis.plot(sample[column].quantile(np.linspace(0.1, 0.9, 9)), np.zeros(9), "|",
                  color=NEUTRAL_COLOUR)
        axis.set(xlabel=column, ylim=(0, 1))
        axis.locator_params(axis="x", nbins=5)
    axes[0].set_ylabel("mean probability of leaving")
    return figure


def mean_answer(pipeline: Pipeline, features: pd.DataFrame, column: str
                ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the partial dependence on one numeric column.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    features : DataFrame, shape (n, k)
        Rows to average over; numbers as float.
    column : str

    Returns
    -------
    grid : ndarray, shape (g,)
        Values of the column between its 2nd and 98th percentile.
    average : ndarray, shape (g,)
        Mean probability of leaving at each.
    """
    found = partial_dependence(pipeline, features, [column], kind="average", method="brute",
                               percentiles=(0.02, 0.98), grid_resolution=20,
                               response_method="predict_proba")
    return found["grid_values"][0], found["average"][0]
