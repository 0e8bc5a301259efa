"""Every run leaves a beginning and an end, however it ends."""

from collections.abc import Callable

import pytest

from riskwatch.errors import InputError, OutputError
from riskwatch.ledger import Ledger
from riskwatch.records import Run, RunEnd
from riskwatch.runs import Errand, close_killed, record_locked_out, run_recorded
from riskwatch.workplace import Workplace


def _raising(error: BaseException) -> Callable[[int], int]:
    def work(_: int) -> int:
        raise error
    return work


@pytest.mark.parametrize(("work", "outcome", "code"), [
    (lambda run_id: 0, "done", 0), (lambda run_id: 1, "check_said_no", 1)])
def test_a_run_that_ends_by_itself_says_how(
        place: Workplace, ledger: Ledger, work: Callable[[int], int], outcome: str,
        code: int) -> None:
    assert run_recorded(place, ledger, Errand("cycle", "cron"), work) == code
    run, end = ledger.latest(Run), ledger.latest(RunEnd)
    assert run and end and end.run_id == run.id
    assert (run.record.command, run.record.trigger) == ("cycle", "cron")
    assert (end.record.outcome, end.record.exit_code) == (outcome, code)
    assert place.heads.exists()


@pytest.mark.parametrize(("error", "outcome", "code"), [
    (InputError("no folder"), "bad_input", 2), (OutputError("disk full"), "failed", 2),
    (KeyError("x"), "failed", None), (KeyboardInterrupt(), "failed", None)])
def test_a_run_that_fails_is_recorded_and_the_fault_goes_on(
        place: Workplace, ledger: Ledger, error: BaseException, outcome: str,
        code: int | None) -> None:
    with pytest.raises(type(error)):
        run_recorded(place, ledger, Errand("ingest"), _raising(error))
    end = ledger.latest(RunEnd)
    assert end and (end.record.outcome, end.record.exit_code) == (outcome, code)


def test_the_next_run_gives_a_killed_one_its_end(place: Workplace, ledger: Ledger) -> None:
    ledger.append(Errand("cycle").run())
    run_recorded(place, ledger, Errand("cycle"), lambda run_id: 0)
    assert list(ledger.columns(RunEnd, "run_id", "outcome")) == [(1, "killed"), (2, "done")]
    assert close_killed(ledger) == 0


def test_a_run_that_was_locked_out_is_not_taken_for_killed(ledger: Ledger) -> None:
    record_locked_out(ledger, Errand("cycle", "cron"))
    assert not ledger.unended_runs()
    end = ledger.latest(RunEnd)
    assert end and (end.record.outcome, end.record.exit_code) == ("locked_out", 75)
