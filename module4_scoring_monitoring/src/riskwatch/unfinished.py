"""What a killed run left half done: scores that nobody decided on, decisions not carried out.

In: the ledger. Out: the scores that the next decision is about. A run that dies between any two
rows is found here by the rows that it did not write, so the next cycle takes its work up.
"""

from riskwatch.deploy import serving_version
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.records import Decision, DriftVerdict, Score, Step

#: The stage that ends what a decision began; it is done or skipped, and has its row then.
_LAST_STAGE = "deploy"


def undecided(ledger: Ledger) -> tuple[Entry[Score], ...]:
    """Return the serving model's scores of drops that no decision is about yet, oldest first.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    tuple of Entry of Score
        Of this cycle, or of one that was killed after its scores: before its verdicts, between
        them and its decision, or between a decision to retrain and what follows from it.
    """
    found, decided = [], _last_decided_run(ledger)
    filters = {"model_version": serving_version(ledger) or ""}
    for entry in ledger.entries(Score, Query(filters=filters)):
        if entry.record.file_id is None:
            continue
        verdict = ledger.latest(DriftVerdict, file_id=entry.record.file_id)
        if verdict is not None and (verdict.run_id or 0) <= decided:
            break
        found.append(entry)
    return tuple(reversed(found))


def is_carried_out(ledger: Ledger, decision: Entry[Decision]) -> bool:
    """Return whether a decision was followed to its end.

    Parameters
    ----------
    ledger : Ledger
    decision : Entry of Decision
        Of the kind ``drift``.

    Returns
    -------
    bool
        False for a retraining whose run ended before its challenger was refused or served.
    """
    if decision.record.action != "retrain" or decision.run_id is None:
        return True
    if decision.record.champion != serving_version(ledger):
        return True
    end = ledger.latest(Step, step=_LAST_STAGE, run_id=decision.run_id)
    return end is not None and end.record.outcome != "failed"


def _last_decided_run(ledger: Ledger) -> int:
    """Return the run of the latest decision that was carried out, -1 where there is none."""
    for entry in ledger.entries(Decision, Query(filters={"kind": "drift"})):
        if is_carried_out(ledger, entry):
            return entry.run_id or 0
    return -1
