"""What is wrong now: the latest look counts, the worst of it, and unknown changes nothing."""

from dataclasses import replace
from typing import Any

import pytest

from riskwatch.alert_conditions import FILES, PERSON, RUN, conditions
from riskwatch.ledger import Ledger
from riskwatch.records import Decision, Diagnostic, DriftVerdict, File, Run, RunEnd

VERDICT = DriftVerdict(file_id=1, column="lastmonth_activity", test="distribution",
                       verdict="no_drift", statistic=0.2, p_value=0.01, p_adjusted=0.02,
                       effect=0.25, reference_rows=500, current_rows=100,
                       detail="Kolmogorov-Smirnov; cannot see: much")
FILE = File(sha256="a" * 64, name="a.csv", byte_count=1, status="accepted")


def check(status: Any, subject: str = "free", **fields: Any) -> Diagnostic:
    """A check of the disk."""
    return Diagnostic(check="disk", subject=subject, status=status, **fields)


def test_nothing_was_looked_at(ledger: Ledger) -> None:
    assert not conditions(ledger)


def test_a_check_that_failed_holds_until_it_is_ok(ledger: Ledger) -> None:
    ledger.append(check("failed", value=12.0, unit="MB", detail="at least 200"))
    found = conditions(ledger)["disk: free"]
    assert found.holds and found.detail == "12 MB, at least 200"
    ledger.append(check("ok", value=500.0, unit="MB"))
    assert not conditions(ledger)["disk: free"].holds


def test_unknown_and_unseen_leave_it_as_it_was(ledger: Ledger) -> None:
    ledger.append(check("unknown", "other"))
    assert "disk: other" not in conditions(ledger)
    ledger.append(check("failed"))
    for _ in range(20):
        ledger.append(check("ok", "another"), check("unknown"))
    assert conditions(ledger)["disk: free"].holds


@pytest.mark.parametrize("order", [("failed", "ok"), ("ok", "failed")])
def test_of_what_was_looked_at_together_the_worst_counts(ledger: Ledger, order: Any) -> None:
    ledger.append(*(check(status) for status in order))
    assert conditions(ledger)["disk: free"].holds


def test_drift_is_of_a_column_of_the_latest_drop(ledger: Ledger) -> None:
    drift = replace(VERDICT, verdict="drift")
    rule = replace(drift, column="f1", test="raw_comparison")
    ledger.append(replace(VERDICT, test="missing"), drift, rule,
                  replace(VERDICT, column="all columns", test="joint", verdict="not_enough_data"))
    found = conditions(ledger)
    assert set(found) == {"drift: lastmonth_activity"}  # a rule that cries wolf is no incident
    assert found["drift: lastmonth_activity"].holds
    assert found["drift: lastmonth_activity"].detail == (
        "distribution, effect 0.250, Kolmogorov-Smirnov")
    ledger.append(VERDICT)
    assert not conditions(ledger)["drift: lastmonth_activity"].holds


@pytest.mark.parametrize("action", ["keep", "retrain", "insufficient_evidence", "ask_person"])
def test_a_person_is_asked(ledger: Ledger, action: Any) -> None:
    ledger.append(Decision(kind="drift", action=action, reason="stuck feed"),
                  Decision(kind="gate", action="refuse", reason="worse"))
    found = conditions(ledger)[PERSON]
    assert found.holds == (action == "ask_person") and found.detail == "stuck feed"


def test_a_refused_file_holds_until_others_come_in(ledger: Ledger) -> None:
    ledger.append(FILE, replace(FILE, name="b.csv", status="refused", reason="no header"))
    assert conditions(ledger)[FILES].holds
    assert conditions(ledger)[FILES].detail == "b.csv: no header"
    ledger.append(replace(FILE, status="copy"))
    assert FILES not in conditions(ledger)
    ledger.append(replace(FILE, sha256="b" * 64))
    assert not conditions(ledger)[FILES].holds


@pytest.mark.parametrize(("outcome", "holds"), [
    ("done", False), ("check_said_no", False), ("failed", True), ("killed", True),
    ("bad_input", True)])
def test_how_the_last_cycle_ended(ledger: Ledger, outcome: Any, holds: bool) -> None:
    def run(command: str, end: Any) -> None:
        number = ledger.append(Run(command=command, trigger="cron", program_version="1",
                                   process_id=1))[0].id
        if end:
            ledger.append(RunEnd(outcome=end, exit_code=None, seconds=1.0, detail="why"),
                          run_id=number)

    run("cycle", outcome)
    run("cycle", "locked_out")  # says nothing about cycles
    run("train", "failed")
    run("cycle", None)  # the one at work
    found = conditions(ledger)[RUN]
    assert found.holds == holds
    assert found.detail == f"run 1 ended as {outcome.replace('_', ' ')}: why"
