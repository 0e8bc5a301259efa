"""The ledger: what was done, when, by which run; rows are only ever added.

In: records. Out: numbered entries, chained by digests, read in pages. It is the one truth of
this program: files and links on disk are made to follow it, never the other way round.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, select, tuple_
from sqlalchemy.exc import IntegrityError

from riskwatch.chain import EMPTY, link
from riskwatch.errors import InputError, LedgerError
from riskwatch.files import make_folder
from riskwatch.ledger_engine import make_engine, reading, sqlite_url, writing
from riskwatch.migrations import migrate
from riskwatch.records import Claim, Record, Run, RunEnd
from riskwatch.tables import OWN_COLUMNS, SPEC_OF, SPECS, TABLES
from riskwatch.workplace import Workplace

R = TypeVar("R", bound=Record)
MOST_PER_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """A row of the ledger: number, UTC time as ISO text, run, and the record itself."""

    id: int
    made_utc: str
    run_id: int | None
    record: R


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some entries, and the cursor of the next page, None at the end."""

    entries: tuple[Entry[R], ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a page asks for: equal values, a range of time [since, until), the order."""

    filters: Mapping[str, str | int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = True


EVERYTHING = Query()


def as_utc_text(moment: datetime) -> str:
    """Return a moment as the ledger writes it; texts sort as the moments do."""
    if moment.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


class Ledger:
    """An open ledger; see `open_ledger`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self._clock = clock

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def append(self, *records: Record, run_id: int | None = None) -> tuple[int, ...]:
        """Add records, of any tables, together or not at all.

        Parameters
        ----------
        *records : Record
        run_id : int, optional
            The run that makes them.

        Returns
        -------
        tuple of int
            Their numbers, in the same order; each table counts by itself, without gaps.

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
        if not 1 <= limit <= MOST_PER_PAGE:
            raise InputError(f"a page has 1 to {MOST_PER_PAGE} entries, not {limit}")
        statement = _select(kind, query)
        if cursor is not None:
            table = TABLES[kind]
            here, there = tuple_(table.c.made_utc, table.c.id), tuple_(*_parsed(cursor))
            statement = statement.where(here < there if query.newest_first else here > there)
        with reading(self.engine) as connection:
            rows = connection.execute(statement.limit(limit + 1)).all()
        entries = tuple(_entry(kind, row) for row in rows[:limit])
        more = len(rows) > limit
        return Page(entries, f"{entries[-1].made_utc}_{entries[-1].id}" if more else None)

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
        return None if row is None else _entry(kind, row)

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
            return tuple(_entry(Run, row) for row in connection.execute(statement))

    def _append(self, connection: Connection, records: tuple[Record, ...], run_id: int | None
                ) -> tuple[int, ...]:
        made_utc = as_utc_text(self._clock())
        heads: dict[type[Record], tuple[int, str]] = {}
        rows: dict[type[Record], list[dict[str, Any]]] = {}
        numbers = []
        for record in records:
            kind = type(record)
            number, chain = heads.get(kind) or _head(connection, kind)
            row = {"id": number + 1, "made_utc": made_utc, "run_id": run_id, **asdict(record)}
            heads[kind] = (number + 1, link(chain, row))
            rows.setdefault(kind, []).append({**row, "chain": heads[kind][1]})
            numbers.append(number + 1)
        for kind, new in rows.items():
            connection.execute(TABLES[kind].insert(), new)
        return tuple(numbers)


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


def _select(kind: type[Record], query: Query) -> Select[Any]:
    table, spec = TABLES[kind], SPEC_OF[kind]
    statement = select(table)
    for name, value in (query.filters or {}).items():
        if name not in ("run_id", *spec.filters):
            raise InputError(f"{spec.name} cannot be filtered by {name[:40]!a}; "
                             f"there are: {', '.join(('run_id', *spec.filters))}")
        statement = statement.where(table.c[name] == value)
    if query.since is not None:
        statement = statement.where(table.c.made_utc >= as_utc_text(query.since))
    if query.until is not None:
        statement = statement.where(table.c.made_utc < as_utc_text(query.until))
    order = (table.c.made_utc, table.c.id)
    return statement.order_by(*((column.desc() for column in order) if query.newest_first
                                else order))


def _parsed(cursor: str) -> tuple[str, int]:
    made_utc, _, number = cursor.rpartition("_")
    if not (number.isascii() and number.isdigit() and len(number) < 19
            and made_utc.isascii() and len(made_utc) == 27):
        raise InputError(f"{cursor[:40]!a} is no cursor; use next_cursor of a page")
    return made_utc, int(number)


def _entry(kind: type[R], row: Row[Any]) -> Entry[R]:
    values = row._asdict()
    number, made_utc, run_id, _ = (values.pop(name) for name in OWN_COLUMNS)
    return Entry(number, made_utc, run_id, kind(**values))


