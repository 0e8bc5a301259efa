"""Pages of a table of the ledger: what may be asked, in which order, and where to go on.

In: a record type and a query. Out: entries, and the cursor of the next page. A cursor is the
place of the last entry, not a count of rows, so that a late page costs what the first one did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Row, Select, select, tuple_

from riskwatch.errors import InputError
from riskwatch.records import Record
from riskwatch.tables import OWN_COLUMNS, SPEC_OF, TABLES

R = TypeVar("R", bound=Record)
MOST_PER_PAGE = 1000
#: The columns of each record, as its table has them behind those of the ledger itself.
_NAMES: dict[type[Record], tuple[str, ...]] = {
    kind: tuple(table.c.keys())[len(OWN_COLUMNS):] for kind, table in TABLES.items()}


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
    """What a page asks for: equal values, a range of time [since, until), the order.

    Rows come in the order in which they were written; a question about a range of time gets
    them in the order of their times. The two differ where somebody put the clock back.
    """

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


def page_statement(kind: type[Record], query: Query, cursor: str | None, limit: int
                   ) -> Select[Any]:
    """Return the statement of a page; `InputError` where the question is none."""
    if not 1 <= limit <= MOST_PER_PAGE:
        raise InputError(f"a page has 1 to {MOST_PER_PAGE} entries, not {limit}")
    statement = _select(kind, query)
    order = _order(kind, query)
    if cursor is not None:
        here, there = tuple_(*order), tuple_(*_parsed(cursor)[-len(order):])
        statement = statement.where(here < there if query.newest_first else here > there)
    return statement.limit(limit + 1)


def page_of(kind: type[R], rows: list[Row[Any]], limit: int) -> Page[R]:
    """Return the page that the rows of `page_statement` make."""
    entries = tuple(entry_of(kind, row) for row in rows[:limit])
    more = len(rows) > limit
    return Page(entries, f"{entries[-1].made_utc}_{entries[-1].id}" if more else None)


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
    return statement.order_by(*(column.desc() if query.newest_first else column
                                for column in _order(kind, query)))


def _order(kind: type[Record], query: Query) -> tuple[Column[Any], ...]:
    table = TABLES[kind]
    is_by_time = query.since is not None or query.until is not None
    return (table.c.made_utc, table.c.id) if is_by_time else (table.c.id,)


def _parsed(cursor: str) -> tuple[str, int]:
    made_utc, _, number = cursor.rpartition("_")
    if not (number.isascii() and number.isdigit() and len(number) < 19
            and made_utc.isascii() and len(made_utc) == 27):
        raise InputError(f"{cursor[:40]!a} is no cursor; use next_cursor of a page")
    return made_utc, int(number)


def entry_of(kind: type[R], row: Row[Any]) -> Entry[R]:
    """Return a row of a table as an entry."""
    cells: tuple[Any, ...] = tuple(row)  # in the order of the table: `OWN_COLUMNS` first
    number, made_utc, run_id, _, *values = cells
    return Entry(number, made_utc, run_id, kind(**dict(zip(_NAMES[kind], values))))
