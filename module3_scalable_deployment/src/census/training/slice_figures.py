"""Draw slices as dots with their intervals.

In: the table of slices. Out: figures.
A dot with a wide line says "we hardly know", which a bar of the same height hides.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from census.figures import NEUTRAL_COLOUR, SERIES_COLOURS, new_figure, plain_label
from census.training.slices import ALL, SLICE_METRICS

#: More slices than fit a picture: the largest are drawn, and the rest are counted.
_MOST_DRAWN = 20
_NAMES: Mapping[str, str] = {
    "precision": "precision", "recall": "recall", "f1": "F1", "fpr": "false positive rate",
    "selection_rate": "selection rate"}


def slice_figure(table: pd.DataFrame, feature: str) -> Figure:
    """Draw the slices of one feature, or of one pair.

    Parameters
    ----------
    table : pandas.DataFrame
        As `slice_table` returns it.
    feature : str
        Its ``feature``.

    Returns
    -------
    Figure
        A panel for each metric. Hollow dots are small slices, "undefined" stands where there is
        nothing to measure, and the vertical line is all rows together.
    """
    rows = table[table["feature"] == feature]
    drawn = rows.loc[rows["n"].nlargest(_MOST_DRAWN).index.sort_values()]
    left_out = len(rows) - len(drawn)
    title = f"Slices of {feature}: value and interval"
    if left_out:
        title += f" (the {len(drawn)} largest; {left_out} smaller ones are in slices.csv)"
    figure, axes = new_figure(plain_label(title), width=13, height=1.9 + 0.3 * len(drawn),
                              panels=len(SLICE_METRICS))
    overall = table[table["feature"] == ALL].iloc[0]
    for number, (axis, metric) in enumerate(zip(axes, SLICE_METRICS)):
        _draw(axis, drawn, metric, SERIES_COLOURS[number % len(SERIES_COLOURS)])
        axis.axvline(overall[metric], color=NEUTRAL_COLOUR, linestyle=":", linewidth=1.2)
        axis.set(xlabel=_NAMES[metric], xlim=(-0.03, 1.03), ylim=(len(drawn) - 0.4, -0.6))
        axis.set_yticks(range(len(drawn)), [""] * len(drawn))
        axis.set_xticks((0, 0.5, 1), ("0", ".5", "1"))
    axes[0].set_yticks(range(len(drawn)), [_label(row) for _, row in drawn.iterrows()])
    figure.supxlabel("dotted line: all rows; hollow dot: small slice, mostly chance", fontsize=9,
                     color=NEUTRAL_COLOUR)
    return figure


def _draw(axis: Axes, rows: pd.DataFrame, metric: str, colour: str) -> None:
    value = rows[metric].to_numpy()
    places = np.arange(len(rows))
    is_small = rows["small"].to_numpy() == "yes"
    axis.hlines(places, rows[f"{metric}_low"], rows[f"{metric}_high"], color=colour, linewidth=2,
                alpha=0.6)
    for chosen, face in ((~is_small, colour), (is_small, "white")):
        axis.scatter(value[chosen], places[chosen], s=34, facecolor=face, edgecolor=colour,
                     zorder=3)
    for place in places[np.isnan(value)]:
        axis.text(0.5, place, "undefined", ha="center", va="center", fontsize=8,
                  color=NEUTRAL_COLOUR, style="italic")


def _label(row: "pd.Series[str]") -> str:
    return f"{plain_label(str(row['value']))}  (n = {int(row['n']):,})"
