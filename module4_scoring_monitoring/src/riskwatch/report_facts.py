"""The facts of a report: everything that the ledger knows and a reader wants, in one object.

In: a ledger, a run, and how the serving model does on the hold-out now. Out: frozen facts, from
which words and pictures are made. Nothing is read or drawn after this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from riskwatch.alert_episodes import Episode, read_history
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.records import (Decision, Deployment, Diagnostic, DriftVerdict, File, Run, Score)
from riskwatch.report_confusion import Confusion
from riskwatch.report_history import (CycleSeconds, MissingShare, ScoredDrop, cycle_seconds,
                                      file_label, missing_shares, newest, scored_drops)

#: Statistics stand in a table of their own.
STATISTICS = "summary_statistics"
_MOST_CHECKS, _MOST_VERDICTS, _MOST_FILES = 3000, 300, 500
_ORDER = ("failed", "unknown", "ok")


@dataclass(frozen=True)
class Judged:
    """The serving model on the latest labelled rows of the hold-out, and its threshold."""

    confusion: Confusion
    score: Score
    threshold: float


@dataclass(frozen=True)
class SeenInDrop:
    """The verdicts on the latest drop that was compared, drift first, and the drop's period."""

    label: str
    verdicts: tuple[Entry[DriftVerdict], ...]


@dataclass(frozen=True)
class ReportFacts:  # pylint: disable=too-many-instance-attributes  # one for each part
    """Everything that a report tells."""

    run: Entry[Run]
    files: tuple[Entry[File], ...]
    serving: Entry[Deployment] | None
    decision: Entry[Decision] | None
    gate: Entry[Decision] | None
    judged: Judged | str
    drops: tuple[ScoredDrop, ...]
    seconds: tuple[CycleSeconds, ...]
    missing: tuple[MissingShare, ...]
    missing_limit: float
    seen: SeenInDrop | None
    checks: tuple[Diagnostic, ...]
    statistics: tuple[Diagnostic, ...]
    incidents: tuple[Episode, ...]

    @property
    def failed(self) -> tuple[Diagnostic, ...]:
        """The checks that said no."""
        return tuple(check for check in self.checks if check.status == "failed")


def build_facts(ledger: Ledger, run: Entry[Run], judged: Judged | str,
                missing_limit: float) -> ReportFacts:
    """Gather the facts.

    Parameters
    ----------
    ledger : Ledger
    run : Entry of Run
        That the report is of.
    judged : Judged or str
        Words where nobody can tell how the model does.
    missing_limit : float
        Share from which on a drop's column fails.

    Returns
    -------
    ReportFacts
        The same ledger gives the same facts.
    """
    decision = _latest_decision(ledger, "drift")
    gate = _latest_decision(ledger, "gate")
    if gate is not None and (decision is None or gate.run_id != decision.run_id):
        gate = None
    checks = _latest_checks(newest(ledger, Diagnostic, _MOST_CHECKS))
    return ReportFacts(
        run=run, files=tuple(newest(ledger, File, _MOST_FILES, run_id=run.id))[::-1],
        serving=ledger.latest(Deployment), decision=decision, gate=gate, judged=judged,
        drops=scored_drops(ledger), seconds=cycle_seconds(ledger),
        missing=missing_shares(ledger), missing_limit=missing_limit, seen=_seen(ledger),
        checks=tuple(check for check in checks if check.check != STATISTICS),
        statistics=tuple(check for check in checks if check.check == STATISTICS),
        incidents=read_history(ledger).open_episodes())


def _latest_decision(ledger: Ledger, kind: str) -> Entry[Decision] | None:
    page = ledger.page(Decision, Query(filters={"kind": kind}), limit=1)
    return page.entries[0] if page.entries else None


def _latest_checks(entries: Iterable[Entry[Diagnostic]]) -> list[Diagnostic]:
    """Return each check as it was made last, the worst of those that were made together.

    Checks of the machine come with every cycle, those of a drop only with a drop: so it goes
    back to the latest that have statistics.
    """
    found: dict[tuple[str, str], Entry[Diagnostic]] = {}
    for _, batch in groupby(entries, key=lambda entry: (entry.run_id, entry.made_utc)):
        worst: dict[tuple[str, str], Entry[Diagnostic]] = {}
        for entry in sorted(batch, key=lambda entry: _ORDER.index(entry.record.status)):
            worst.setdefault((entry.record.check, entry.record.subject), entry)
        found = worst | found
        if any(check == STATISTICS for check, _ in worst):
            break
    ordered = sorted(found.values(), key=lambda entry: (
        _ORDER.index(entry.record.status), entry.id))
    return [entry.record for entry in ordered]


def _seen(ledger: Ledger) -> SeenInDrop | None:
    latest = ledger.latest(DriftVerdict)
    if latest is None or latest.record.file_id is None:
        return None
    found = tuple(newest(ledger, DriftVerdict, _MOST_VERDICTS, file_id=latest.record.file_id))
    order = ("drift", "no_drift", "not_enough_data")
    return SeenInDrop(file_label(ledger, latest.record.file_id), tuple(sorted(
        found, key=lambda entry: (order.index(entry.record.verdict), entry.id))))
