"""Which columns a model needs: by shuffling them, and by the forest's own count.

In: a fitted pipeline, and rows it did not learn from. Out: importances by input column, figures.
The course hung its forest's importances on a list of names of another length, so that every bar
stood beside a wrong name. Here the pipeline itself says what each number belongs to, and the
numbers of one input column are added up.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.compose import ColumnTransformer
from sklearn.inspection import permutation_importance
from sklearn.pipeline import Pipeline

from rentals.errors import InputError
from rentals.figures import NEUTRAL_COLOUR, SERIES_COLOURS, new_figure

_MOST_ROWS = 1500


@dataclass(frozen=True)
class Importance:
    """How much a column matters, and the standard deviation over the shuffles (or 0)."""

    column: str
    mean: float
    deviation: float


def permutation_importances(pipeline: Pipeline, listings: pd.DataFrame, price: "pd.Series[float]",
                            *, repeats: int, seed: int) -> tuple[Importance, ...]:
    """Return by how many dollars the mean absolute error grows when a column is shuffled.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    listings : DataFrame, shape (n, k)
        Rows that were not learned from; at most 1,500 drawn ones are used.
    price : Series of float, shape (n,)
        Dollars a night.
    repeats : int
        Shuffles a column.
    seed : int
        Of the drawing and the shuffling.

    Returns
    -------
    tuple of Importance
        Every column that the pipeline reads, the greatest first. Columns that say the same
        (latitude, longitude, neighbourhood) share their importance.

    References
    ----------
    Breiman, L. (2001). Random forests. Machine Learning 45, 5-32, section 10.
    """
    read = set().union(*_columns_read(pipeline).values())
    kept = listings[[name for name in listings.columns if name in read]]
    if len(kept) > _MOST_ROWS:
        drawn = np.sort(np.random.default_rng(seed).choice(len(kept), _MOST_ROWS, False))
        kept, price = kept.iloc[drawn], price.iloc[drawn]
    found = permutation_importance(pipeline, kept, price, scoring="neg_mean_absolute_error",
                                   n_repeats=repeats, random_state=seed)
    return _greatest_first([
        Importance(column, float(mean), float(deviation)) for column, mean, deviation
        in zip(kept.columns, found.importances_mean, found.importances_std)])


def impurity_importances(pipeline: Pipeline) -> tuple[Importance, ...]:
    """Return a forest's own importances, summed by input column.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, steps ``features`` and ``model``, the model a forest of the course's features.

    Returns
    -------
    tuple of Importance
        Shares that add up to 1, the greatest first. They are counted on training rows and
        favour columns of many values: `permutation_importances` are the fairer ones.

    Raises
    ------
    InputError
        The model is no forest, or a feature is made of several columns.

    References
    ----------
    Breiman, L. et al. (1984). Classification and Regression Trees, section 5.3.
    """
    shares = getattr(pipeline[-1], "feature_importances_", None)
    if shares is None:
        raise InputError("the model counts no importances of its own; shuffle its columns")
    totals: dict[str, float] = {}
    sources = feature_sources(pipeline)
    for columns, share in zip(sources, shares, strict=True):
        if len(columns) != 1:
            raise InputError(f"a feature is made of several columns: {', '.join(columns)}")
        totals[columns[0]] = totals.get(columns[0], 0.0) + float(share)
    return _greatest_first([Importance(name, total, 0.0) for name, total in totals.items()])


def feature_sources(pipeline: Pipeline) -> tuple[tuple[str, ...], ...]:
    """Return, for each feature in the order the model sees them, the columns it is made of.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted; its first step is a ``ColumnTransformer``.

    Returns
    -------
    tuple of tuple of str
        A feature is made of the one column whose name it carries, alone or before an
        underscore or after one; else of all columns of its block.
    """
    features: ColumnTransformer = pipeline[0]
    names = features.get_feature_names_out()
    sources: list[tuple[str, ...]] = [()] * len(names)
    for block, columns in _columns_read(pipeline).items():
        for place in range(len(names))[features.output_indices_[block]]:
            sources[place] = _source(str(names[place]), columns)
    return tuple(sources)


def importance_figure(title: str, label: str, importances: tuple[Importance, ...]) -> Figure:
    """Draw importances as bars with their spread.

    Parameters
    ----------
    title : str
        Over the figure.
    label : str
        Of the axis, with its unit.
    importances : tuple of Importance
        Greatest first.

    Returns
    -------
    Figure
    """
    figure, (axis,) = new_figure(title, height=0.9 + 0.3 * len(importances))
    axis.barh([i.column for i in importances], [i.mean for i in importances],
              xerr=[i.deviation for i in importances] if any(
                  i.deviation for i in importances) else None,
              color=SERIES_COLOURS[0], ecolor=NEUTRAL_COLOUR)
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)
    axis.grid(axis="x", alpha=0.25)
    axis.set_xlabel(label)
    return figure


def _columns_read(pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """Return the input columns of each block of the feature step that keeps something."""
    return {block: (columns,) if isinstance(columns, str) else tuple(columns)
            for block, step, columns in pipeline[0].transformers_ if not (
                isinstance(step, str) and step == "drop")}


def _source(name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    if len(columns) == 1:
        return columns
    carried = [column for column in columns
               if name == column or name.startswith(f"{column}_") or name.endswith(f"_{column}")]
    # The longest: "neighbourhood_group_Queens" belongs to the group, not the neighbourhood.
    return (max(carried, key=len),) if carried else columns


def _greatest_first(importances: list[Importance]) -> tuple[Importance, ...]:
    return tuple(sorted(importances, key=lambda i: (-round(i.mean, 9), i.column)))
