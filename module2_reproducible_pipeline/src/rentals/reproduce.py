"""Do a run again from its record, and compare what comes out byte for byte.

In: the store and the id of a run. Out: for each artifact whether it is the same.
A record that cannot be repeated is a story; one that can is a proof.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rentals.artifacts import Store
from rentals.contents import content_of
from rentals.drafts import draft_folder
from rentals.errors import ArtifactError
from rentals.execution import execute
from rentals.lineage import RunRecord, find_runs
from rentals.plan import Input, Unit
from rentals.setting_parts import settings_of_leaves
from rentals.sources import source_digest


@dataclass(frozen=True)
class Repeated:
    """One artifact of a run: its digest then and now."""

    step: str
    name: str
    then: str
    now: str

    @property
    def is_equal(self) -> bool:
        """Is it the same, byte for byte?"""
        return self.then == self.now


@dataclass(frozen=True)
class Reproduction:
    """What came of doing runs again; ``changed_code`` names steps whose code is not as then."""

    repeated: tuple[Repeated, ...]
    changed_code: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Is everything the same, byte for byte?"""
        return all(one.is_equal for one in self.repeated)


def reproduce(store: Store, run: str) -> Reproduction:
    """Do runs again, each from the very inputs and settings of its record.

    Parameters
    ----------
    store : Store
    run : str
        Id of a run, of a pipeline, or of a run in MLflow.

    Returns
    -------
    Reproduction

    Raises
    ------
    RentalsError
        There is no such run, it made nothing, or an input is gone.
    """
    records = [record for record in find_runs(store, run) if record.outputs]
    if not records:
        raise ArtifactError(f"the run {run!a} made nothing that could be compared")
    repeated, changed = [], []
    for record in records:
        if source_digest(f"rentals.steps.{record.step.split()[0]}") != record.code:
            changed.append(record.step)
        repeated += _repeat(store, record)
    return Reproduction(tuple(repeated), tuple(changed))


def unit_of(record: RunRecord) -> Unit:
    """Return the unit that a record is of."""
    step, _, variant = record.step.partition(" ")
    reads: Mapping[str, Any] = json.loads(record.settings)
    return Unit(step, tuple(Input(use.role, use.reference) for use in record.inputs),
                tuple(use.role for use in record.outputs), tuple(reads), variant)


def _repeat(store: Store, record: RunRecord) -> list[Repeated]:
    unit = unit_of(record)
    settings = settings_of_leaves(json.loads(record.settings))
    inputs = {use.role: store.get(f"{use.name}:{use.digest}").path for use in record.inputs}
    with draft_folder(store.folder.parent / "drafts") as folder:
        execute(unit, settings, inputs, folder)
        return [Repeated(record.step, use.name, use.digest,
                         content_of(folder / use.role).digest) for use in record.outputs]
