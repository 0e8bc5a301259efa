"""What a report says in words, for somebody who does not know the tests.

In: facts. Out: sentences: what happened, what was decided, and what a person has to do.
"""

from riskwatch.ledger import Entry
from riskwatch.records import Decision
from riskwatch.report_facts import ReportFacts

_MEANS = {
    "keep": "The present model stays in service: nothing calls for another one.",
    "ask_person": "A person has to look. The data look wrong or the signs contradict each other; "
                  "the program changes nothing until then.",
    "insufficient_evidence": "There is not enough evidence to decide. The present model stays, "
                             "and more data are awaited.",
}
_TO_DO = {
    "ask_person": "Look at the reason above, mend the source of the data or deploy a release "
                  "by hand.",
    "insufficient_evidence": "Nothing now; it is looked at again with the next drop.",
}


def headline(facts: ReportFacts) -> str:
    """Return the decision in a few words.

    Parameters
    ----------
    facts : ReportFacts

    Returns
    -------
    str
    """
    if facts.decision is None:
        return "Nothing was decided yet"
    action = facts.decision.record.action
    if action != "retrain":
        return {"keep": "Keep the model", "ask_person": "A person has to look",
                "insufficient_evidence": "Wait for more evidence"}.get(action, action)
    if facts.gate is None:
        return "No new model could be trained"
    if facts.gate.record.action == "deploy":
        return "A new model is in service"
    return "The new model was refused"


def decision_in_words(facts: ReportFacts) -> tuple[str, ...]:
    """Return the decision, its reason and what it means, a paragraph each.

    Parameters
    ----------
    facts : ReportFacts

    Returns
    -------
    tuple of str
    """
    if facts.decision is None:
        return ("Nothing was decided yet: a decision needs a drop of data that was taken in.",)
    record = facts.decision.record
    told = [_meaning(facts), f"Why: {record.reason}."]
    if facts.gate is not None:
        told.append(f"The trial of the new model: {facts.gate.record.reason}.")
    if facts.decision.run_id != facts.run.id:
        told.append("That was decided on "
                    f"{_day(facts.decision)}, with the latest drop that came in; this run "
                    "brought none.")
    return tuple(told)


def what_happened(facts: ReportFacts) -> str:
    """Return what came in with this run, in one sentence.

    Parameters
    ----------
    facts : ReportFacts

    Returns
    -------
    str
    """
    count = {status: sum(entry.record.status == status for entry in facts.files)
             for status in ("accepted", "refused", "copy")}
    if not facts.files:
        return "No new file came in with this run."
    rows = sum(entry.record.rows or 0 for entry in facts.files
               if entry.record.status == "accepted")
    parts = [f"{_many(count['accepted'], 'file')} with {_many(rows, 'row')} came in"]
    if count["refused"]:
        reasons = "; ".join(f"{entry.record.name}: {entry.record.reason}"
                            for entry in facts.files if entry.record.status == "refused")
        parts.append(f"{_many(count['refused'], 'file')} refused and put into quarantine "
                     f"({reasons})")
    if count["copy"]:
        parts.append(f"{_many(count['copy'], 'file')} known already, under another name")
    return ", ".join(parts) + "."


def to_do(facts: ReportFacts) -> tuple[str, ...]:
    """Return what a person has to do, a sentence each; one sentence if it is nothing.

    Parameters
    ----------
    facts : ReportFacts

    Returns
    -------
    tuple of str
    """
    action = "keep" if facts.decision is None else facts.decision.record.action
    tasks = [_TO_DO[action]] if action in _TO_DO else []
    if any(entry.record.status == "refused" for entry in facts.files):
        tasks.append("Ask the sender for the refused files again; the quarantine says what is "
                     "wrong with each.")
    tasks += [f"Check that failed: {check.check.replace('_', ' ')} of {check.subject}"
              + (f" ({check.detail})" if check.detail else "") + "." for check in facts.failed]
    return tuple(tasks) or ("Nothing has to be done by a person.",)


def _meaning(facts: ReportFacts) -> str:
    assert facts.decision is not None
    action = facts.decision.record.action
    if action != "retrain":
        return _MEANS.get(action, action)
    if facts.gate is None:
        return ("A new model was wanted, but could not be trained; the present state stays, and "
                "the next drop leads to another try.")
    challenger = facts.gate.record.challenger or "the new model"
    if facts.gate.record.action != "deploy":
        return (f"A new model ({challenger}) was trained, but it did not prove better than the "
                "present one, which therefore stays in service.")
    if facts.gate.record.champion is None:
        return f"The first model ({challenger}) was trained and put into service."
    return (f"A new model ({challenger}) was trained, proved better than the one before on rows "
            "that neither had seen, and took its place.")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _day(entry: Entry[Decision]) -> str:
    return f"{entry.made_utc[:10]} (run {entry.run_id})"
