"""The stages of a cycle, in their order: each calls one room and notes what it found.

In: the context of a cycle. Out: one line in words. Heavy rooms load inside their stage, so that
a cycle without news costs next to nothing.
"""
# pylint: disable=import-outside-toplevel

from typing import TYPE_CHECKING

from riskwatch.cycle import Context, Stage
from riskwatch.deploy import deploy, remove_old, serving_version
from riskwatch.errors import InputError
from riskwatch.ingest import ingest
from riskwatch.ledger import Entry
from riskwatch.records import Decision, File, Score
from riskwatch.tell_stages import alert_stage, report_stage
from riskwatch.watch_stages import (decide_stage, diagnose_stage, drift_stage, gate_stage,
                                    has_undecided)

if TYPE_CHECKING:
    from riskwatch.train import Challenger


def ingest_stage(context: Context) -> str:
    """Take new files in, and find what still has to be scored."""
    context.ingested = ingest(context.place, context.ledger, context.folders,
                              run_id=context.run_id)
    context.pending = pending_files(context)
    return context.ingested.in_words()


def pending_files(context: Context) -> tuple[Entry[File], ...]:
    """Return the accepted files that no score speaks of, oldest first.

    Without a serving model that is every file; later it is those that came after the rows
    that the serving model learned from.
    """
    ledger = context.ledger
    version = serving_version(ledger)
    learned = 0
    if version is not None:
        from riskwatch.store import check_release

        learned = check_release(context.place, version).last_row
    scored = {number for (number,) in ledger.columns(Score, "file_id")}
    waiting = [number for number, status, first in ledger.columns(
        File, "id", "status", "first_row")
        if status == "accepted" and first > learned and number not in scored]
    found = (ledger.get(File, number) for number in waiting)
    return tuple(entry for entry in found if entry is not None)


def score_stage(context: Context) -> str:
    """Score the serving model on what came in."""
    from riskwatch.score import score_drop
    from riskwatch.store import load_release

    stored = load_release(context.place)
    context.scores = tuple(
        score_drop(context.place, context.ledger, stored, file, run_id=context.run_id)
        for file in context.pending)
    known = [entry.record.f1 for entry in context.scores if entry.record.f1 is not None]
    mean = f", mean F1 {sum(known) / len(known):.3f}" if known else ""
    return f"{stored.release.version} on {len(context.scores)} drops{mean}"


def decide_next(context: Context) -> str:
    """Decide by what was seen; where no model serves, that a first one is needed."""
    if not has_no_model(context):
        return decide_stage(context)
    reason = "no model serves yet"
    context.decision = context.ledger.append(
        Decision(kind="drift", action="retrain", reason=reason), run_id=context.run_id)[0]
    return f"retrain: {reason}"


def train_stage(context: Context) -> str:
    """Train a challenger."""
    from riskwatch.train import train

    try:
        context.challenger = train(context.place, context.ledger, after=context.learn_after)
    except InputError as err:  # too few rows today is no fault of the cycle
        return f"no challenger: {err}"
    return context.challenger.in_words()


def gate_next(context: Context) -> str:
    """Hold a trial; a first model is let through, as there is nothing to compare it with."""
    if not has_no_model(context):
        return gate_stage(context)
    version = _challenger(context).stored.release.version
    reason = "no model serves yet"
    context.gate = context.ledger.append(
        Decision(kind="gate", action="deploy", reason=reason, challenger=version),
        run_id=context.run_id)[0]
    return f"deploy {version}: {reason}"


def deploy_stage(context: Context) -> str:
    """Deploy the challenger, and note how it does on the hold-out."""
    from riskwatch.score import score_hold_out

    assert context.gate is not None
    stored = _challenger(context).stored
    context.deployment = deploy(context.place, context.ledger, stored.release.version,
                                context.gate.record.reason, run_id=context.run_id)
    score = score_hold_out(context.place, context.ledger, stored, run_id=context.run_id)
    removed = remove_old(context.place, context.ledger)
    figure = "undefined" if score.record.f1 is None else f"{score.record.f1:.3f}"
    return (f"{stored.release.version} serves, F1 on {score.record.labelled_rows} rows of the "
            f"hold-out {figure}; {len(removed)} old releases removed")


def has_no_model(context: Context) -> bool:
    """Return whether a first model is to be found."""
    return serving_version(context.ledger) is None


def has_model_and_news(context: Context) -> bool:
    """Return whether something can be scored."""
    return context.has_news and serving_version(context.ledger) is not None


#: What a cycle does. A room that joins puts its stage in the place where it belongs.
STAGES: tuple[Stage, ...] = (
    Stage("ingest", ingest_stage),
    Stage("score", score_stage, has_model_and_news),
    Stage("drift", drift_stage, has_undecided),
    Stage("decide", decide_next, lambda c: c.seen is not None or (
        c.has_news and has_no_model(c))),
    Stage("train", train_stage, lambda c: c.shall_train),
    Stage("gate", gate_next, lambda c: c.has_challenger),
    Stage("deploy", deploy_stage, lambda c: c.shall_deploy),
    Stage("diagnose", diagnose_stage),
    Stage("alert", alert_stage),
    Stage("report", report_stage),
)


def _challenger(context: Context) -> "Challenger":
    assert context.challenger is not None
    return context.challenger
