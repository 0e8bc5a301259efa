"""The facts: the latest of each, the worst of what was made together."""

from dataclasses import replace
from typing import Any

from web_story import score, tell

from riskwatch.ledger import Entry, Ledger
from riskwatch.records import Alert, Decision, Diagnostic, DriftVerdict, File, Run
from riskwatch.report_confusion import Confusion
from riskwatch.report_facts import Judged, ReportFacts, build_facts
from riskwatch.workplace import Workplace

RUN = Run(command="cycle", trigger="cron", program_version="1", process_id=1)
JUDGED = Judged(Confusion(4, 3, 1, 2), score("v", None, 0.5), 0.5)


def facts_of(ledger: Ledger, run: Entry[Run] | None = None) -> ReportFacts:
    """Facts of the latest run, or of a new one."""
    latest = run or ledger.latest(Run) or ledger.append(RUN)[0]
    return build_facts(ledger, latest, JUDGED, 0.2)


def check(name: str, status: Any, subject: str = "x") -> Diagnostic:
    """What a check said."""
    return Diagnostic(check=name, subject=subject, status=status)


def test_the_story_in_facts(place: Workplace, ledger: Ledger) -> None:
    versions = tell(place, ledger)
    facts = facts_of(ledger)
    assert facts.run.id == 12 and [file.record.period for file in facts.files] == ["2026-03-12"]
    assert facts.serving and facts.serving.record.version == versions[1]
    assert facts.decision and facts.decision.record.reason == "reason 12" and facts.gate is None
    assert len(facts.drops) == 12 and facts.judged is JUDGED and facts.missing_limit == 0.2
    assert [verdict.record.file_id for verdict in facts.seen.verdicts] == [12] * 3  # type: ignore
    assert [(one.check, one.status) for one in facts.checks] == [
        ("missing_share", "failed"), ("package", "unknown")]
    assert facts.failed == facts.checks[:1]
    assert [one.value for one in facts.statistics] == [62.0]


def test_the_same_ledger_gives_the_same_facts(place: Workplace, ledger: Ledger) -> None:
    tell(place, ledger)
    assert facts_of(ledger) == facts_of(ledger)


def test_nothing_is_known_of_an_empty_ledger(ledger: Ledger) -> None:
    facts = facts_of(ledger)
    assert facts.serving is None and facts.decision is None and facts.seen is None
    assert facts.checks == facts.statistics == facts.files == facts.incidents == ()


def test_the_worst_of_checks_made_together_counts(ledger: Ledger) -> None:
    for statuses in (("failed", "ok"), ("ok", "failed"), ("unknown", "ok")):
        ledger.append(*(check("share", status) for status in statuses))
        assert facts_of(ledger).checks[0].status == min(
            statuses, key=("failed", "unknown", "ok").index)
    ledger.append(check("share", "ok"))
    assert facts_of(ledger).checks[0].status == "ok"


def test_checks_of_the_machine_join_those_of_the_latest_drop(ledger: Ledger) -> None:
    ledger.append(check("share", "failed"), check("gone", "failed"),
                  check("summary_statistics", "ok"))
    ledger.append(check("share", "ok"), check("disk", "ok"), check("summary_statistics", "ok"))
    ledger.append(check("disk", "failed"))
    assert [(one.check, one.status) for one in facts_of(ledger).checks] == [
        ("disk", "failed"), ("share", "ok")]


def test_a_trial_belongs_to_its_decision(ledger: Ledger) -> None:
    drift = Decision(kind="drift", action="retrain", reason="drift")
    gate = Decision(kind="gate", action="refuse", reason="worse")
    ledger.append(drift, gate, run_id=1)
    assert facts_of(ledger).gate is not None
    ledger.append(replace(drift, action="keep"), run_id=2)
    assert facts_of(ledger).gate is None


def test_drift_stands_first_and_is_of_the_latest_drop(ledger: Ledger) -> None:
    ledger.append(File(sha256="a", name="a.csv", byte_count=1, status="accepted", period="P1"))
    verdict = DriftVerdict(file_id=9, column="a", test="t", verdict="drift", statistic=None,
                           p_value=None, p_adjusted=None, effect=None, reference_rows=1,
                           current_rows=1)
    ledger.append(verdict, *(replace(verdict, file_id=1, verdict=said)  # type: ignore[arg-type]
                             for said in ("not_enough_data", "no_drift", "drift")))
    seen = facts_of(ledger).seen
    assert seen is not None and seen.label == "P1"
    assert [one.record.verdict for one in seen.verdicts] == [
        "drift", "no_drift", "not_enough_data"]


def test_open_incidents_are_told(ledger: Ledger) -> None:
    ledger.append(Alert(incident="a", event="opened"), Alert(incident="b", event="opened"),
                  Alert(incident="a", event="closed"))
    assert [episode.incident for episode in facts_of(ledger).incidents] == ["b"]
