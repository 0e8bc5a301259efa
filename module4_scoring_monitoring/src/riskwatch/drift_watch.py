"""Watch drops for drift: rows against those that the model learned from, scores against before.

In: a workplace, its ledger, the serving model, new files. Out: a report per file, and a row of
the ledger for each test. Beside the tests of rows stand the course's three rules of scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import pandas as pd

from riskwatch.dataset import drop_rows, labelled_rows
from riskwatch.drift import compare_tables
from riskwatch.drift_records import rule_row, verdict_rows
from riskwatch.drift_report import DriftReport
from riskwatch.evaluate import Figures, measure
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.records import DriftVerdict, File, Score
from riskwatch.schema import FEATURES, TARGET
from riskwatch.score import predict
from riskwatch.score_rules import non_parametric, parametric, raw_comparison
from riskwatch.store import StoredModel
from riskwatch.workplace import Workplace

#: Columns of verdicts that are no columns of a drop.
PROBABILITY, SCORE, ERROR = "predicted_probability", "f1", "error_rate"
#: So many drops of the same model are the history of a score.
_HISTORY = 30


@dataclass(frozen=True)
class Watch:
    """Where a cycle watches, the model that serves, and the run that it belongs to."""

    place: Workplace
    ledger: Ledger
    stored: StoredModel
    run_id: int | None = None


@dataclass(frozen=True)
class SeenDrift:
    """What was seen: a report per file, in the order of the files, and the ledger's rows.

    ``baseline`` is what the model does on the hold-out of the time that it learned from.
    """

    reports: tuple[DriftReport, ...]
    entries: tuple[Entry[DriftVerdict], ...]
    baseline: Figures | None = None

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
        Also of files that a killed run wrote the verdicts of; those are not written twice.
    """
    if not scores:
        return SeenDrift((), ())
    learned = learned_rows(watch)
    known, baseline = _known(watch, learned)
    reports: list[DriftReport] = []
    records: list[DriftVerdict] = []
    entries: list[Entry[DriftVerdict]] = []
    for score in scores:
        number = score.record.file_id or 0
        reports.append(_compared(watch, number, learned, known))
        written = tuple(watch.ledger.entries(
            DriftVerdict, Query(filters={"file_id": number}, newest_first=False)))
        entries += written
        if not written:
            records += [*verdict_rows(reports[-1], number),
                        *_rules(watch.ledger, score, baseline)]
    entries += watch.ledger.append(*records, run_id=watch.run_id)
    return SeenDrift(tuple(reports), tuple(entries), baseline)


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
    facts = watch.stored.facts
    return _upto_last(watch, "train", facts.rows, 0).tail(facts.rows)


def _compared(watch: Watch, number: int, learned: pd.DataFrame, known: pd.Series) -> DriftReport:
    """Return the report of one file."""
    file, settings = watch.ledger.get(File, number), watch.place.settings
    assert file is not None
    rows = drop_rows(watch.place, watch.ledger, file.record)
    rows = rows[~rows["is_repeated"]]
    now = pd.Series(predict(watch.stored, rows))
    return compare_tables(learned[list(FEATURES)], rows[list(FEATURES)], settings.drift,
                          seed=settings.seed, extra={PROBABILITY: (known, now)})


def _known(watch: Watch, learned: pd.DataFrame) -> tuple[pd.Series, Figures]:
    """Return probabilities and figures on the hold-out of the time that the model learned from.

    Not on the rows themselves: a model knows those better than any new one.
    """
    settings = watch.place.settings
    first = 1 if learned.empty else int(learned["row"].iloc[0])
    rows = _upto_last(watch, "hold_out", settings.scoring.hold_out_rows, first - 1)
    probability = predict(watch.stored, rows)
    return pd.Series(probability, dtype=float), measure(
        rows[TARGET], probability, watch.stored.facts.threshold, seed=settings.seed,
        resamples=settings.scoring.bootstrap_resamples)


def _upto_last(watch: Watch, part: Literal["train", "hold_out"], most: int, after: int
               ) -> pd.DataFrame:
    """Return labelled rows up to the last one that the model learned from."""
    last, since = watch.stored.facts.last_row, 0
    newest = watch.ledger.latest(File, status="accepted")
    if newest is not None and newest.record.first_row and newest.record.rows:
        since = newest.record.first_row + newest.record.rows - 1 - last
    rows = labelled_rows(watch.place, watch.ledger, part, most + max(since, 0), after=after)
    return rows[rows["row"] <= last]


def _rules(ledger: Ledger, score: Entry[Score], baseline: Figures) -> Iterator[DriftVerdict]:
    """Yield what the course's rules say of F1, and of the share of errors the other way round."""
    now = score.record
    f1, accuracy = baseline.f1.value, baseline.accuracy.value
    of_model = ledger.entries(Score, Query(filters={"model_version": now.model_version}))
    before = [entry.record for entry in islice(
        (entry for entry in of_model
         if entry.record.subject == "drop" and entry.id < score.id), _HISTORY)]
    f1s = [past.f1 for past in before if past.f1 is not None]
    errors = [1 - past.accuracy for past in before if past.accuracy is not None]
    error = None if now.accuracy is None else 1 - now.accuracy
    base_error = None if accuracy is None else 1 - accuracy
    for column, rule, history in (
            (SCORE, raw_comparison(now.f1, f1), baseline.rows),
            (SCORE, parametric(f1s, now.f1), len(f1s)),
            (SCORE, non_parametric(f1s, now.f1), len(f1s)),
            (ERROR, raw_comparison(error, base_error, "lower"), baseline.rows),
            (ERROR, parametric(errors, error, "lower"), len(errors)),
            (ERROR, non_parametric(errors, error, "lower"), len(errors))):
        yield rule_row(column, rule, now, history)
