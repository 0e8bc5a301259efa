"""The cycle as it is wired: first model, no news, news; each drop is scored once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from riskwatch.cycle import Context, run_cycle
from riskwatch.deploy import serving_version
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.records import Deployment, Score
from riskwatch.stages import STAGES
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


def rows(month: int, count: int = 120) -> list[str]:
    """Corporations that leave when they are small."""
    return [f"{chr(97 + n % 26)}{chr(97 + n // 26)}aa,{month},{100 + n * 9},{n % 31},"
            f"{int(n < count // 2)}" for n in range(count)]


@pytest.fixture(name="cycle")
def cycle_runner(place: Workplace, ledger: Ledger) -> Callable[[], Context]:
    """Run one cycle and return what it knows."""
    def run() -> Context:
        context = Context(place, ledger, 1)
        assert run_cycle(context, STAGES) == 0
        return context
    return run


def outcomes(context: Context) -> dict[str, str]:
    """What became of each stage."""
    return {entry.record.step: entry.record.outcome for entry in context.steps}


def test_a_first_model_is_found_then_drops_are_scored_then_nothing_is_done(
        ledger: Ledger, put: Put, cycle: Callable[[], Context]) -> None:
    assert set(outcomes(cycle()).values()) == {"done", "skipped"}  # an empty inbox
    put("a.csv", rows(1))
    first = cycle()
    assert outcomes(first)["deploy"] == "done" and outcomes(first)["score"] == "skipped"
    assert serving_version(ledger) is not None
    hold_out = ledger.latest(Score)
    assert hold_out and hold_out.record.subject == "hold_out"
    put("b.csv", rows(2))
    put("c.csv", rows(3))
    second = cycle()
    assert [entry.record.file_id for entry in second.scores] == [2, 3]
    assert second.scores[0].record.roc_auc is not None
    third = cycle()
    assert not third.has_news and outcomes(third) == {
        "ingest": "done", **dict.fromkeys(
            (stage.name for stage in STAGES if stage.name in (
                "score", "decide", "train", "gate", "deploy")), "skipped")} | {
        name: outcome for name, outcome in outcomes(third).items()
        if name not in ("ingest", "score", "decide", "train", "gate", "deploy")}
    assert ledger.heads()["deployments"][0] == 1


def test_what_a_killed_cycle_took_in_is_scored_by_the_next(
        place: Workplace, ledger: Ledger, put: Put, cycle: Callable[[], Context]) -> None:
    put("a.csv", rows(1))
    cycle()
    put("b.csv", rows(2))
    ingest(place, ledger)  # and then nothing more
    assert [entry.record.file_id for entry in cycle().scores] == [2]


def test_too_few_rows_make_no_model_and_no_fault(ledger: Ledger, put: Put,
                                                 cycle: Callable[[], Context]) -> None:
    put("a.csv", rows(1, 4))
    context = cycle()
    assert context.challenger is None and ledger.latest(Deployment) is None
    detail = next(e.record.detail for e in context.steps if e.record.step == "train")
    assert detail.startswith("no challenger: ")
    put("b.csv", rows(2))
    assert cycle().deployment is not None
