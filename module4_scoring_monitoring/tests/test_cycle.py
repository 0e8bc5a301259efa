"""Stages follow each other, leave their rows, and a failure ends the cycle."""

import pytest

from riskwatch.cycle import Context, Stage, always, run_cycle
from riskwatch.errors import OutputError
from riskwatch.ledger import Ledger
from riskwatch.records import Diagnostic, Step
from riskwatch.workplace import Workplace


def test_stages_run_in_order_or_are_skipped_and_say_so(place: Workplace, ledger: Ledger) -> None:
    seen: list[str] = []

    def work(name: str) -> Stage:
        return Stage(name, lambda context: seen.append(name) or f"did {name}",  # type: ignore
                     always if name != "b" else lambda context: False)

    context = Context(place, ledger, 4)
    assert run_cycle(context, [work(name) for name in "abc"]) == 0
    assert seen == ["a", "c"]
    steps = [(entry.record.step, entry.record.outcome, entry.record.detail, entry.run_id)
             for entry in context.steps]
    assert steps == [("a", "done", "did a", 4), ("b", "skipped", "", 4), ("c", "done", "did c", 4)]
    assert [entry.id for entry in ledger.entries(Step)] == [3, 2, 1]


def test_a_failing_stage_is_recorded_and_ends_the_cycle(place: Workplace, ledger: Ledger) -> None:
    def fail(_: Context) -> str:
        raise OutputError("the disk is full")

    context = Context(place, ledger, 1)
    with pytest.raises(OutputError):
        run_cycle(context, [Stage("a", fail), Stage("b", lambda c: "never")])
    assert [(e.record.outcome, e.record.detail) for e in context.steps] == [
        ("failed", "the disk is full")]


def test_a_failed_diagnostic_makes_the_cycle_say_no(place: Workplace, ledger: Ledger) -> None:
    def diagnose(context: Context) -> str:
        context.diagnostics = context.ledger.append(
            Diagnostic(check="disk", subject="/", status=status))  # type: ignore[arg-type]
        return status

    for status, code in (("ok", 0), ("unknown", 0), ("failed", 1)):
        assert run_cycle(Context(place, ledger, 1), [Stage("diagnose", diagnose)]) == code
