"""Cut the test rows into slices and measure each: where does the model do worse?

In: predictions with the columns of the data. Out: one row a slice, with intervals.
An average hides the groups it is made of. A small slice is marked, because its figures are mostly
chance, and what cannot be measured says why.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from census.errors import InputError
from census.settings import SliceSettings
from census.training.codes import Coded, combine, encode, encode_bins
from census.training.counts import Counts, count, merge, outcomes, whole
from census.training.predictions import LABEL, PREDICTED, categorical_columns
from census.training.rates import METRICS, OUTCOMES, measure

#: What is measured of each slice.
SLICE_METRICS = ("precision", "recall", "f1", "fpr", "selection_rate")
#: The row of all slices together: its feature, and its value.
ALL = "(all rows)"
_DECIMALS = 6


def code_slices(predictions: pd.DataFrame, settings: SliceSettings) -> list[Coded]:
    """Return the slices that each row belongs to.

    Parameters
    ----------
    predictions : pandas.DataFrame
        As `read_predictions` yields them.
    settings : SliceSettings
        Bins of numbers, and pairs of features.

    Returns
    -------
    list of Coded
        Categorical features, binned features, pairs.

    Raises
    ------
    InputError
        The settings name a column that cannot be cut.
    """
    single = {name: encode(name, predictions[name])
              for name in categorical_columns(predictions)}
    for name, edges in settings.bins.items():
        if name in single or name not in predictions.columns:
            raise InputError(f"setting slices.bins: {name} is no numeric column")
        single[name] = encode_bins(name, predictions[name], edges)
    pairs = []
    for pair in settings.pairs:
        if not single.keys() >= set(pair):
            raise InputError(f"setting slices.pairs: {' and '.join(pair)} are not both "
                             "categories or binned")
        pairs.append(combine(single[pair[0]], single[pair[1]]))
    return [*single.values(), *pairs]


def count_slices(parts: Iterable[pd.DataFrame], settings: SliceSettings) -> tuple[Counts, ...]:
    """Count all slices of predictions that come in parts.

    Parameters
    ----------
    parts : iterable of pandas.DataFrame
        As `read_predictions` yields them.
    settings : SliceSettings

    Returns
    -------
    tuple of Counts
        One for each feature and pair.

    Raises
    ------
    InputError
        There is no row.
    """
    found: list[Sequence[Counts]] = []
    for part in parts:
        outcome = outcomes(part[LABEL], part[PREDICTED])
        found.append([count(coded, outcome) for coded in code_slices(part, settings)])
    if not found or not found[0][0].groups:
        raise InputError("there is no prediction to audit")
    return tuple(merge(same) for same in zip(*found, strict=True))


def slice_table(counts: Sequence[Counts], settings: SliceSettings) -> pd.DataFrame:
    """Return the measured slices.

    Parameters
    ----------
    counts : sequence of Counts
        As `count_slices` returns them.
    settings : SliceSettings
        From how many rows on a slice is not small, and the confidence of intervals.

    Returns
    -------
    pandas.DataFrame
        A row for all rows together, then one a slice: ``feature``, ``value``, ``n``, ``small``,
        ``support`` (positive rows), the four counts, each metric with ``_low`` and ``_high``,
        and ``undefined``, the reasons of what is NaN.
    """
    names = [(ALL, ALL), *((slices.attribute, group.name)
                           for slices in counts for group in slices.groups)]
    table = np.concatenate([whole(counts[0]), *(slices.table for slices in counts)])
    features, values = zip(*names)
    return pd.DataFrame({"feature": features, "value": values, **_measured(table, settings)})


def course_text(counts: Sequence[Counts]) -> str:
    """Return the slices of single categories as the usual course prints them.

    Parameters
    ----------
    counts : sequence of Counts
        As `count_slices` returns them.

    Returns
    -------
    str
        Two lines a slice, ``sex: Male, Count: 10`` and ``Precision: … | Recall: … | F1: …``;
        what is undefined is printed as such.
    """
    lines = []
    for slices in counts:
        if any(len(group.parts) > 1 or group.is_ranked for group in slices.groups):
            continue  # pairs and bins
        found = [measure(slices.table, METRICS[name]).value
                 for name in ("precision", "recall", "f1")]
        for place, (group, rows) in enumerate(zip(slices.groups, slices.rows)):
            words = [f"{side[place]:.4f}" if side[place] == side[place] else "undefined"
                     for side in found]
            lines += [f"{slices.attribute}: {group.name}, Count: {rows:,}",
                      f"Precision: {words[0]} | Recall: {words[1]} | F1: {words[2]}"]
    return "\n".join(lines) + "\n"


def _measured(table: NDArray[np.int64], settings: SliceSettings) -> dict[str, object]:
    """Return the figures of groups, by column."""
    rows = table.sum(axis=1)
    figures: dict[str, object] = {
        "n": rows, "small": np.where(rows < settings.least_rows, "yes", "no"),
        "support": METRICS["recall"].parts(table)[1],
        **dict(zip(OUTCOMES, table.T, strict=True))}
    reasons: list[list[str]] = [[] for _ in rows]
    for name in SLICE_METRICS:
        metric = METRICS[name]
        found = measure(table, metric, settings.confidence)
        for suffix, side in (("", found.value), ("_low", found.low), ("_high", found.high)):
            figures[name + suffix] = side.round(_DECIMALS)
        for place in np.flatnonzero(np.isnan(found.value)):
            reasons[place].append(f"{name}: {metric.undefined}")
    return {**figures, "undefined": ["; ".join(words) for words in reasons]}
