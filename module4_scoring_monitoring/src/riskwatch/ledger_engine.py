"""Connections to the ledger: SQLite that survives a power cut, or a PostgreSQL server.

In: an address. Out: an engine whose writers queue up, whose readers do not, and whose faults
are `LedgerError`s that say what to do.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from riskwatch.errors import LedgerError

#: Seconds that a writer waits for another one.
PATIENCE = 10.0
_WRITES = "riskwatch_writes"


def sqlite_url(path: Path) -> str:
    """Return the address of a ledger file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def make_engine(url: str) -> Engine:
    """Return an engine for a ledger.

    Parameters
    ----------
    url : str
        ``sqlite:///FILE`` or ``postgresql+psycopg://…``.

    Returns
    -------
    Engine

    Raises
    ------
    LedgerError
        The address is none, or names another kind of database.
    """
    try:
        if url.startswith("sqlite:"):
            engine = create_engine(url, connect_args={"timeout": PATIENCE})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        engine = create_engine(url)
        if engine.dialect.name != "postgresql":
            raise LedgerError(f"a ledger cannot be kept in {engine.dialect.name}; "
                              "use a SQLite file or PostgreSQL")
        event.listen(engine, "begin", _begin_postgres)
        return engine
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as err:
        # Never the address itself: it may hold a password.
        raise LedgerError("the ledger's address cannot be used; write it as "
                          "postgresql+psycopg://user@host/name, and install the extra "
                          "'postgres'") from err


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin below, not by the driver's guess
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON",
                   "trusted_schema = OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock before it reads, so that nothing changes under its feet.
    is_writer = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        # Any number will do, as long as all programs of this ledger use the same.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7212411)")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other writer can enter."""
    with _faults_named(engine), engine.connect() as connection:
        with connection.execution_options(**{_WRITES: True}).begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the ledger."""
    with _faults_named(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def _faults_named(engine: Engine) -> Iterator[None]:
    name = engine.url.database if engine.dialect.name == "sqlite" else "the ledger's server"
    try:
        yield
    except IntegrityError as err:
        if "append-only" not in str(err.orig):
            raise  # a claim that came second; the caller answers
        raise LedgerError(f"{name}: {err.orig}: its rows are never changed") from err
    except (DBAPIError, sqlite3.Error) as err:
        cause = err.orig if isinstance(err, DBAPIError) else err
        reason = " ".join(str(cause).split())
        raise LedgerError(f"{name}: {reason}; {_advice(cause, reason)}") from err


def _advice(cause: object, reason: str) -> str:
    if "locked" in reason:
        return "another program holds the ledger; wait, or end it"
    if "full" in reason or "readonly" in reason or "unable to open" in reason:
        return "free some space, or give a folder that can be written with --out"
    if isinstance(cause, sqlite3.DatabaseError) and not isinstance(
            cause, sqlite3.OperationalError | sqlite3.ProgrammingError):
        return "it is damaged: restore a backup with `riskwatch restore FILE`"
    return "see `riskwatch audit`"
