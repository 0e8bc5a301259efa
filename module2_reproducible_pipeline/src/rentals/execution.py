"""Run one unit of work, or skip it: the way from a plan to artifacts.

In: a unit, settings, a store. Out: what it made, or made before, and a record of the run.
Outputs are written into a folder of the run, and become artifacts together with the record in
one transaction: an interrupted step leaves nothing that the next run could take for whole.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from time import perf_counter

from rentals.artifacts import Artifact, Store
from rentals.cache import unit_key
from rentals.contents import is_intact, keep
from rentals.drafts import draft_folder
from rentals.errors import ArtifactError
from rentals.files import sha256_of_file
from rentals.index import transaction
from rentals.lineage import RunRecord, State, find_done, record_run, use_of
from rentals.plan import StepResult, Task, Unit
from rentals.setting_parts import only, settings_json
from rentals.settings import Settings
from rentals.sources import source_digest
from rentals.workplace import Outcome, Workplace, find_inputs, new_id, tracked_run

LOGGER = logging.getLogger(__name__)


def run_unit(place: Workplace, unit: Unit, references: Mapping[str, str]) -> Outcome:
    """Run a unit, unless nothing has changed since it last ran.

    Parameters
    ----------
    place : Workplace
    unit : Unit
    references : mapping of str to str
        References to take instead of the unit's own, by role.

    Returns
    -------
    Outcome

    Raises
    ------
    RentalsError
        An input cannot be used, or the step failed; the run is recorded as failed.
    """
    started = perf_counter()
    inputs = find_inputs(place.store, unit, references)
    digests = {role: artifact.digest for role, artifact in inputs.items()}
    if "data" in unit.reads and place.settings.data.path:
        digests["data.path"] = sha256_of_file(Path(place.settings.data.path))
    key = unit_key(unit, place.settings, digests)
    done = find_done(place.store, key)
    made = _bring_back(place.store, done) if done else None
    if done and made:
        LOGGER.info("%s: unchanged, skipped", unit.title)
        return Outcome(unit, done, made, perf_counter() - started, True)
    for artifact in inputs.values():
        place.store.get(artifact.reference)
    record = RunRecord(
        new_id(), place.pipeline, unit.title, key, place.clock(),
        source_digest(f"rentals.steps.{unit.step}"), settings_json(place.settings, unit.reads),
        tuple(use_of(role, artifact) for role, artifact in inputs.items()))
    with place.step(unit.title):
        return _run_recorded(place, unit, record, inputs)


def execute(unit: Unit, settings: Settings, inputs: Mapping[str, Path], out: Path) -> StepResult:
    """Call the step with only the settings that it declares; check that it made its outputs.

    Parameters
    ----------
    unit : Unit
    settings : Settings
    inputs : mapping of str to Path
        By role.
    out : Path
        An empty folder.

    Returns
    -------
    StepResult

    Raises
    ------
    RentalsError
        The step's own faults, or an output is missing.
    """
    task = Task(inputs, only(settings, unit.reads), out, unit.variant)
    result: StepResult = import_module(f"rentals.steps.{unit.step}").run(task)
    missing = [name for name in unit.outputs if not (out / name).exists()]
    if missing:
        raise ArtifactError(f"the step {unit.title} did not make {missing[0]}")
    return result


def _run_recorded(place: Workplace, unit: Unit, record: RunRecord,
                  inputs: Mapping[str, Artifact]) -> Outcome:
    """Run a unit, store what it made, and record the run wherever it is to be recorded."""
    started = perf_counter()
    state: State = "failed"
    result, outputs = StepResult(), {}
    place.trackers.begin()
    with draft_folder(place.out / "drafts") as draft:
        try:
            result = execute(unit, place.settings, {role: artifact.path for role, artifact
                                                    in inputs.items()}, draft)
            state = "refused" if result.refusal else "done"
            outputs = {name: keep(place.store.folder, draft / name) for name in unit.outputs}
        finally:
            seconds = perf_counter() - started
            ended = replace(record, state=state, seconds=round(seconds, 3),
                            metrics=dict(result.metrics), lines=result.lines)
            tracked = tracked_run(ended, {name: content.digest for name, content
                                          in outputs.items()}, draft)
            ended = record_run(place.store, replace(
                ended, tracking_id=place.trackers.record(tracked)), outputs)
    for line in result.lines:
        LOGGER.info("%s: %s", unit.title, line)
    return Outcome(unit, ended, tuple(place.store.find(use.reference) for use in ended.outputs),
                   seconds, False, result.refusal)


def _bring_back(store: Store, done: RunRecord) -> tuple[Artifact, ...] | None:
    """Make what an earlier run made the newest versions again, if all of it is still whole."""
    if not all(is_intact(store.find(use.reference).path, use.digest) for use in done.outputs):
        return None
    with transaction(store.folder) as index:
        return tuple(store.bring_back(index, use.name, use.digest) for use in done.outputs)
