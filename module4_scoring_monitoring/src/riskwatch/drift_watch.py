"""Watch drops for drift: rows against those that the model learned from, scores against before.

In: a workplace, its ledger, the serving model, new files. Out: a report per file, and a row of
the ledger for each test. Beside the tests of rows stand the course's three rules of scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from riskwatch.dataset import drop_rows, labelled_rows
from riskwatch.drift import compare_tables
from riskwatch.drift_report import DriftReport
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.records import DriftVerdict, File, Score
from riskwatch.schema import FEATURES
from riskwatch.score import predict
from riskwatch.score_rules import RuleVerdict, non_parametric, parametric, raw_comparison
from riskwatch.store import StoredModel
from riskwatch.workplace import Workplace

#: Columns of verdicts that are no columns of a drop.
PROBABILITY, JOINT, SCORE, ERROR = "predicted_probability", "all columns", "f1", "error_rate"


@dataclass(frozen=True)
class Watch:
    """Where a cycle watches, the model that serves, and the run that it belongs to."""

    place: Workplace
    ledger: Ledger
    stored: StoredModel
    run_id: int | None = None


@dataclass(frozen=True)
class SeenDrift:
    """What was seen: a report per file, in the order of the files, and the ledger's rows."""

    reports: tuple[DriftReport, ...]
    entries: tuple[Entry[DriftVerdict], ...]

    def in_words(self) -> str:
        """Return one line."""
        alarms = sum(report.verdict() in ("small", "large", "data_fault")
                     for report in self.reports)
        last = self.reports[-1].in_words() if self.reports else "no file"
        return f"{alarms} of {len(self.reports)} drops drift; the last: {last}"


def watch_drops(watch: Watch, scores: Sequence[Entry[Score]]) -> SeenDrift:
    """Compare the files of scores with what the model knows, and write down what is seen.

    Parameters
    ----------
    watch : Watch
    scores : sequence of Entry of Score
        Of the new files, by the model that serves.

    Returns
    -------
    SeenDrift
    """
    if not scores:
        return SeenDrift((), ())
    place, ledger, settings = watch.place, watch.ledger, watch.place.settings
    learned = learned_rows(watch)
    held_out = labelled_rows(place, ledger, "hold_out", settings.scoring.hold_out_rows)
    known = pd.Series(predict(watch.stored, held_out))
    reports, records = [], []
    for score in scores:
        file = ledger.get(File, score.record.file_id or 0)
        assert file is not None
        rows = drop_rows(place, ledger, file.record)
        rows = rows[~rows["is_repeated"]]
        now = pd.Series(predict(watch.stored, rows))
        report = compare_tables(learned[list(FEATURES)], rows[list(FEATURES)], settings.drift,
                                seed=settings.seed, extra={PROBABILITY: (known, now)})
        reports.append(report)
        records += [*_verdicts(report, file.id), *_rules(ledger, score)]
    return SeenDrift(tuple(reports), ledger.append(*records, run_id=watch.run_id))


def learned_rows(watch: Watch) -> pd.DataFrame:
    """Return the rows that the model learned from, as far as they are still current.

    Parameters
    ----------
    watch : Watch

    Returns
    -------
    DataFrame
        As `riskwatch.dataset.labelled_rows`.
    """
    facts, since = watch.stored.facts, 0
    newest = watch.ledger.latest(File, status="accepted")
    if newest is not None and newest.record.first_row and newest.record.rows:
        since = newest.record.first_row + newest.record.rows - 1 - facts.last_row
    rows = labelled_rows(watch.place, watch.ledger, "train", facts.rows + max(since, 0))
    return rows[rows["row"] <= facts.last_row].tail(facts.rows)


def baseline_score(ledger: Ledger, version: str) -> Score | None:
    """Return a model's score on the hold-out when it was deployed, if there is one."""
    for entry in ledger.entries(Score, Query(filters={"model_version": version},
                                             newest_first=False)):
        if entry.record.subject == "hold_out":
            return entry.record
    return None


def _verdicts(report: DriftReport, file_id: int) -> Iterator[DriftVerdict]:
    """Yield the rows of a report: each test, each fault, and the joint test with its blindness."""
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


def _rules(ledger: Ledger, score: Entry[Score]) -> Iterator[DriftVerdict]:
    """Yield what the course's rules say of F1, and of the share of errors the other way round."""
    now = score.record
    base = baseline_score(ledger, now.model_version)
    before = [entry.record for entry in ledger.entries(
        Score, Query(filters={"model_version": now.model_version}))
        if entry.record.subject == "drop" and entry.id < score.id]
    f1s = [past.f1 for past in before if past.f1 is not None]
    errors = [1 - past.accuracy for past in before if past.accuracy is not None]
    error = None if now.accuracy is None else 1 - now.accuracy
    base_error = None if base is None or base.accuracy is None else 1 - base.accuracy
    for column, rule, history in (
            (SCORE, raw_comparison(now.f1, base.f1 if base else None), 1 if base else 0),
            (SCORE, parametric(f1s, now.f1), len(f1s)),
            (SCORE, non_parametric(f1s, now.f1), len(f1s)),
            (ERROR, raw_comparison(error, base_error, "lower"), 1 if base else 0),
            (ERROR, parametric(errors, error, "lower"), len(errors)),
            (ERROR, non_parametric(errors, error, "lower"), len(errors))):
        yield _rule_row(column, rule, now, history)


def _rule_row(column: str, rule: RuleVerdict, now: Score, history: int) -> DriftVerdict:
    detail = f"{history} figures before"
    if rule.limit is not None:
        detail += f", limit {rule.limit:.6f}"
    return DriftVerdict(
        file_id=now.file_id, column=column, test=rule.rule, verdict=rule.verdict,
        statistic=None if rule.new is None else round(rule.new, 6), p_value=None,
        p_adjusted=None, effect=None, reference_rows=history, current_rows=now.labelled_rows,
        detail=detail)


def _digits(value: float) -> float:
    return float(f"{value:.6g}")


