"""A drift report as rows of the ledger: one for each test, fault and rule.

In: a report, or what a rule says. Out: records of `DriftVerdict`, not yet written.
"""

from collections.abc import Iterator
from dataclasses import replace

from riskwatch.drift_report import DriftReport
from riskwatch.records import DriftVerdict, Score
from riskwatch.score_rules import RuleVerdict

#: Stands for the column where all columns are tested together.
JOINT = "all columns"


def verdict_rows(report: DriftReport, file_id: int) -> Iterator[DriftVerdict]:
    """Yield the rows of a report: each test, each fault, and the joint test with its blindness.

    Parameters
    ----------
    report : DriftReport
    file_id : int

    Yields
    ------
    DriftVerdict
    """
    significance = report.settings.significance
    plain = DriftVerdict(
        file_id=file_id, column=JOINT, test="joint", verdict="not_enough_data", statistic=None,
        p_value=None, p_adjusted=None, effect=None, reference_rows=report.reference_rows,
        current_rows=report.current_rows)
    for column in report.columns:
        for test in column.tests:
            is_drift = test.adjusted_p <= significance and column.verdict != "none"
            index = test.stability_index
            words = "" if index is None else f"PSI {index:.3f}"
            yield replace(
                plain, column=column.name, test=test.name,
                verdict="drift" if is_drift else "no_drift", statistic=round(test.effect, 6),
                p_value=_digits(test.p_value), p_adjusted=_digits(test.adjusted_p),
                effect=round(test.effect, 6), reference_rows=test.rows[0],
                current_rows=test.rows[1],
                detail=f"{test.method}, margin {test.margin(significance):.3f} {words}".strip())
        if not any(test.name == "distribution" for test in column.tests):
            yield replace(plain, column=column.name, test="distribution")
    for fault in report.faults():
        yield replace(plain, column=fault.column, test=fault.kind, verdict="drift",
                      detail=fault.detail)
    blind = "cannot see: " + " ".join(report.cannot_see)
    if report.joint is None:
        yield replace(plain, detail=blind)
        return
    test, pair = report.joint.test, " and ".join(report.joint.columns)
    yield replace(
        plain, verdict="drift" if report.joint.is_drift else "no_drift",
        statistic=_digits(report.joint.statistic), p_value=_digits(test.p_value),
        p_adjusted=_digits(test.adjusted_p), effect=round(test.effect, 6),
        reference_rows=test.rows[0], current_rows=test.rows[1],
        detail=f"{test.method}, most changed: {pair}; {blind}")


def rule_row(column: str, rule: RuleVerdict, now: Score, history: int) -> DriftVerdict:
    """Return what a rule says of a score; ``history`` figures stand behind it.

    Parameters
    ----------
    column : str
        Which figure of the score.
    rule : RuleVerdict
    now : Score
    history : int

    Returns
    -------
    DriftVerdict
    """
    detail = f"{history} {'rows' if rule.rule == 'raw_comparison' else 'figures'} before"
    if rule.limit is not None:
        detail += f", limit {rule.limit:.6f}"
    return DriftVerdict(
        file_id=now.file_id, column=column, test=rule.rule, verdict=rule.verdict,
        statistic=None if rule.new is None else round(rule.new, 6), p_value=None,
        p_adjusted=None, effect=None, reference_rows=history, current_rows=now.labelled_rows,
        detail=detail)


def _digits(value: float) -> float:
    return float(f"{value:.6g}")
