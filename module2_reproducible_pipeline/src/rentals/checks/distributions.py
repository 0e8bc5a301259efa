"""The non-deterministic checks: does a table still come from the reference's population?

In: two frames and settings. Out: one result a column, one for absent boroughs, one divergence.
A p-value alarms at anything in a large table, an effect at anything in a small one: a column
fails when chance does not explain its difference *and* the difference is large enough to care.

``last_review`` is left out, because a later drop has later days by nature.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rentals.checks.results import CheckResult, figure
from rentals.checks.statistics import (Counts, TwoSampleTest, absent_level_test, counts_test,
                                       holm, kl_divergence_bits, ks_test)
from rentals.settings import CheckSettings

BOROUGH = "neighbourhood_group"
LEVEL_COLUMNS = (BOROUGH, "neighbourhood", "room_type")
NUMBER_COLUMNS = ("latitude", "longitude", "price", "minimum_nights", "number_of_reviews",
                  "reviews_per_month", "calculated_host_listings_count", "availability_365")
DIVERGENCE, ABSENT = "borough_kl_divergence", "boroughs_present"


def check_name(column: str) -> str:
    """Return the name of the check of one column."""
    return f"similar_{column}"


COMPARISON_NAMES = (DIVERGENCE, ABSENT,
                    *(check_name(column) for column in LEVEL_COLUMNS + NUMBER_COLUMNS))


@dataclass(frozen=True, slots=True)
class _Finding:
    """A check before Holm's correction: a test and its story, or else a result at once."""

    name: str
    story: str = ""
    test: TwoSampleTest | None = None
    least_effect: float = 0.0
    result: CheckResult | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Levels:
    """Rows of each level: first line the reference, second line the current table."""

    names: tuple[str, ...]
    counts: Counts


def compare_distributions(reference: pd.DataFrame, current: pd.DataFrame,
                          settings: CheckSettings) -> tuple[CheckResult, ...]:
    """Compare the columns of two tables.

    Parameters
    ----------
    reference, current : DataFrame
        Columns of the schema; numbers are float or int with NaN for missing, the rest text.
    settings : CheckSettings
        Significance of all comparisons together, least effect, least rows, and the threshold
        of the divergence.

    Returns
    -------
    tuple of CheckResult
        One for each of ``COMPARISON_NAMES``, in that order. Tables that share rows differ less
        than chance allows, so overlap makes the checks more lenient, never stricter.
    """
    findings = [_divergence(reference, current, settings), _absence(reference, current, settings)]
    findings += [_level_column(name, reference, current, settings) for name in LEVEL_COLUMNS]
    findings += [_number_column(name, reference, current, settings) for name in NUMBER_COLUMNS]
    adjusted = iter(holm([finding.test.p_value for finding in findings if finding.test]))
    return tuple(finding.result or _judged(finding, next(adjusted), settings)
                 for finding in findings)


def _judged(finding: _Finding, adjusted_p: float, settings: CheckSettings) -> CheckResult:
    test = finding.test
    if test is None:
        raise ValueError(f"{finding.name} has neither test nor result")
    is_significant = adjusted_p <= settings.significance
    failed = is_significant and test.effect >= finding.least_effect
    message = f"{test.method}: effect {test.effect:.3g}, adjusted p {adjusted_p:.3g}"
    if is_significant and not failed:
        message += f" (too small to care: below {finding.least_effect:g})"
    return CheckResult(
        finding.name, "failed" if failed else "passed", f"{message}; {finding.story}",
        (figure("effect", test.effect), figure("p_value", test.p_value),
         figure("adjusted_p", adjusted_p)))


def _divergence(reference: pd.DataFrame, current: pd.DataFrame,
                settings: CheckSettings) -> _Finding:
    refusal = _refusal(DIVERGENCE, BOROUGH, reference, current, settings)
    if refusal:
        return refusal
    levels = _levels(reference[BOROUGH], current[BOROUGH])
    bits = kl_divergence_bits(levels.counts[1], levels.counts[0])
    return _Finding(DIVERGENCE, result=CheckResult(
        DIVERGENCE, "passed" if bits < settings.kl_threshold else "failed",
        f"KL(current || reference) is {bits:.4g} bits, must be below {settings.kl_threshold:g}; "
        + _moved_most(levels), (figure("kl_divergence_bits", bits),)))


def _absence(reference: pd.DataFrame, current: pd.DataFrame,
             settings: CheckSettings) -> _Finding:
    refusal = _refusal(ABSENT, BOROUGH, reference, current, settings)
    if refusal:
        return refusal
    levels = _levels(reference[BOROUGH], current[BOROUGH])
    absent = [f"{name} has {levels.counts[1 - side, place]} rows in the {other} and none in "
              f"the {here}" for side, here, other in ((1, "current table", "reference"),
                                                      (0, "reference", "current table"))
              for place, name in enumerate(levels.names) if not levels.counts[side, place]]
    return _Finding(ABSENT, "; ".join(absent) or "each borough stands in both tables",
                    absent_level_test(levels.counts))


def _level_column(name: str, reference: pd.DataFrame, current: pd.DataFrame,
                  settings: CheckSettings) -> _Finding:
    refusal = _refusal(check_name(name), name, reference, current, settings)
    if refusal:
        return refusal
    levels = _levels(reference[name], current[name])
    return _Finding(check_name(name), _moved_most(levels), counts_test(levels.counts),
                    settings.least_effect)


def _number_column(name: str, reference: pd.DataFrame, current: pd.DataFrame,
                   settings: CheckSettings) -> _Finding:
    refusal = _refusal(check_name(name), name, reference, current, settings)
    if refusal:
        return refusal
    before, after = (table[name].dropna().to_numpy(dtype=np.float64)
                     for table in (reference, current))
    return _Finding(check_name(name), f"median {np.median(before):.6g} -> {np.median(after):.6g}",
                    ks_test(before, after), settings.least_effect)


def _refusal(check: str, column: str, reference: pd.DataFrame, current: pd.DataFrame,
             settings: CheckSettings) -> _Finding | None:
    """Return why a column cannot be compared, or None."""
    for side, table in (("reference", reference), ("current table", current)):
        if column not in table.columns:
            return _Finding(check, result=CheckResult(
                check, "failed", f"cannot be compared, the {side} lacks {column}"))
        rows = int(table[column].notna().sum())
        if rows < settings.least_rows:
            return _Finding(check, result=CheckResult(
                check, "not_run", f"the {side} has {rows} values of {column}, "
                f"{settings.least_rows} are needed to compare"))
    return None


def _levels(reference: "pd.Series[str]", current: "pd.Series[str]") -> _Levels:
    codes, names = pd.factorize(pd.concat([reference, current]).to_numpy(dtype=object), sort=True)
    counts = [np.bincount(side, minlength=len(names))
              for side in (codes[:len(reference)], codes[len(reference):])]
    return _Levels(tuple(str(name) for name in names), np.array(counts, dtype=np.int64))


def _moved_most(levels: _Levels) -> str:
    shares = levels.counts / levels.counts.sum(axis=1, keepdims=True)
    place = int(np.argmax(np.abs(shares[1] - shares[0])))
    name = ascii(levels.names[place][:40])[1:-1]
    return f"{name} moved most, {shares[0, place]:.1%} -> {shares[1, place]:.1%}"
