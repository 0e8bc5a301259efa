"""What happened in a simulation, day by day, as its ledger has it.

In: the ledger of a simulated workplace. Out: a `Story` of plain values, from which the words,
the figure, the page and the comparison with the truth are made, so that none tells another one.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from riskwatch.drift_watch import ERROR, SCORE
from riskwatch.evaluate import Measured
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.ledger_pages import R
from riskwatch.records import (Decision, Deployment, Diagnostic, DriftVerdict, File,
                               RunEnd, Score)
from riskwatch.synthetic import FIRST_DAY

Verdict = Literal["drift", "no_drift", "not_enough_data"]
#: The verdicts of the course's rules of scores stand beside the tests, and raise no alarm.
RULE_COLUMNS = (SCORE, ERROR)


@dataclass(frozen=True)
class Scored:
    """The serving model on a drop, or after its deployment on the hold-out."""

    day: int
    file_id: int | None
    version: str
    f1: Measured
    roc_auc: Measured


@dataclass(frozen=True)
class Decided:
    """A decision: ``kind`` is ``drift`` or ``gate``."""

    day: int
    kind: str
    action: str
    reason: str
    is_first_model: bool


@dataclass(frozen=True)
class Arrived:
    """A file as ingest recorded it, and the day."""

    day: int
    id: int
    file: File


@dataclass(frozen=True)
class Story:  # pylint: disable=too-many-instance-attributes  # it is the whole story
    """Everything that happened, oldest first.

    Attributes
    ----------
    verdicts : mapping of (int, str) to str
        By file and column, the most serious one; the rules of scores stand apart.
    failed_checks : mapping of str to tuple of int
        The days on which a kind of diagnostic said no.
    """

    days: int
    files: tuple[Arrived, ...]
    scores: tuple[Scored, ...]
    verdicts: Mapping[tuple[int, str], Verdict]
    decisions: tuple[Decided, ...]
    deployments: tuple[tuple[int, str], ...]
    failed_checks: Mapping[str, tuple[int, ...]]
    outcomes: Mapping[str, int]

    def day_of(self, file_id: int) -> int:
        """Return the day on which a file came."""
        return self.files[file_id - 1].day

    def drifted(self) -> dict[int, list[str]]:
        """Return the columns that drifted, by file; the rules of scores left out."""
        found: dict[int, list[str]] = defaultdict(list)
        for (file_id, column), verdict in self.verdicts.items():
            if verdict == "drift" and column not in RULE_COLUMNS:
                found[file_id].append(column)
        return dict(found)

    def drift_days(self) -> tuple[int, ...]:
        """Return the days on which a drop drifted."""
        return tuple(sorted({self.day_of(file_id) for file_id in self.drifted()}))

    def by_action(self, kind: str = "drift") -> dict[str, tuple[int, ...]]:
        """Return the days of the decisions of a kind, by what was decided."""
        found: dict[str, list[int]] = defaultdict(list)
        for decided in self.decisions:
            if decided.kind == kind:
                found[decided.action].append(decided.day)
        return {action: tuple(days) for action, days in found.items()}

    def last_score(self) -> Scored | None:
        """Return the latest score of a drop that had labels."""
        known = [score for score in self.scores
                 if score.file_id is not None and score.roc_auc.value is not None]
        return known[-1] if known else None


def read_story(ledger: Ledger, days: int) -> Story:
    """Return what a ledger tells of a simulation.

    Parameters
    ----------
    ledger : Ledger
        Of the simulated workplace.
    days : int
        How many were played.

    Returns
    -------
    Story
    """
    verdicts: dict[tuple[int, str], Verdict] = {}
    for row in _all(ledger, DriftVerdict):
        key = (row.record.file_id or 0, row.record.column)
        verdicts[key] = max(verdicts.get(key, "not_enough_data"), row.record.verdict, key=_weight)
    return Story(
        days=days,
        files=tuple(Arrived(_day(entry), entry.id, entry.record)
                    for entry in _all(ledger, File)),
        scores=tuple(_scored(entry) for entry in _all(ledger, Score)),
        verdicts=verdicts,
        decisions=tuple(Decided(_day(entry), entry.record.kind, entry.record.action,
                                entry.record.reason, entry.record.champion is None)
                        for entry in _all(ledger, Decision)),
        deployments=tuple((_day(entry), entry.record.version)
                          for entry in _all(ledger, Deployment)),
        failed_checks=_failed_checks(ledger),
        outcomes=Counter(outcome for (outcome,) in ledger.columns(RunEnd, "outcome")))


def _all(ledger: Ledger, kind: type[R]) -> tuple[Entry[R], ...]:
    return tuple(ledger.entries(kind, Query(newest_first=False)))


def _day(entry: Entry[R]) -> int:
    return (datetime.fromisoformat(entry.made_utc).date() - FIRST_DAY).days


def _weight(verdict: str) -> int:
    return ("not_enough_data", "no_drift", "drift").index(verdict)


def _scored(entry: Entry[Score]) -> Scored:
    score = entry.record
    return Scored(_day(entry), score.file_id, score.model_version,
                  Measured(score.f1, score.f1_low, score.f1_high),
                  Measured(score.roc_auc, score.roc_auc_low, score.roc_auc_high))


def _failed_checks(ledger: Ledger) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    for entry in ledger.entries(Diagnostic, Query(filters={"status": "failed"},
                                                  newest_first=False)):
        found[entry.record.check].add(_day(entry))
    return {check: tuple(sorted(days)) for check, days in sorted(found.items())}
