"""The stages of a cycle that watch the model: drift, the decision, the trial, diagnostics.

In: the context of a cycle. Out: one line in words. As in `riskwatch.stages`, heavy rooms load
inside their stage.
"""
# pylint: disable=import-outside-toplevel

from typing import TYPE_CHECKING

from riskwatch.cycle import Context
from riskwatch.unfinished import undecided

if TYPE_CHECKING:
    from riskwatch.drift_watch import Watch


def drift_stage(context: Context) -> str:
    """Compare what came in with what the serving model learned from."""
    from riskwatch.drift_watch import watch_drops

    context.scores = undecided(context.ledger)
    context.seen = watch_drops(_watch(context), context.scores)
    context.verdicts = context.seen.entries
    return context.seen.in_words()


def decide_stage(context: Context) -> str:
    """Decide what follows from drift and scores."""
    from riskwatch.decision_watch import decide_cycle

    assert context.seen is not None
    decided = decide_cycle(_watch(context), context.scores, context.seen)
    context.decision, context.learn_after = decided.entry, decided.learn_after
    return f"{decided.entry.record.action}: {decided.entry.record.reason}"


def gate_stage(context: Context) -> str:
    """Let the challenger and the champion answer the same questions."""
    from riskwatch.decision_watch import hold_trial

    assert context.challenger is not None
    context.gate = hold_trial(_watch(context), context.challenger.stored,
                              after=context.learn_after)
    return f"{context.gate.record.action}: {context.gate.record.reason}"


def diagnose_stage(context: Context) -> str:
    """Look at drops, timings, packages, and the machine."""
    from riskwatch.diagnose import diagnose

    context.diagnostics = diagnose(context.place, context.ledger, context.pending,
                                   run_id=context.run_id)
    failed = [f"{entry.record.check} of {entry.record.subject}" for entry in context.diagnostics
              if entry.record.status == "failed"]
    words = f", failed: {', '.join(failed)}" if failed else ", none failed"
    return f"{len(context.diagnostics)} checks{words}"


def has_undecided(context: Context) -> bool:
    """Return whether there are scores that no decision is about yet."""
    return bool(undecided(context.ledger))


def _watch(context: Context) -> "Watch":
    from riskwatch.drift_watch import Watch
    from riskwatch.store import load_release

    if context.watch is None:
        context.watch = Watch(context.place, context.ledger, load_release(context.place),
                              context.run_id)
    return context.watch
