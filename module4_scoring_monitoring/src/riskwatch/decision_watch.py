"""Decide in a cycle: gather the evidence, record the answer, and hold the trial of a challenger.

In: a workplace, its ledger, what was scored and seen. Out: entries of `Decision`. The rules
themselves are pure functions: `riskwatch.decide` and `riskwatch.gate`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

import pandas as pd

from riskwatch.dataset import labelled_rows
from riskwatch.decide import BUDGET_DAYS, Drift, Evidence, ScoreChange, decide
from riskwatch.drift_watch import SeenDrift, Watch
from riskwatch.evaluate import Measured, measure
from riskwatch.gate import Contender, Terms, compare
from riskwatch.ledger import Entry, Query
from riskwatch.records import Decision, File, Score
from riskwatch.schema import TARGET
from riskwatch.score import predict
from riskwatch.store import StoredModel
from riskwatch.unfinished import is_carried_out

_ORDER: tuple[Drift, ...] = ("not_enough_data", "none", "small", "large")


@dataclass(frozen=True)
class Decided:
    """The entry of a decision, and the row after which a challenger shall learn."""

    entry: Entry[Decision]
    learn_after: int = 0


def decide_cycle(watch: Watch, scores: Sequence[Entry[Score]], seen: SeenDrift) -> Decided:
    """Decide what follows from a cycle's scores and drift, and write it down.

    Parameters
    ----------
    watch : Watch
    scores : sequence of Entry of Score
        Of the new files.
    seen : SeenDrift
        Of the same files.

    Returns
    -------
    Decided
        ``learn_after`` is 0 unless what is true has changed: then rows before teach the past.
    """
    settings, version = watch.place.settings.decision, watch.stored.release.version
    answer = decide(_evidence(watch, scores, seen), settings)
    entry = watch.ledger.append(Decision(kind="drift", action=answer.action, reason=answer.reason,
                                         champion=version), run_id=watch.run_id)[0]
    return Decided(entry, _learn_after(watch, seen) if answer.is_new_concept else 0)


def hold_trial(watch: Watch, challenger: StoredModel, *, after: int = 0) -> Entry[Decision]:
    """Compare a challenger with the model that serves, on the latest rows of the hold-out.

    Parameters
    ----------
    watch : Watch
    challenger : StoredModel
    after : int
        Only rows with a larger number, where there are enough: what was true before them no
        longer is.

    Returns
    -------
    Entry of Decision
        ``deploy`` or ``refuse``, with the difference and its interval.
    """
    settings = watch.place.settings
    rows = labelled_rows(watch.place, watch.ledger, "hold_out", settings.gate.recent_rows)
    if (rows["row"] > after).sum() >= settings.gate.least_rows:
        rows = rows[rows["row"] > after]
    champion, other = (
        Contender(model.release.version, predict(model, rows), model.facts.threshold)
        for model in (watch.stored, challenger))
    verdict = compare(rows[TARGET].to_numpy(dtype="int64"), champion, other,
                      Terms(settings.decision.metric, settings.gate, settings.seed))
    return watch.ledger.append(Decision(
        kind="gate", action="deploy" if verdict.may_serve else "refuse", reason=verdict.reason,
        champion=champion.version, challenger=other.version, difference=verdict.difference,
        difference_low=verdict.low, difference_high=verdict.high), run_id=watch.run_id)[0]


def _evidence(watch: Watch, scores: Sequence[Entry[Score]], seen: SeenDrift) -> Evidence:
    now = watch.place.clock()
    faults = [f"{fault.column}: {fault.detail}" for report in seen.reports
              for fault in report.faults()]
    worst = max((drift for report in seen.reports for drift in _ORDER
                 if drift == report.verdict()), key=_ORDER.index, default=_ORDER[0])
    words = next((report.in_words() for report in seen.reports if report.verdict() == worst), "")
    retrained = [entry.made_utc for entry in watch.ledger.entries(Decision, Query(
        filters={"action": "retrain"}, since=now - timedelta(days=BUDGET_DAYS)))
        if entry.record.champion is not None and is_carried_out(watch.ledger, entry)]
    trainable = _new_rows(watch, "train")
    since = min(_recent_first_rows(watch, watch.place.settings.decision.recent_drops), default=1)
    latest = pd.concat([trainable, _new_rows(watch, "hold_out")])
    return Evidence(
        new_files=len(scores), has_model=True, now=now, faults=tuple(dict.fromkeys(faults)),
        drift=worst, drift_in_words=words,
        scores=_score_changes(watch, scores, seen, latest[latest["row"] >= since]),
        trainable_rows=len(trainable),
        last_retraining=datetime.fromisoformat(retrained[0]) if retrained else None,
        recent_retrainings=len(retrained))


def _score_changes(watch: Watch, scores: Sequence[Entry[Score]], seen: SeenDrift,
                   rows: pd.DataFrame) -> tuple[ScoreChange, ...]:
    """Return the change of each new file's score, and of the latest files together."""
    metric = watch.place.settings.decision.metric
    before = _before(watch, seen)
    if before is None:
        return ()
    found = [ScoreChange(before, getattr(score, metric), getattr(score, f"{metric}_low"),
                         getattr(score, f"{metric}_high"), score.labelled_rows)
             for score in (entry.record for entry in scores)
             if getattr(score, metric) is not None]
    figures = measure(rows[TARGET], predict(watch.stored, rows), watch.stored.facts.threshold,
                      resamples=watch.place.settings.scoring.bootstrap_resamples,
                      seed=watch.place.settings.seed)
    figure = getattr(figures, metric)
    if figure.value is not None:
        found.append(ScoreChange(before, figure.value, figure.low, figure.high, figures.rows))
    return tuple(found)


