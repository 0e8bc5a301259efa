"""Drift: does a current table still look like the reference that a model learned from?

In: two frames. Out: a ``DriftReport``: per column the tests, effects, faults and a verdict.
A p-value alarms at anything in a large table, an effect at anything in a small one: so a
verdict needs both. Every effect is a difference of probabilities, so one pair of limits serves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from churn.errors import InputError
from churn.schema import UNKNOWN
from churn.settings import DriftSettings
from churn.two_samples import (ColumnTest, Values, continuous_test, corrected, counts_test,
                               has_many_values, new_category_test, pooled, unit_factor)

Verdict = Literal["none", "small", "large", "data_fault", "not_enough_data"]
FaultKind = Literal["missing_column", "type_change", "new_category", "missing_jump",
                    "unit_change", "stuck_feed"]

CANNOT_SEE = (
    "A change of P(y given x), the link from features to target, shows only in labelled rows.",
    "A joint change that leaves each column alone, as when a correlation flips, is not seen: "
    "every column is tested by itself.")


@dataclass(frozen=True, slots=True)
class Fault:
    """A change that is mended in the data and not learned from; ``detail`` is a sentence."""

    kind: FaultKind
    column: str
    detail: str


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """What was found in one column; up to 20 ``new_categories``, however few their rows."""

    name: str
    verdict: Verdict
    tests: tuple[ColumnTest, ...]
    faults: tuple[Fault, ...]
    new_categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What was found in the table, by which settings, and what cannot be seen this way."""

    reference_rows: int
    current_rows: int
    settings: DriftSettings
    columns: tuple[ColumnDrift, ...]
    only_in_reference: tuple[str, ...]
    only_in_current: tuple[str, ...]
    cannot_see: tuple[str, ...] = CANNOT_SEE

    def names(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the names of the columns with this verdict, sorted."""
        return tuple(sorted(column.name for column in self.columns if column.verdict == verdict))

    def faults(self) -> tuple[Fault, ...]:
        """Return all faults, absent columns among them, sorted by column."""
        absent = [Fault("missing_column", name, "absent from the current table")
                  for name in self.only_in_reference]
        found = [fault for column in self.columns for fault in column.faults]
        return tuple(sorted(absent + found, key=lambda fault: (fault.column, fault.kind)))


@dataclass(frozen=True, slots=True)
class _Pair:
    """The present values of one column on both sides, and the rows of the two tables."""

    name: str
    reference: Values
    current: Values
    rows: tuple[int, int]


def compare_tables(reference: pd.DataFrame, current: pd.DataFrame,
                   settings: DriftSettings) -> DriftReport:
    """Compare every column that two tables share.

    Parameters
    ----------
    reference, current : DataFrame
        Numbers or text; NaN, None and the text ``Unknown`` are missing, ``NA`` is a category.
    settings : DriftSettings
        Significance (of the whole table, not of a column), least rows, effects.

    Returns
    -------
    DriftReport
        Columns in the order of ``reference``; too few rows, or one value, are never "no drift".

    Raises
    ------
    InputError
        A table has two columns of the same name.
    """
    for side, table in (("reference", reference), ("current", current)):
        if not table.columns.is_unique:
            raise InputError(f"the {side} table has two columns of the same name")
    pairs = [_Pair(str(name), _present(reference[name]), _present(current[name]),
                   (len(reference), len(current)))
             for name in reference.columns if name in current.columns]
    tests = corrected([_column_tests(pair, settings) for pair in pairs])
    return DriftReport(
        len(reference), len(current), settings,
        tuple(_judged(pair, found, settings) for pair, found in zip(pairs, tests)),
        tuple(str(name) for name in reference.columns.difference(current.columns, sort=False)),
        tuple(str(name) for name in current.columns.difference(reference.columns, sort=False)))


def _present(values: pd.Series) -> Values:
    kept = values[values.notna()]
    if is_numeric_dtype(kept.dtype):
        return kept.to_numpy(dtype=np.float64)
    text = kept.astype(str)
    return text[text != UNKNOWN].to_numpy(dtype=object)


def _type_changed(pair: _Pair) -> bool:
    is_filled = min(len(pair.reference), len(pair.current)) > 0
    return is_filled and pair.reference.dtype != pair.current.dtype


def _column_tests(pair: _Pair, settings: DriftSettings) -> list[ColumnTest]:
    """Return the tests that the rows allow; a test that cannot differ is left out."""
    present = np.array([len(pair.reference), len(pair.current)])
    if min(pair.rows) < settings.least_rows or _type_changed(pair):
        return []
    tests = [counts_test("missing", np.array([pair.rows - present, present]).T)]
    if present.min() >= settings.least_rows:
        values = np.concatenate([pair.reference, pair.current])
        is_text = values.dtype == object
        if not is_text and has_many_values(values):
            tests.append(continuous_test(pair.reference, pair.current))
        else:
            codes, levels = pd.factorize(values, sort=True)
            counts = np.array([np.bincount(side, minlength=len(levels))
                               for side in np.split(codes, present[:1])])
            tests.append(counts_test("distribution", pooled(counts)))
            tests.append(new_category_test(counts) if is_text and len(levels) > 1 else None)
    return [test for test in tests if test is not None]


def _judged(pair: _Pair, tests: list[ColumnTest], settings: DriftSettings) -> ColumnDrift:
    significant = [test for test in tests if test.adjusted_p <= settings.significance]
    faults = tuple(_faults(pair, significant, settings))
    sizes = {_size(test, settings) for test in significant}
    verdict: Verdict = "none"
    if faults:
        verdict = "data_fault"
    elif sizes & {"small", "large"}:
        verdict = "large" if "large" in sizes else "small"
    elif not any(test.name == "distribution" for test in tests):
        verdict = "not_enough_data"
    is_text = pair.reference.dtype == pair.current.dtype == object
    unseen = set(pair.current) - set(pair.reference) if is_text else ()
    return ColumnDrift(pair.name, verdict, tuple(tests), faults, tuple(sorted(unseen)[:20]))


def _size(test: ColumnTest, settings: DriftSettings) -> Verdict:
    """Return how large a significant effect is: ``none`` only if it is surely below small."""
    if test.effect + test.margin(settings.significance) < settings.small_effect:
        return "none"
    return "large" if test.effect >= settings.large_effect else "small"


def _faults(pair: _Pair, significant: list[ColumnTest],
            settings: DriftSettings) -> Iterator[Fault]:
    """Yield the faults that explain a significant difference."""
    by_name = {test.name: test for test in significant}
    if _type_changed(pair):
        yield Fault("type_change", pair.name, "numbers on one side, text on the other")
    if "new_category" in by_name:
        share = by_name["new_category"].effect
        yield Fault("new_category", pair.name, f"{share:.1%} of rows hold an unseen category")
    if "missing" in by_name and by_name["missing"].effect >= settings.large_effect:
        before, after = (1 - len(side) / rows for side, rows in
                         zip((pair.reference, pair.current), pair.rows))
        yield Fault("missing_jump", pair.name, f"missing went from {before:.1%} to {after:.1%}")
    if "distribution" not in by_name:
        return
    if len(pd.unique(pair.current)) == 1 < len(pd.unique(pair.reference)):
        yield Fault("stuck_feed", pair.name, f"varied before, now always {pair.current[0]}")
    elif pair.reference.dtype != object:
        factor = unit_factor(pair.reference, pair.current)
        most = settings.small_effect + by_name["distribution"].margin(settings.significance)
        if factor != 1 and continuous_test(pair.reference, pair.current / factor).effect <= most:
            yield Fault("unit_change", pair.name, f"same shape, {factor:.3g} times as large")
