"""Drift: does a current table still look like the reference that a model learned from?

In: two frames, or a reference that was summarised once. Out: a ``DriftReport``: per column the
tests, effects, faults and a verdict, and a test of all columns together. A p-value alarms at
anything in a large table, an effect at anything in a small one: so a verdict needs both.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from riskwatch.column_summary import FEW_VALUES, Summary, summarised
from riskwatch.drift_report import (ColumnDrift, DriftReport, Fault, JointDrift, Verdict,
                                    faults_of, type_changed)
from riskwatch.errors import InputError
from riskwatch.joint_test import joint_test
from riskwatch.watch_settings import DriftSettings
from riskwatch.two_samples import (ColumnTest, continuous_test, corrected, counts_test,
                                   new_category_test, pooled)

Summaries = Mapping[str, Summary]
SeriesPair = tuple[pd.Series, pd.Series]
#: The columns share four fifths of the significance, the joint test has the fifth for itself.
_COLUMNS_SHARE = 0.8


def compare_tables(reference: pd.DataFrame, current: pd.DataFrame, settings: DriftSettings, *,
                   seed: int = 0, extra: Mapping[str, SeriesPair] | None = None) -> DriftReport:
    """Compare every column that two tables share, and all of them together.

    Parameters
    ----------
    reference, current : DataFrame
        Numbers or text; NaN and None are missing, any text is a category.
    settings : DriftSettings
        Significance (of the whole table, not of a column), least rows, effects.
    seed : int
        Of the permutations.
    extra : mapping of str to two Series, optional
        Further columns with rows of their own, as the model's scores; they are not joint.

    Returns
    -------
    DriftReport
        Columns in the order of ``reference``; too few rows, or one value, are never "no drift".

    Raises
    ------
    InputError
        A table has two columns of the same name.
    """
    before = summaries_of(reference, "reference")
    after = summaries_of(current, "current", before)
    for name, (then, now) in (extra or {}).items():
        before[name] = summarised(then)
        after[name] = summarised(now, before[name])
    report = compare_summaries(before, after, settings)
    if min(len(reference), len(current)) < settings.least_rows or settings.permutations == 0:
        return report
    found = joint_test(reference, current, most_rows=settings.joint_rows,
                       permutations=settings.permutations, seed=seed)
    if found is None:
        return report
    adjusted = min(1.0, found.p_value / (1 - _COLUMNS_SHARE))
    test = ColumnTest("joint", "maximum mean discrepancy", found.rows, found.effect,
                      found.p_value, adjusted)
    is_drift = adjusted <= settings.significance
    return replace(report, joint=JointDrift(is_drift, test, found.statistic, found.columns))


def summaries_of(table: pd.DataFrame, side: str, like: Summaries | None = None
                 ) -> dict[str, Summary]:
    """Summarise every column of a table.

    Parameters
    ----------
    table : DataFrame
    side : str
        Names the table in messages.
    like : mapping, optional
        Summaries of the reference: numbers are counted at its edges.

    Returns
    -------
    dict
        Name -> summary.

    Raises
    ------
    InputError
        Two columns have the same name.
    """
    if not table.columns.is_unique:
        raise InputError(f"the {side} table has two columns of the same name")
    known = like or {}
    return {str(name): summarised(table[name], known.get(str(name))) for name in table.columns}


def compare_summaries(reference: Summaries, current: Summaries, settings: DriftSettings
                      ) -> DriftReport:
    """Compare columns that were summarised, as those of tables too large for memory.

    Parameters
    ----------
    reference, current : mapping of str to Summary
        ``current`` was counted at the edges of ``reference``.
    settings : DriftSettings

    Returns
    -------
    DriftReport
        Without a joint test, which needs the rows.
    """
    names = [name for name in reference if name in current]
    pairs = [(reference[name], current[name]) for name in names]
    tests = [[replace(test, adjusted_p=min(1.0, test.adjusted_p / _COLUMNS_SHARE))
              for test in column]
             for column in corrected([_column_tests(*pair, settings) for pair in pairs])]
    rows = [next((side.rows for side in sides.values()), 0) for sides in (reference, current)]
    return DriftReport(
        rows[0], rows[1], settings,
        tuple(_judged(name, pair, found, settings)
              for name, pair, found in zip(names, pairs, tests)),
        tuple(name for name in reference if name not in current),
        tuple(name for name in current if name not in reference))


def _column_tests(reference: Summary, current: Summary, settings: DriftSettings
                  ) -> list[ColumnTest]:
    """Return the tests that the rows allow; a test that cannot differ is left out."""
    rows = np.array([reference.rows, current.rows])
    present = np.array([reference.present, current.present])
    if rows.min() < settings.least_rows or type_changed(reference, current):
        return []
    tests = [counts_test("missing", np.array([rows - present, present]).T)]
    if present.min() >= settings.least_rows:
        tests += _distribution_tests(reference, current)
    return [test for test in tests if test is not None]


def _distribution_tests(reference: Summary, current: Summary) -> list[ColumnTest | None]:
    levels = sorted({*(reference.levels or ()), *(current.levels or ())})
    is_text = reference.kind == "text"
    has_few = (reference.levels is not None and current.levels is not None
               and len(levels) <= FEW_VALUES)
    if not is_text and not has_few:
        assert reference.sketch is not None and current.sketch is not None
        return [continuous_test(reference.sketch, current.sketch)]
    counts = np.array([[(side.levels or {}).get(level, 0) for level in levels]
                       for side in (reference, current)])
    return [counts_test("distribution", pooled(counts)),
            new_category_test(counts) if is_text and len(levels) > 1 else None]


def _judged(name: str, pair: tuple[Summary, Summary], tests: list[ColumnTest],
            settings: DriftSettings) -> ColumnDrift:
    significant = [test for test in tests if test.adjusted_p <= settings.significance]
    faults: tuple[Fault, ...] = tuple(faults_of(name, pair, significant, settings))
    sizes = {_size(test, settings) for test in significant}
    verdict: Verdict = "none"
    if faults:
        verdict = "data_fault"
    elif sizes & {"small", "large"}:
        verdict = "large" if "large" in sizes else "small"
    elif not any(test.name == "distribution" for test in tests):
        verdict = "not_enough_data"
    unseen: set[str] = set()
    if pair[0].kind == pair[1].kind == "text":
        unseen = set(pair[1].levels or ()) - set(pair[0].levels or ())
    return ColumnDrift(name, verdict, tuple(tests), faults, tuple(sorted(unseen)[:20]))


def _size(test: ColumnTest, settings: DriftSettings) -> Verdict:
    """Return how large a significant effect is: ``none`` only if it is surely below small."""
    if test.effect + test.margin(settings.significance) < settings.small_effect:
        return "none"
    return "large" if test.effect >= settings.large_effect else "small"
