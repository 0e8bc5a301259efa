"""The ledger, open for reading only: the database itself refuses whatever would change it.

In: a workplace. Out: its ledger, and a mark that changes with every row that anybody adds.
The service never makes, migrates or repairs a ledger: where there is none, it says so.
"""

import os
import sqlite3
import threading
from collections.abc import Hashable
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger
from riskwatch.ledger_engine import PATIENCE, make_engine
from riskwatch.workplace import Workplace


class LedgerReader:
    """A ledger that is only read; it follows when another file takes the ledger's place.

    Parameters
    ----------
    place : Workplace
    connections : int
        At most so many at a time.
    """

    def __init__(self, place: Workplace, connections: int = 8) -> None:
        self._place, self._connections = place, connections
        self._path = os.fspath(place.ledger)
        self._lock = threading.Lock()
        self._opened: tuple[tuple[int, int] | None, Ledger] | None = None
        self._watch: sqlite3.Connection | None = None

    def ledger(self) -> Ledger:
        """Return the open ledger; `LedgerError` where there is none."""
        return self._current()[1]

    def state(self) -> Hashable:
        """Return a mark of the ledger's content: another one after every commit."""
        identity, ledger = self._current()
        if identity is None:
            return tuple(sorted(ledger.heads().items()))
        with self._lock:
            # SQLite counts the commits of others per connection, so one connection must ask.
            assert self._watch is not None
            try:
                return identity, self._watch.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.Error as err:
                raise LedgerError(f"{self._place.ledger}: {err}") from err

    def close(self) -> None:
        """Give back all connections."""
        with self._lock:
            self._close()

    def _current(self) -> tuple[tuple[int, int] | None, Ledger]:
        identity = self._identity()
        opened = self._opened
        if opened is not None and opened[0] == identity:
            return opened
        with self._lock:
            if self._opened is None or self._opened[0] != identity:
                self._close()
                self._opened = identity, self._open()
            return self._opened

    def _identity(self) -> tuple[int, int] | None:
        if self._place.ledger_url is not None:
            return None
        try:
            found = os.stat(self._path)
        except OSError as err:
            raise LedgerError(f"{self._place.ledger}: there is no ledger yet; run "
                              "`riskwatch cycle`") from err
        return found.st_dev, found.st_ino

    def _open(self) -> Ledger:
        if self._place.ledger_url is not None:
            engine = make_engine(self._place.ledger_url)
            event.listen(engine, "begin", _begin_read_only)
            return Ledger(engine, self._place.clock)
        self._watch = self._connect()
        return Ledger(self._sqlite_engine(), self._place.clock)

    def _close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        if self._opened is not None:
            self._opened[1].close()
        self._watch = self._opened = None

    def _sqlite_engine(self) -> Engine:
        engine = create_engine(URL.create("sqlite", database=str(self._place.ledger)),
                               creator=self._connect, poolclass=QueuePool,
                               pool_size=self._connections, max_overflow=0)
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"file:{quote(str(self._place.ledger.absolute()))}?mode=ro", uri=True,
                timeout=PATIENCE, check_same_thread=False, isolation_level=None)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
        except sqlite3.Error as err:
            raise LedgerError(f"{self._place.ledger}: {err}") from err
        return connection


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_read_only(connection: Any) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