def _new_rows(watch: Watch, part: Literal["train", "hold_out"]) -> pd.DataFrame:
    """Return labelled rows that came after those that the model learned from."""
    return labelled_rows(watch.place, watch.ledger, part,
                         watch.place.settings.training.recent_rows,
                         after=watch.stored.facts.last_row)


def _before(watch: Watch, seen: SeenDrift) -> float | None:
    """Return the figure that the model had when it was made."""
    if seen.baseline is None:
        return None
    figure: Measured = getattr(seen.baseline, watch.place.settings.decision.metric)
    return figure.value


def _recent_first_rows(watch: Watch, most: int) -> list[int]:
    """Return the first rows of the latest files that the model was scored on."""
    return [row for row, _ in islice(_scored_files(watch), most)]


def _scored_files(watch: Watch) -> Iterator[tuple[int, float | None]]:
    """Yield first row and figure of the files that the model was scored on, newest first."""
    metric = watch.place.settings.decision.metric
    for entry in watch.ledger.entries(Score, Query(
            filters={"model_version": watch.stored.release.version})):
        number = entry.record.file_id
        file = None if number is None else watch.ledger.get(File, number)
        if file is not None and file.record.first_row is not None:
            yield file.record.first_row, getattr(entry.record, metric)


def _learn_after(watch: Watch, seen: SeenDrift) -> int:
    """Return the row before which the old truth held, or 0 if too little has come since.

    That is where the unbroken row of fallen scores began, files without labels passed over.
    """
    settings, before = watch.place.settings, _before(watch, seen)
    began = 0
    for row, figure in _scored_files(watch):
        if figure is not None and before is not None:
            if figure >= before - settings.decision.fall:
                break
            began = row
    if began == 0:  # the latest files have fallen together only
        began = min(_recent_first_rows(watch, settings.decision.recent_drops), default=1)
    rows = labelled_rows(watch.place, watch.ledger, "train", settings.training.recent_rows,
                         after=began - 1)
    enough = max(settings.training.least_rows, settings.decision.least_labelled_rows)
    return began - 1 if len(rows) >= enough else 0
