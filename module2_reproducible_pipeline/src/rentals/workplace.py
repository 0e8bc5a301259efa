"""Where a pipeline works, and what it hands from unit to unit.

In: a folder, settings, a clock, trackers. Out: one object that is passed down, the inputs that a
unit finds in its store, and what is told to the trackers of a run.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rentals.artifacts import Artifact, Store
from rentals.lineage import RunRecord
from rentals.plan import Unit
from rentals.settings import Settings
from rentals.tracking import AllTrackers, TrackedRun


@dataclass(frozen=True)
class Workplace:
    """Where a pipeline works, by which settings, clock and trackers.

    ``step`` is opened around each unit and shows the progress; ``pipeline`` is the id of the
    call.
    """

    out: Path
    settings: Settings
    clock: Callable[[], datetime]
    step: Callable[[str], AbstractContextManager[None]]
    trackers: AllTrackers
    pipeline: str

    @property
    def store(self) -> Store:
        """The artifacts of the folder of results."""
        return Store(self.out / "artifacts")


@dataclass(frozen=True)
class Outcome:
    """What became of a unit: the record of the run that made its outputs, and those."""

    unit: Unit
    record: RunRecord
    artifacts: tuple[Artifact, ...]
    seconds: float
    is_cached: bool
    refusal: str = ""


def new_id() -> str:
    """Return an id that no other run has."""
    return uuid.uuid4().hex


def find_inputs(store: Store, unit: Unit, references: Mapping[str, str]) -> dict[str, Artifact]:
    """Return the artifacts of a unit's inputs, by role.

    Parameters
    ----------
    store : Store
    unit : Unit
    references : mapping of str to str
        Take the place of the unit's own references, by role.

    Returns
    -------
    dict of str to Artifact

    Raises
    ------
    ArtifactError
        One of them does not exist.
    """
    found: dict[str, Artifact] = {}
    for one in unit.inputs:
        reference = references.get(one.role, one.reference)
        if one.instead and one.role not in references and not store.has(reference):
            found[one.role] = found[one.instead]
        else:
            found[one.role] = store.find(reference)
    return found


def tracked_run(record: RunRecord, digests: Mapping[str, str], folder: Path) -> TrackedRun:
    """Return what the trackers are told of a run that has ended.

    Parameters
    ----------
    record : RunRecord
    digests : mapping of str to str
        Of what it made, by artifact name.
    folder : Path
        Holds what it made, under the same names.

    Returns
    -------
    TrackedRun
    """
    tags = {"step": record.step, "run": record.run, "pipeline": record.pipeline,
            "code_digest": record.code, "state": record.state}
    tags |= {f"input.{use.role}": f"{use.reference} {use.digest}" for use in record.inputs}
    tags |= {f"output.{name}": digest for name, digest in digests.items()}
    params = {key: str(value) for key, value in json.loads(record.settings).items()}
    return TrackedRun(record.step, record.started_utc, record.seconds, record.state == "done",
                      params, record.metrics, tags, {name: folder / name for name in digests})


def whole_tags(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Return what the parent run of a pipeline is found by: what it began with, by which code.

    Parameters
    ----------
    outcomes : sequence of Outcome
        In order; a pipeline that broke off before its first step has none.

    Returns
    -------
    dict of str to str
        ``data`` and ``data_digest`` name the first artifact that was fetched, or else the first
        input of the first step; ``code_digest`` is the SHA-256 of the steps' code digests.
    """
    if not outcomes:
        return {}
    first = outcomes[0].record
    data = (first.inputs or first.outputs)[:1]
    code = hashlib.sha256("\n".join(one.record.code for one in outcomes).encode()).hexdigest()
    return {"code_digest": code} | {
        name: value for use in data
        for name, value in (("data", use.reference), ("data_digest", use.digest))}
