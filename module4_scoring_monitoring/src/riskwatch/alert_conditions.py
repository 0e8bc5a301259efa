"""What is wrong now: one condition for each thing that people would want to be told of.

In: a ledger. Out: conditions by incident: it holds, or it is over; what nobody looked at this
time is in neither state, and stays as it was. Nothing is written here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.ledger_pages import R
from riskwatch.records import Decision, Diagnostic, DriftVerdict, File, Run, RunEnd
from riskwatch.schema import NAMES

#: The last cycle did not come to its end.
RUN, FILES, PERSON = "run: cycle", "files: refused", "decision: ask a person"
#: So many rows are looked at, and then to the end of what was written with them.
_LEAST_ROWS, _PAGE = 300, 100
_BAD_ENDS = ("failed", "killed", "bad_input")
#: The course's rules of scores are no incidents: they cry wolf, as the laboratory shows.
_WATCHED = (*NAMES, "predicted_probability", "all columns")


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether an incident goes on, and a sentence about it."""

    holds: bool
    detail: str


def conditions(ledger: Ledger) -> dict[str, Condition]:
    """Return the state of everything that was looked at lately.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    dict of str to Condition
    """
    found = {**_of_diagnostics(ledger), **_of_drift(ledger)}
    for decision in ledger.page(Decision, Query(filters={"kind": "drift"}), limit=1).entries:
        found[PERSON] = Condition(decision.record.action == "ask_person",
                                  decision.record.reason)
    files = next(_batches(_newest(ledger, File), 1), [])
    refused = [entry.record for entry in files if entry.record.status == "refused"]
    if refused or any(entry.record.status == "accepted" for entry in files):
        found[FILES] = Condition(bool(refused), "; ".join(
            f"{file.name}: {file.reason}" for file in refused) or "the latest files came in")
    run = last_cycle_end(ledger)
    if run is not None:
        found[RUN] = run
    return found


def last_cycle_end(ledger: Ledger) -> Condition | None:
    """Return how the latest cycle that has an end came to it; None where there is none.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    Condition or None
    """
    runs = ledger.page(Run, Query(filters={"command": "cycle"}), limit=20).entries
    for run in runs:
        ends = ledger.page(RunEnd, Query(filters={"run_id": run.id}), limit=1).entries
        if ends and ends[0].record.outcome != "locked_out":
            end = ends[0].record
            return Condition(end.outcome in _BAD_ENDS,
                             f"run {run.id} ended as {end.outcome.replace('_', ' ')}"
                             + (f": {end.detail}" if end.detail else ""))
    return None


def _of_diagnostics(ledger: Ledger) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    for batch in _batches(_newest(ledger, Diagnostic), _LEAST_ROWS):
        states: dict[str, Condition] = {}
        for record in (entry.record for entry in batch):
            name = f"{record.check}: {record.subject}"
            if record.status == "unknown" or (name in states and states[name].holds):
                continue
            value = "" if record.value is None else f"{record.value:.6g} {record.unit}".strip()
            words = ", ".join(filter(None, (value, record.detail))) or record.status
            states[name] = Condition(record.status == "failed", words)
        found = {**states, **found}
    return found


def _of_drift(ledger: Ledger) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    verdicts = next(_batches(_newest(ledger, DriftVerdict), 1), [])
    for record in (entry.record for entry in verdicts):
        name = f"drift: {record.column}"
        if record.column not in _WATCHED or record.verdict == "not_enough_data" or (
                name in found and found[name].holds):
            continue
        effect = "" if record.effect is None else f", effect {record.effect:.3f}"
        words = record.detail.split("; cannot see: ", maxsplit=1)[0]
        found[name] = Condition(record.verdict == "drift", f"{record.test}{effect}, {words}"
                                if record.verdict == "drift" else "no drift in the latest drop")
    return found


def _newest(ledger: Ledger, kind: type[R]) -> Iterator[Entry[R]]:
    cursor = None
    while True:
        page = ledger.page(kind, cursor=cursor, limit=_PAGE)
        yield from page.entries
        if (cursor := page.next_cursor) is None:
            return


def _batches(entries: Iterator[Entry[R]], least: int) -> Iterator[list[Entry[R]]]:
    """Yield what was written together, newest first, until there are ``least`` entries."""
    seen, batch = 0, list[Entry[R]]()
    for entry in entries:
        if batch and (entry.run_id, entry.made_utc) != (batch[0].run_id, batch[0].made_utc):
            seen += len(batch)
            yield batch
            batch = []
            if seen >= least:
                return
        batch.append(entry)
    if batch:
        yield batch
