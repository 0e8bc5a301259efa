"""The cycle: what follows what, each time that the schedule or a person starts it.

In: a workplace, folders of drops, a table of stages. Out: a context that says what happened,
and rows in the ledger. Only wiring stands here; the work is in the rooms.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from riskwatch.arrivals import IngestResult
from riskwatch.deploy import recover
from riskwatch.ledger import Entry, Ledger
from riskwatch.records import (Decision, Deployment, Diagnostic, DriftVerdict, File, Score, Step)
from riskwatch.workplace import Workplace

if TYPE_CHECKING:
    from riskwatch.drift_watch import SeenDrift, Watch
    from riskwatch.train import Challenger

LOGGER = logging.getLogger(__name__)


@dataclass
class Context:  # pylint: disable=too-many-instance-attributes  # one for each stage
    """What the stages of one cycle tell each other; a stage fills in what it found.

    Attributes
    ----------
    pending : tuple of Entry of File
        Accepted files that no model was scored on yet: of this cycle, or of a killed one.
    scores, verdicts, decision, challenger, gate, deployment, diagnostics, report
        What the stages made, in this order.
    watch : Watch or None
        The model that served when the cycle began to watch, loaded once.
    seen : SeenDrift or None
        The reports behind the verdicts.
    learn_after : int
        A challenger learns from rows with a larger number.
    """

    place: Workplace
    ledger: Ledger
    run_id: int
    folders: tuple[Path, ...] = ()
    ingested: IngestResult = IngestResult()
    pending: tuple[Entry[File], ...] = ()
    scores: tuple[Entry[Score], ...] = ()
    verdicts: tuple[Entry[DriftVerdict], ...] = ()
    watch: "Watch | None" = None
    seen: "SeenDrift | None" = None
    learn_after: int = 0
    decision: Entry[Decision] | None = None
    challenger: "Challenger | None" = None
    gate: Entry[Decision] | None = None
    deployment: Entry[Deployment] | None = None
    diagnostics: tuple[Entry[Diagnostic], ...] = ()
    report: Path | None = None
    steps: list[Entry[Step]] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to score."""
        return bool(self.pending)

    @property
    def shall_train(self) -> bool:
        """Whether a challenger is wanted."""
        return self.decision is not None and self.decision.record.action == "retrain"

    @property
    def has_challenger(self) -> bool:
        """Whether one was trained."""
        return self.challenger is not None

    @property
    def shall_deploy(self) -> bool:
        """Whether the gate let it through."""
        return self.gate is not None and self.gate.record.action == "deploy"

    @property
    def has_failed_check(self) -> bool:
        """Whether a diagnostic said no: the cycle then exits 1."""
        return any(entry.record.status == "failed" for entry in self.diagnostics)


def always(_: Context) -> bool:
    """Return True: the condition of a stage that every cycle has."""
    return True


@dataclass(frozen=True)
class Stage:
    """A stage: its name, its work, which returns one line for the ledger, and its condition."""

    name: str
    work: Callable[[Context], str]
    when: Callable[[Context], bool] = always


def run_cycle(context: Context, stages: Sequence[Stage]) -> int:
    """Go through the stages; the caller holds the lock and records the run.

    Parameters
    ----------
    context : Context
    stages : sequence of Stage

    Returns
    -------
    int
        0, or 1 when a diagnostic said no. What a stage raises ends the cycle, after the
        stage was recorded as failed.
    """
    recover(context.place, context.ledger)
    for stage in stages:
        if not stage.when(context):
            _record(context, Step(step=stage.name, outcome="skipped", seconds=0.0))
            continue
        started = perf_counter()
        try:
            detail = stage.work(context)
        except BaseException as err:
            _record(context, Step(step=stage.name, outcome="failed", detail=str(err),
                                  seconds=round(perf_counter() - started, 6)))
            raise
        LOGGER.info("%s: %s", stage.name, detail)
        _record(context, Step(step=stage.name, outcome="done", detail=detail,
                              seconds=round(perf_counter() - started, 6)))
    return 1 if context.has_failed_check else 0


def _record(context: Context, step: Step) -> None:
    context.steps += context.ledger.append(step, run_id=context.run_id)
