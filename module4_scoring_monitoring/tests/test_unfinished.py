"""A cycle that dies between any two of its rows is gone on with by the next one."""

import os
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from watched_drops import lines

from riskwatch.audit import audit
from riskwatch.cycle import Context, Stage, run_cycle
from riskwatch.deploy import serving_version
from riskwatch.ledger import Ledger, Query, open_ledger
from riskwatch.records import Decision, Deployment, DriftVerdict, Score, Step
from riskwatch.runs import Errand, run_recorded
from riskwatch.stages import STAGES
from riskwatch.unfinished import is_carried_out, undecided
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


def play(place: Workplace, ledger: Ledger, stages: tuple[Stage, ...] = STAGES) -> Context:
    """Run a recorded cycle and return what it knows."""
    contexts: list[Context] = []

    def work(run_id: int) -> int:
        contexts.append(Context(place, ledger, run_id))
        return run_cycle(contexts[0], stages)

    run_recorded(place, ledger, Errand("cycle"), work)
    return contexts[0]


def die(_: Context) -> str:
    """End this process as kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def killed_at(place: Workplace, stage: str) -> None:
    """Run a cycle in a process of its own that dies when it comes to a stage."""
    child = os.fork()
    if child == 0:
        with closing(open_ledger(place)) as ledger:
            play(place, ledger, tuple(Stage(one.name, die, one.when) if one.name == stage else one
                                      for one in STAGES))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def decisions(ledger: Ledger, kind: str = "drift") -> list[tuple[int | None, str]]:
    """Runs and actions of the decisions, oldest first."""
    return [(entry.run_id, entry.record.action) for entry in ledger.entries(
        Decision, Query(filters={"kind": kind}, newest_first=False))]


@pytest.fixture(name="first")
def first_model(place: Workplace, ledger: Ledger, put: Put) -> str:
    """A model serves, from run 1."""
    put("000.csv", lines("stable", 90, 900))
    play(place, ledger)
    version = serving_version(ledger)
    assert version is not None and not undecided(ledger)
    return version


@pytest.mark.parametrize("stage", ["score", "drift", "decide"])
def test_a_kill_before_the_decision_leaves_it_to_the_next_cycle(
        place: Workplace, ledger: Ledger, put: Put, first: str, stage: str) -> None:
    put("001.csv", lines("stable", 1))
    ledger.close()
    killed_at(place, stage)
    verdicts = len([*ledger.columns(DriftVerdict, "id")])
    assert decisions(ledger) == [(1, "retrain")] and bool(verdicts) == (stage == "decide")
    context = play(place, ledger)
    assert decisions(ledger) == [(1, "retrain"), (3, "keep")]
    assert [score.record.file_id for score in context.scores] == [2]
    assert [*ledger.columns(Score, "file_id")] == [(None,), (2,)]
    written = [*ledger.columns(DriftVerdict, "column", "test")]
    assert len(context.verdicts) == len(written) == len(set(written)) >= 10
    if stage == "decide":
        assert {entry.run_id for entry in context.verdicts} == {2}
    assert not undecided(ledger) and serving_version(ledger) == first
    assert play(place, ledger).decision is None and audit(place, ledger).is_sound


@pytest.mark.parametrize("stage", ["train", "gate", "deploy"])
def test_a_retraining_that_was_killed_is_decided_again_and_carried_out(
        place: Workplace, ledger: Ledger, put: Put, first: str, stage: str) -> None:
    put("001.csv", lines("concept_drift", 5, 900))
    ledger.close()
    killed_at(place, stage)
    assert decisions(ledger)[1:] == [(2, "retrain")] and serving_version(ledger) == first
    context = play(place, ledger)
    # Not kept by the cool-down, which is for retrainings that took place.
    assert decisions(ledger)[1:] == [(2, "retrain"), (3, "retrain")]
    assert context.deployment is not None and context.learn_after == 900
    assert [*ledger.columns(Deployment, "previous")] == [(None,), (first,)]
    assert play(place, ledger).decision is None and audit(place, ledger).is_sound


def test_a_retraining_that_was_refused_or_made_no_challenger_is_carried_out(
        ledger: Ledger, first: str) -> None:
    entry = ledger.append(Decision(kind="drift", action="retrain", reason="", champion=first),
                          run_id=7)[0]
    for outcome, is_done in (("failed", False), ("skipped", True)):
        assert not is_carried_out(ledger, entry)
        ledger.append(Step(step="deploy", outcome=outcome, seconds=0.0),  # type: ignore[arg-type]
                      run_id=7)
        assert is_carried_out(ledger, entry) == is_done
    other = ledger.append(Decision(kind="drift", action="retrain", reason="", champion="before"),
                          run_id=8)[0]
    assert is_carried_out(ledger, other)  # another one serves: it was deployed
