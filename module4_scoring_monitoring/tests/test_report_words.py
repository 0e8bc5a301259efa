"""A decision in words: what it means, why, and who has to do something."""

from dataclasses import replace
from typing import Any

import pytest

from riskwatch.ledger import Entry
from riskwatch.records import Decision, Diagnostic, File, Run
from riskwatch.report_facts import ReportFacts
from riskwatch.report_words import decision_in_words, headline, to_do, what_happened

FILE = File(sha256="a", name="a.csv", byte_count=1, status="accepted", rows=120)
RUN = Entry(7, "2026-03-07T12:00:00.000000Z", None, Run(
    command="cycle", trigger="cron", program_version="1", process_id=1))
NOTHING = ReportFacts(run=RUN, files=(), serving=None, decision=None, gate=None,
                      judged="it is new", drops=(), seconds=(), missing=(), missing_limit=0.2,
                      seen=None, checks=(), statistics=(), incidents=())


def decided(action: Any, gate: Any = None, champion: str | None = "old", run: int = 7
            ) -> ReportFacts:
    """Facts with a decision."""
    drift = Decision(kind="drift", action=action, reason="because of it")
    trial = gate and Decision(kind="gate", action=gate, reason="it is so", champion=champion,
                              challenger="new")
    return replace(NOTHING, decision=Entry(1, "2026-03-05T12:00:00Z", run, drift),
                   gate=trial and Entry(2, "2026-03-05T12:00:00Z", run, trial))


@pytest.mark.parametrize(("facts", "short", "means"), [
    (NOTHING, "Nothing was decided yet", "needs a drop"),
    (decided("keep"), "Keep the model", "stays in service"),
    (decided("ask_person"), "A person has to look", "A person has to look"),
    (decided("insufficient_evidence"), "Wait for more evidence", "not enough evidence"),
    (decided("retrain"), "No new model could be trained", "could not be trained"),
    (decided("retrain", "refuse"), "The new model was refused",
     "(new) was trained, but it did not"),
    (decided("retrain", "deploy"), "A new model is in service",
     "(new) was trained, proved better"),
    (decided("retrain", "deploy", None), "A new model is in service", "The first model (new)"),
])
def test_each_decision_has_its_words(facts: ReportFacts, short: str, means: str) -> None:
    assert headline(facts) == short
    told = decision_in_words(facts)
    assert means in told[0]
    assert facts.decision is None or told[1] == "Why: because of it."
    assert ("The trial of the new model: it is so." in told) == (facts.gate is not None)


def test_a_decision_of_an_earlier_run_says_so() -> None:
    assert "2026-03-05 (run 3)" in decision_in_words(decided("keep", run=3))[-1]
    assert len(decision_in_words(decided("keep"))) == 2


def files(*changes: dict[str, Any]) -> ReportFacts:
    """Facts with files."""
    return replace(NOTHING, files=tuple(Entry(number, "", 7, replace(FILE, **change))
                                        for number, change in enumerate(changes)))


@pytest.mark.parametrize(("facts", "words"), [
    (NOTHING, "No new file came in with this run."),
    (files({}), "1 file with 120 rows came in."),
    (files({}, {"rows": 1000}, {"status": "copy", "rows": None}),
     "2 files with 1,120 rows came in, 1 file known already, under another name."),
    (files({"status": "refused", "rows": None, "reason": "no header"}),
     "0 files with 0 rows came in, 1 file refused and put into quarantine (a.csv: no header)."),
])
def test_what_came_in_is_counted(facts: ReportFacts, words: str) -> None:
    assert what_happened(facts) == words


def test_nothing_to_do_is_said() -> None:
    assert to_do(decided("keep")) == ("Nothing has to be done by a person.",)


def test_everything_that_a_person_has_to_do_is_said() -> None:
    failed = Diagnostic(check="missing_share", subject="a", status="failed", detail="9 of 10")
    facts = replace(decided("ask_person"), checks=(failed, replace(failed, status="ok")),
                    files=files({"status": "refused", "reason": "x"}).files)
    tasks = to_do(facts)
    assert len(tasks) == 3 and tasks[0].startswith("Look at the reason above")
    assert tasks[2] == "Check that failed: missing share of a (9 of 10)."
