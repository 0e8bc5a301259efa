"""The ledger: what was done, when, by which run; rows are only ever added.

In: records. Out: numbered entries, chained by digests, read in pages. It is the one truth of
this program: files and links on disk are made to follow it, never the other way round.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from riskwatch.chain import EMPTY, link
from riskwatch.errors import LedgerError
from riskwatch.files import make_folder
from riskwatch.ledger_engine import make_engine, reading, sqlite_url, writing
from riskwatch.ledger_pages import (MOST_PER_PAGE, Entry, Page, Query, R, as_utc_text, entry_of,
                                    page_of, page_statement)
from riskwatch.migrations import migrate
from riskwatch.records import Claim, Record, Run, RunEnd
from riskwatch.tables import SPECS, TABLES
from riskwatch.workplace import Workplace

__all__ = ["EVERYTHING", "Entry", "Ledger", "Page", "Query", "open_ledger"]
EVERYTHING = Query()


class Ledger:
    """An open ledger; see `open_ledger`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self._clock = clock

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def append(self, *records: R, run_id: int | None = None) -> tuple[Entry[R], ...]:
        """Add records, of any tables, together or not at all.

        Parameters
        ----------
        *records : Record
        run_id : int, optional
            The run that makes them.

        Returns
        -------
        tuple of Entry
            In the same order; each table numbers its rows by itself, without gaps.

        Raises
        ------
        LedgerError
            The ledger cannot be written, or a unique value is there already.
        """
        try:
            with writing(self.engine) as connection:
                return self._append(connection, records, run_id)
        except IntegrityError as err:
            raise LedgerError(f"not written, it is there already: {err.orig}") from err

    def append_ended(self, run: Run, end: RunEnd) -> None:
        """Add a run together with its end, so that nobody sees it open and takes it for killed."""
        with writing(self.engine) as connection:
            number = self._append(connection, (run,), None)[0].id
            self._append(connection, (end,), number)

    def claim(self, name: str, run_id: int | None = None) -> bool:
        """Take a piece of work; False when somebody took it before (compare and set)."""
        try:
            with writing(self.engine) as connection:
                self._append(connection, (Claim(name=name),), run_id)
            return True
        except IntegrityError:
            return False

    def page(self, kind: type[R], query: Query = EVERYTHING, *, cursor: str | None = None,
             limit: int = 100) -> Page[R]:
        """Return one page of a table.

        Parameters
        ----------
        kind : type
            The record type.
        query : Query
            ``filters`` may name the columns that `riskwatch.tables` lists, and ``run_id``.
        cursor : str, optional
            ``next_cursor`` of the page before.
        limit : int
            At most so many entries, up to 1,000.

        Returns
        -------
        Page

        Raises
        ------
        InputError
            A filter, the cursor or the limit is none.
        """
        statement = page_statement(kind, query, cursor, limit)
        with reading(self.engine) as connection:
            return page_of(kind, list(connection.execute(statement)), limit)

    def entries(self, kind: type[R], query: Query = EVERYTHING) -> Iterator[Entry[R]]:
        """Yield all entries that the query asks for, page by page."""
        cursor = None
        while True:
            page = self.page(kind, query, cursor=cursor, limit=MOST_PER_PAGE)
            yield from page.entries
            if (cursor := page.next_cursor) is None:
                return

    def latest(self, kind: type[R], **filters: str | int) -> Entry[R] | None:
        """Return the newest entry with these values, None where there is none."""
        found = self.page(kind, Query(filters=filters), limit=1).entries
        return found[0] if found else None

    def get(self, kind: type[R], number: int) -> Entry[R] | None:
        """Return one entry by its number."""
        table = TABLES[kind]
        with reading(self.engine) as connection:
            row = connection.execute(select(table).where(table.c.id == number)).first()
        return None if row is None else entry_of(kind, row)

    def columns(self, kind: type[Record], *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield only some columns of a whole table, oldest first."""
        table = TABLES[kind]
        with reading(self.engine) as connection:
            for row in connection.execute(select(*(table.c[name] for name in names))
                                          .order_by(table.c.id)):
                yield tuple(row)

    def heads(self) -> dict[str, tuple[int, str]]:
        """Return, per table, the number of its last row and the digest of all its rows."""
        with reading(self.engine) as connection:
            return {spec.name: _head(connection, spec.record) for spec in SPECS}

    def unended_runs(self) -> tuple[Entry[Run], ...]:
        """Return the runs that have no end: one that goes on, or killed ones."""
        runs, ends = TABLES[Run], TABLES[RunEnd]
        statement = (select(runs).outerjoin(ends, ends.c.run_id == runs.c.id)
                     .where(ends.c.id.is_(None)).order_by(runs.c.id))
        with reading(self.engine) as connection:
            return tuple(entry_of(Run, row) for row in connection.execute(statement))

    def _append(self, connection: Connection, records: tuple[R, ...], run_id: int | None
                ) -> tuple[Entry[R], ...]:
        made_utc = as_utc_text(self._clock())
        heads: dict[type[Record], tuple[int, str]] = {}
        rows: dict[type[Record], list[dict[str, Any]]] = {}
        entries = []
        for record in records:
            kind: type[Record] = type(record)
            number, chain = heads.get(kind) or _head(connection, kind)
            row = {"id": number + 1, "made_utc": made_utc, "run_id": run_id, **asdict(record)}
            heads[kind] = (number + 1, link(chain, row))
            rows.setdefault(kind, []).append({**row, "chain": heads[kind][1]})
            entries.append(Entry(number + 1, made_utc, run_id, record))
        for table_kind, new in rows.items():
            connection.execute(TABLES[table_kind].insert(), new)
        return tuple(entries)


def open_ledger(place: Workplace) -> Ledger:
    """Open the ledger of a workplace; make it, or bring it up to date, where needed.

    Parameters
    ----------
    place : Workplace

    Returns
    -------
    Ledger

    Raises
    ------
    LedgerError
        It is damaged, locked, out of reach, or of a newer program.
    """
    if place.ledger_url is None:
        make_folder(place.ledger.parent)
    ledger = Ledger(make_engine(place.ledger_url or sqlite_url(place.ledger)), place.clock)
    with writing(ledger.engine) as connection:
        migrate(connection, as_utc_text(place.clock()))
    return ledger


def _head(connection: Connection, kind: type[Record]) -> tuple[int, str]:
    table = TABLES[kind]
    row = connection.execute(select(table.c.id, table.c.chain).order_by(table.c.id.desc())
                             .limit(1)).first()
    return (0, EMPTY) if row is None else (row.id, row.chain)
