"""Remember which run of which step made what from what.

In: records of runs. Out: the records again, by key, by id, or all of them.
A figure is worth as much as the answer to "from which data, by which code, with which settings".
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from rentals.artifacts import Artifact, Store
from rentals.contents import Content
from rentals.errors import ArtifactError
from rentals.index import transaction

State = Literal["done", "refused", "failed"]
_COLUMNS = ("run, pipeline, step, key, state, started_utc, seconds, code, settings, metrics, "
            "lines, tracking_id")


@dataclass(frozen=True)
class Use:
    """An artifact that a run read or made, under the role that it had there."""

    role: str
    name: str
    number: int
    digest: str

    @property
    def reference(self) -> str:
        """The name with its version, such as ``sample.csv:v1``."""
        return f"{self.name}:v{self.number}" if self.number else self.name


@dataclass(frozen=True)
class RunRecord:  # pylint: disable=too-many-instance-attributes  # one a column
    """One run of one unit: when, by which code and settings, from what, with what result.

    ``settings`` is the JSON of what the unit declares to read, ``code`` the digest of its
    sources, ``pipeline`` the id shared by the units of one call.
    """

    run: str
    pipeline: str
    step: str
    key: str
    started_utc: datetime
    code: str
    settings: str
    inputs: tuple[Use, ...] = ()
    outputs: tuple[Use, ...] = ()
    state: State = "done"
    seconds: float = 0.0
    metrics: Mapping[str, float] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    tracking_id: str = ""


def use_of(role: str, artifact: Artifact) -> Use:
    """Return the use of an artifact under a role."""
    return Use(role, artifact.name, artifact.number, artifact.digest)


def record_run(store: Store, record: RunRecord, outputs: Mapping[str, Content]) -> RunRecord:
    """Write down a run and make its outputs the newest versions, all in one step.

    Parameters
    ----------
    store : Store
    record : RunRecord
        Without outputs.
    outputs : mapping of str to Content
        Kept contents by artifact name.

    Returns
    -------
    RunRecord
        With its outputs.

    Raises
    ------
    ArtifactError, BusyError, OutputError
    """
    with transaction(store.folder) as index:
        made = tuple(use_of(name, store.add_version(index, name, content, record.run))
                     for name, content in outputs.items())
        complete = replace(record, outputs=made)
        index.execute(f"INSERT INTO runs ({_COLUMNS}) VALUES ({', '.join('?' * 12)})", (
            record.run, record.pipeline, record.step, record.key, record.state,
            record.started_utc.isoformat(), record.seconds, record.code, record.settings,
            json.dumps(dict(record.metrics)), json.dumps(record.lines), record.tracking_id))
        for direction, uses in (("in", record.inputs), ("out", made)):
            for use in uses:
                index.execute("INSERT INTO uses VALUES (?, ?, ?, ?, ?, ?)", (
                    record.run, direction, use.role, use.name, use.number, use.digest))
    return complete


def find_done(store: Store, key: str) -> RunRecord | None:
    """Return the newest run that ended well with this key."""
    with transaction(store.folder) as index:
        rows = index.execute(f"SELECT {_COLUMNS} FROM runs WHERE key = ? AND state = 'done' "
                             "ORDER BY rowid DESC LIMIT 1", (key,)).fetchall()
        return _records(index, rows)[0] if rows else None


def find_runs(store: Store, run: str) -> tuple[RunRecord, ...]:
    """Return the runs of an id, oldest first.

    Parameters
    ----------
    store : Store
    run : str
        Of a run, of a pipeline, or of a run in the tracking server; its beginning is enough.

    Returns
    -------
    tuple of RunRecord

    Raises
    ------
    ArtifactError
        There is none, or the beginning fits several.
    """
    with transaction(store.folder) as index:
        for column in ("run", "pipeline", "tracking_id") if run else ():
            found = index.execute(f"SELECT DISTINCT {column} FROM runs WHERE {column} != '' "
                                  f"AND substr({column}, 1, ?) = ?", (len(run), run)).fetchall()
            if len(found) > 1:
                raise ArtifactError(f"{run!a} begins several runs; give more of the id")
            if found:
                return _records(index, index.execute(
                    f"SELECT {_COLUMNS} FROM runs WHERE {column} = ? ORDER BY rowid",
                    found[0]).fetchall())
    raise ArtifactError(f"there is no run {run!a}; `rentals lineage` lists them")


def all_runs(store: Store) -> tuple[RunRecord, ...]:
    """Return every run, oldest first."""
    with transaction(store.folder) as index:
        rows = index.execute(f"SELECT {_COLUMNS} FROM runs ORDER BY rowid").fetchall()
        return _records(index, rows)


def count_test_uses(store: Store, test_digest: str, model_digest: str, run: str) -> int:
    """Write down that a model saw a test set; return how many different models have by now."""
    with transaction(store.folder) as index:
        index.execute("INSERT OR IGNORE INTO test_uses VALUES (?, ?, ?)",
                      (test_digest, model_digest, run))
        return int(index.execute("SELECT count(*) FROM test_uses WHERE test_digest = ?",
                                 (test_digest,)).fetchone()[0])


def _records(index: sqlite3.Connection, rows: list[tuple[str, ...]]) -> tuple[RunRecord, ...]:
    return tuple(_record(index, row) for row in rows)


def _record(index: sqlite3.Connection, row: tuple[str, ...]) -> RunRecord:
    run, pipeline, step, key, state, started, seconds, code, settings, metrics, lines, tid = row
    uses = {direction: tuple(Use(*values) for values in index.execute(
        "SELECT role, name, number, digest FROM uses WHERE run = ? AND direction = ? "
        "ORDER BY rowid", (run, direction)).fetchall()) for direction in ("in", "out")}
    return RunRecord(run, pipeline, step, key, datetime.fromisoformat(started), code, settings,
                     uses["in"], uses["out"], state, float(seconds),  # type: ignore[arg-type]
                     json.loads(metrics), tuple(json.loads(lines)), tid)
