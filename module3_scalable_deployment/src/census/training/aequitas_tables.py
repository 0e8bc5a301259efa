"""Let Aequitas judge: its groups, its disparities, its verdicts, without its false numbers.

In: predictions, or counts. Out: Aequitas' own tables.
Three habits of Aequitas are turned off by its own hooks: a disparity over zero is 10.0 there and
stays undefined here; a ratio of exactly 4/5 can fall out of the band by rounding; a verdict on two
ratios of which one is undefined is "unfair" there.

References
----------
Saleiro, P. et al. (2018). Aequitas: a bias and fairness audit toolkit. arXiv:1811.05577.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from census.errors import InputError
from census.training.codes import Coded
from census.training.counts import Counts
from census.training.rates import METRICS, divide

#: Our names of the metrics that both have.
OUR_NAMES: Mapping[str, str] = {
    "accuracy": "accuracy", "tpr": "recall", "tnr": "tnr", "for": "for", "fdr": "fdr",
    "fpr": "fpr", "fnr": "fnr", "npv": "npv", "precision": "precision",
    "pprev": "selection_rate", "prev": "base_rate"}
_LABEL, _SCORE = "label_value", "score"

#: Aequitas' columns of a crosstab, in its order.
_COLUMNS = (
    "model_id", "score_threshold", "k", "attribute_name", "attribute_value", "accuracy", "tpr",
    "tnr", "for", "fdr", "fpr", "fnr", "npv", "precision", "pp", "pn", "ppr", "pprev", "fp", "fn",
    "tn", "tp", "group_label_pos", "group_label_neg", "group_size", "total_entities", "prev")

#: Three divisions are off by less; two ratios of counts below 10^5 are never so close.
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class AequitasTables:
    """Metrics, disparities and verdicts of groups; verdicts of attributes; of all together."""

    groups: pd.DataFrame
    attributes: pd.DataFrame
    overall: Mapping[str, bool | str]


def crosstab_by_aequitas(coded: Sequence[Coded], label: Any, predicted: Any) -> pd.DataFrame:
    """Let Aequitas' Group count.

    Parameters
    ----------
    coded : sequence of Coded
        The attributes.
    label, predicted : array-like of int, shape (n,)
        0 or 1.

    Returns
    -------
    pandas.DataFrame
        A row for each group of each attribute.

    Raises
    ------
    InputError
        Two groups have the same name.
    """
    from aequitas.group import Group  # pylint: disable=import-outside-toplevel  # it is heavy

    columns: dict[str, Any] = {}
    for attribute in coded:
        names = [group.name for group in attribute.groups]
        _refuse_equal(attribute.attribute, names)
        columns[attribute.attribute] = np.array(names, dtype=object)[attribute.codes]
    frame = pd.DataFrame({**columns, _LABEL: np.asarray(label), _SCORE: np.asarray(predicted)})
    table: pd.DataFrame = Group().get_crosstabs(frame, attr_cols=list(columns))[0]
    return table


def crosstab_from_counts(counts: Sequence[Counts]) -> pd.DataFrame:
    """Return what Aequitas' Group would: the same columns, from counts.

    Parameters
    ----------
    counts : sequence of Counts
        The attributes.

    Returns
    -------
    pandas.DataFrame
        A row for each group of each attribute, as `crosstab_by_aequitas`.

    Raises
    ------
    InputError
        Two groups have the same name.
    """
    return pd.concat([_crosstab_of(attribute) for attribute in counts], ignore_index=True)


def judge(crosstab: pd.DataFrame, references: Mapping[str, str], tolerance: float
          ) -> AequitasTables:
    """Let Aequitas' Bias divide and its Fairness judge.

    Parameters
    ----------
    crosstab : pandas.DataFrame
        By Aequitas or from counts.
    references : mapping
        Attribute -> the group that the others are compared with.
    tolerance : float
        Ratios from it to one over it are fair, both included.

    Returns
    -------
    AequitasTables
        What is undefined is NaN.

    Raises
    ------
    InputError
        A reference group does not occur.
    """
    # pylint: disable=import-outside-toplevel  # they are heavy
    from aequitas.bias import Bias
    from aequitas.fairness import Fairness

    try:
        disparities = Bias(fill_divbyzero=float("nan")).get_disparity_predefined_groups(
            crosstab, None, dict(references))
    except ValueError as err:
        wanted = ", ".join(f"{name} {group}" for name, group in references.items())
        raise InputError(f"setting bias.reference: not every group occurs of {wanted}") from err
    fairness = Fairness(fair_eval=_verdict, tau=tolerance)
    fairness.high_level_pair_eval = _verdict_on_both
    with _root_logger_kept():
        groups = fairness.get_group_value_fairness(disparities)
        # It copies its table some hundred times, so it gets no column that it does not use.
        attributes = fairness.get_group_attribute_fairness(
            groups[[*_COLUMNS[:4], *fairness.list_parities(groups)]])
    return AequitasTables(groups, attributes, fairness.get_overall_fairness(attributes))


def _crosstab_of(counts: Counts) -> pd.DataFrame:
    names = [group.name for group in counts.groups]
    _refuse_equal(counts.attribute, names)
    true_negative, false_positive, false_negative, true_positive = counts.table.T
    selected = true_positive + false_positive
    total = np.full(len(names), selected.sum())
    table = pd.DataFrame({
        "model_id": 0, "score_threshold": "binary 0/1", "k": total,
        "attribute_name": counts.attribute, "attribute_value": names,
        **{theirs: divide(*METRICS[ours].parts(counts.table))
           for theirs, ours in OUR_NAMES.items()},
        "pp": selected, "pn": false_negative + true_negative,
        "ppr": divide(selected, total), "fp": false_positive, "fn": false_negative,
        "tn": true_negative, "tp": true_positive,
        "group_label_pos": false_negative + true_positive,
        "group_label_neg": true_negative + false_positive,
        "group_size": counts.rows, "total_entities": counts.rows.sum()})
    return table[list(_COLUMNS)]


def _verdict(tolerance: float) -> Callable[[float], bool | float]:
    def judged(ratio: float) -> bool | float:
        if np.isnan(ratio):
            return float("nan")
        return bool(tolerance - _ROUNDING <= ratio <= 1 / tolerance + _ROUNDING)
    return judged


def _verdict_on_both(first: str, second: str) -> Callable[[Any], bool | float]:
    def judged(row: Any) -> bool | float:
        verdicts = [row[first], row[second]]
        known = [bool(verdict) for verdict in verdicts if not np.isnan(verdict)]
        return float("nan") if all(known) and len(known) < len(verdicts) else all(known)
    return judged


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    """Undo that Aequitas logs by functions of ``logging``, which configure the root logger."""
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        yield
    finally:
        root.handlers[:] = before


def _refuse_equal(attribute: str, names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"two groups of {attribute} have the same name, {twice}")
