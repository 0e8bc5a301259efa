"""The drift laboratory: which rule cries wolf, and which one sees the wolf?

In: pairs of tables of which the truth is known, and a seed. Out: rates of alarms, with counts
and intervals. The rules in use elsewhere are measured on the same pairs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from scipy import stats

from riskwatch.column_summary import summarised
from riskwatch.drift import compare_tables
from riskwatch.drift_families import (CHANGES, FLIP, NULL_FAMILIES, SHAPES, Shape, changed_pair,
                                      null_pairs)
from riskwatch.quantile_sketch import stability_index
from riskwatch.score_rules import non_parametric, parametric, raw_comparison
from riskwatch.watch_settings import DriftSettings

Rule = Callable[[pd.DataFrame, pd.DataFrame], bool]
OURS = "this module: tests, effects, Holm, joint test"
_SCORE_ROWS, _SCORE_DROPS, _ACCURACY = 150, 20, 0.8


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a rule alarmed, of how many pairs of one kind; ``is_null``: it should not have."""

    rule: str
    kind: str
    is_null: bool
    alarms: int
    pairs: int

    def interval(self) -> tuple[float, float]:
        """Return the exact 95 % interval (Clopper and Pearson)."""
        found = stats.binomtest(self.alarms, self.pairs).proportion_ci(0.95)
        return float(found.low), float(found.high)


def measure_rules(settings: DriftSettings, *, shapes: tuple[Shape, ...] = SHAPES,
                  tries: int = 50, seed: int = 42) -> tuple[Rate, ...]:
    """Measure every rule on every kind of pair.

    Parameters
    ----------
    settings : DriftSettings
        Of this module's own rule.
    shapes : tuple
        Null pairs of each of the twelve families.
    tries : int
        Pairs of each planted change.
    seed : int

    Returns
    -------
    tuple of Rate
        By rule and kind.
    """
    alarms: dict[tuple[str, str], int] = {}
    rules = _rules(settings)

    def note(kind: str, reference: pd.DataFrame, current: pd.DataFrame) -> None:
        for name, rule in rules.items():
            alarms[name, kind] = alarms.get((name, kind), 0) + rule(reference, current)

    for family, reference, current in null_pairs(shapes, seed):
        note(family, reference, current)
    for place, change in enumerate((*CHANGES, FLIP)):
        for number in range(tries):
            note(change, *changed_pair(change, np.random.default_rng([seed, 50 + place, number])))
    rates = [Rate(name, kind, kind in NULL_FAMILIES, hits,
                  len(shapes) if kind in NULL_FAMILIES else tries)
             for (name, kind), hits in alarms.items()]
    return (*rates, *_score_rates(tries * 4, seed))


def _rules(settings: DriftSettings) -> Mapping[str, Rule]:
    def ours(reference: pd.DataFrame, current: pd.DataFrame) -> bool:
        return compare_tables(reference, current, settings).verdict() in (
            "small", "large", "data_fault")

    def any_p(reference: pd.DataFrame, current: pd.DataFrame) -> bool:
        return any(p < 0.05 for p in _p_values(reference, current))

    def half_of_columns(reference: pd.DataFrame, current: pd.DataFrame) -> bool:
        return float(np.mean([p < 0.05 for p in _p_values(reference, current)])) >= 0.5

    def any_psi(reference: pd.DataFrame, current: pd.DataFrame) -> bool:
        return any(_psi(reference[name], current[name]) > 0.2 for name in reference.columns)

    return {OURS: ours, "any column p < .05": any_p,
            "half of the columns p < .05": half_of_columns, "any column PSI > .2": any_psi}


def _p_values(reference: pd.DataFrame, current: pd.DataFrame) -> list[float]:
    found = []
    for name in reference.columns:
        sides = [side[name].dropna() for side in (reference, current)]
        if not all(map(len, sides)):
            found.append(1.0)
        elif is_numeric_dtype(sides[0].dtype):
            found.append(float(stats.ks_2samp(*sides, method="asymp").pvalue))
        else:
            counts = pd.concat([side.value_counts() for side in sides], axis=1).fillna(0)
            found.append(float(stats.chi2_contingency(counts.T).pvalue))
    return found


def _psi(reference: pd.Series, current: pd.Series) -> float:
    before = summarised(reference)
    if before.sketch is not None and before.present and current.notna().any():
        after = summarised(current, before)
        assert after.sketch is not None
        return stability_index(before.sketch, after.sketch)
    counts = pd.concat([side.value_counts() for side in (reference, current)], axis=1).fillna(0)
    shares = (counts + 0.5) / (counts + 0.5).sum()
    return float(((shares.iloc[:, 1] - shares.iloc[:, 0])
                  * np.log(shares.iloc[:, 1] / shares.iloc[:, 0])).sum())


def _score_rates(tries: int, seed: int) -> list[Rate]:
    """Measure the course's rules of scores, on accuracies of a model that is .8, or falls to .7.

    The baseline of the raw rule and the history of the others are drops of the same model.
    """
    rng = np.random.default_rng([seed, 1_000])
    rates = []
    for kind, accuracy in (("score of 150 rows, unchanged", _ACCURACY),
                           ("score of 150 rows, .8 to .7", _ACCURACY - 0.1)):
        past = rng.binomial(_SCORE_ROWS, _ACCURACY, (tries, _SCORE_DROPS)) / _SCORE_ROWS
        new = rng.binomial(_SCORE_ROWS, accuracy, tries) / _SCORE_ROWS
        found = {"score below the baseline (raw)":
                 [raw_comparison(n, p[0]).is_drift for n, p in zip(new, past)],
                 "score below mean - 2 sd (parametric)":
                 [parametric(p, n).is_drift for n, p in zip(new, past)],
                 "score below Q1 - 1.5 IQR (non-parametric)":
                 [non_parametric(p, n).is_drift for n, p in zip(new, past)]}
        rates += [Rate(rule, kind, accuracy == _ACCURACY, sum(hits), tries)
                  for rule, hits in found.items()]
    return rates


def totals(rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """Return, per rule, all pairs without drift together, and all pairs with."""
    found = []
    for rule in dict.fromkeys(rate.rule for rate in rates):
        for is_null in (True, False):
            mine = [rate for rate in rates if rate.rule == rule and rate.is_null == is_null]
            found.append(Rate(rule, "no drift" if is_null else "drift", is_null,
                              sum(rate.alarms for rate in mine), sum(rate.pairs for rate in mine)))
    return tuple(found)
