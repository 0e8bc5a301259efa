"""The index of the artifact store: one SQLite file of versions, aliases, runs and their uses.

In: the folder of the store. Out: transactions that happen whole or not at all.
SQLite is the one database that needs no server and lets two pipelines write at once safely.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rentals.errors import ArtifactError, BusyError, OutputError

_SECONDS_TO_WAIT = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS versions (
    name TEXT, number INTEGER, digest TEXT, kind TEXT, size INTEGER, run TEXT,
    PRIMARY KEY (name, number));
CREATE TABLE IF NOT EXISTS aliases (
    name TEXT, alias TEXT, number INTEGER, PRIMARY KEY (name, alias));
CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, pipeline TEXT, step TEXT, key TEXT, state TEXT, started_utc TEXT,
    seconds REAL, code TEXT, settings TEXT, metrics TEXT, lines TEXT, tracking_id TEXT);
CREATE INDEX IF NOT EXISTS runs_by_key ON runs (key, state);
CREATE TABLE IF NOT EXISTS uses (
    run TEXT, direction TEXT, role TEXT, name TEXT, number INTEGER, digest TEXT,
    PRIMARY KEY (run, direction, role));
CREATE TABLE IF NOT EXISTS test_uses (
    test_digest TEXT, model_digest TEXT, run TEXT, PRIMARY KEY (test_digest, model_digest));
"""


@contextmanager
def transaction(folder: Path, *, wait: float = _SECONDS_TO_WAIT) -> Iterator[sqlite3.Connection]:
    """Yield the index inside one transaction, which ends with the block.

    Parameters
    ----------
    folder : Path
        Of the store; made when missing.
    wait : float
        Seconds to wait for another writer.

    Yields
    ------
    sqlite3.Connection

    Raises
    ------
    BusyError
        Another process writes for longer than ``wait``.
    ArtifactError
        The index is damaged.
    OutputError
        The folder cannot be written.
    """
    path = folder / "index.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=wait, isolation_level=None)) as connection:
            # Not executescript, which would commit: every statement inside the transaction.
            connection.execute("BEGIN IMMEDIATE")
            try:
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
    except sqlite3.OperationalError as err:
        if "locked" in str(err):
            raise BusyError(f"{path}: another process holds it; try again when it has ended"
                            ) from err
        raise OutputError(f"{path}: cannot be used: {err}; choose another folder with --out"
                          ) from err
    except sqlite3.DatabaseError as err:
        raise ArtifactError(f"{path}: is damaged: {err}; move {folder} away and run again"
                            ) from err
    except OSError as err:
        raise OutputError(f"{folder}: cannot be written: {err.strerror}; choose another folder "
                          "with --out") from err
