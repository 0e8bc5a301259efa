"""Link the steps: which run, in which order, and which aliases move.

In: a workplace and the names of steps. Out: what became of each unit.
This file is wiring: it says what follows what, and computes nothing itself.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rentals.artifacts import Artifact
from rentals.errors import CheckSaidNo
from rentals.execution import run_unit
from rentals.lineage import count_test_uses
from rentals.plan import (CANDIDATE, CHOSEN, CLEAN, PROD, REFERENCE, RELEASE, STEPS, TEST,
                          TRAINVAL, Unit, units)
from rentals.workplace import Outcome, Workplace, whole_tags

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class PipelineResult:
    """What became of each unit, in order; ``refusal`` says why the pipeline stopped early."""

    outcomes: tuple[Outcome, ...]
    refusal: str = ""

    def outcome(self, title: str) -> Outcome | None:
        """Return what became of a unit, or None if it was not part of this."""
        return next((one for one in self.outcomes if one.unit.title == title), None)


def run_pipeline(place: Workplace, steps: Sequence[str] = STEPS,
                 references: Mapping[str, str] | None = None) -> PipelineResult:
    """Run steps in order; each takes what earlier ones of this call made.

    Parameters
    ----------
    place : Workplace
    steps : sequence of str
        Of ``rentals.plan.STEPS``.
    references : mapping of str to str, optional
        References by role, for inputs that no step of this call makes.

    Returns
    -------
    PipelineResult
        After a step that said no, nothing else runs.

    Raises
    ------
    RentalsError
        A step cannot run.
    """
    outcomes: list[Outcome] = []
    try:
        for unit in units(place.settings, steps):
            found = run_unit(place, unit, _references(unit, outcomes, references or {}))
            outcomes.append(found)
            if found.refusal:
                break
            _move_aliases(place, found)
    except BaseException:
        place.trackers.finish({}, whole_tags(outcomes), is_success=False)
        raise
    refusal = outcomes[-1].refusal if outcomes else ""
    place.trackers.finish(_headline(outcomes), whole_tags(outcomes), is_success=not refusal)
    return PipelineResult(tuple(outcomes), refusal and f"{outcomes[-1].unit.title}: {refusal}")


def demand_success(result: PipelineResult) -> None:
    """Raise `CheckSaidNo` when a step of the pipeline said no."""
    if result.refusal:
        raise CheckSaidNo(result.refusal)


def _references(unit: Unit, outcomes: Sequence[Outcome], given: Mapping[str, str]
                ) -> dict[str, str]:
    """Pin inputs to what this call made, so that a pipeline beside it cannot slip in others."""
    made = {artifact.name: artifact for outcome in outcomes for artifact in outcome.artifacts}
    found = {one.role: given[one.role] for one in unit.inputs if one.role in given}
    for one in unit.inputs:
        name, _, wanted = one.reference.partition(":")
        if one.role not in found and wanted == "latest" and name in made:
            found[one.role] = made[name].reference
    return found


def _move_aliases(place: Workplace, outcome: Outcome) -> None:
    """Point the aliases by rule; nobody clicks."""
    made = {artifact.name: artifact for artifact in outcome.artifacts}
    # The first drop that passes is the reference, until somebody sets another.
    for name in (CLEAN,) if outcome.unit.step == "check" else (TRAINVAL, TEST):
        artifact = made.get(name) or _checked_input(place, outcome, name)
        if artifact:
            place.store.set_alias(name, REFERENCE, artifact.number, only_if_free=True)
    if CHOSEN in made:
        place.store.set_alias(CHOSEN, CANDIDATE, made[CHOSEN].number)
    if outcome.unit.step == "evaluate":
        uses = {use.role: use for use in outcome.record.inputs}
        count = count_test_uses(place.store, uses["test"].digest, uses["chosen"].digest,
                                outcome.record.run)
        if count > 1 and not outcome.is_cached:
            LOGGER.warning("evaluate: %d different models have seen this test set by now; its "
                           "figures grow too good with every choice made by them", count)
    if RELEASE in made:
        place.store.set_alias(RELEASE, PROD, made[RELEASE].number)
        chosen = next(use for use in outcome.record.inputs if use.role == "chosen")
        place.store.set_alias(CHOSEN, PROD, place.store.find(chosen.reference).number)


def _checked_input(place: Workplace, outcome: Outcome, name: str) -> Artifact | None:
    """Return the table that the check of this outcome has passed."""
    if outcome.unit.step != "check" or name != CLEAN:
        return None
    listings = next(use for use in outcome.record.inputs if use.role == "listings")
    return place.store.find(listings.reference)


def _headline(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the figures of the whole: those of the last unit that has each."""
    found: dict[str, float] = {}
    for outcome in outcomes:
        if outcome.unit.step in ("select", "evaluate"):
            found.update({f"{outcome.unit.step}_{name}": value
                          for name, value in outcome.record.metrics.items()})
    return found


def register_release(place: Workplace, result: PipelineResult, uri: str, folder: Path) -> str:
    """Register a fresh release in MLflow's registry; return its version, or empty text."""
    from rentals.tracking_mlflow import MlflowTracker  # pylint: disable=import-outside-toplevel
    outcome = result.outcome("release")
    if outcome is None or outcome.is_cached or outcome.refusal:
        return ""
    tracker = MlflowTracker(uri, place.settings.tracking.experiment, folder)
    return tracker.register("rentals", outcome.record.tracking_id, outcome.artifacts[0].path,
                            PROD)
