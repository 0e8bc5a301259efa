"""The one function behind every list: a question becomes a page of the ledger.

In: a resource and the parameters of a request. Out: items as plain rows, and the next cursor.
What a question may hold follows from the resource; anything else is refused by name, never by
the value that was sent.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from riskwatch.errors import InputError
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.ledger_engine import reading
from riskwatch.ledger_pages import MOST_PER_PAGE
from riskwatch.records import Record, Run, RunEnd
from riskwatch.tables import TABLES
from riskwatch.web.problems import Problem
from riskwatch.web.resources import END_COLUMNS, Kind, Resource

USUAL_LIMIT = 100
MOST_TEXT = 200
ORDERS = ("newest", "oldest")
CURSOR = re.compile(r"[0-9T:.-]{26}Z_[0-9]{1,18}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})"
                     r"(\.[0-9]{1,20})?([Zz]|[+-][0-9]{2}:[0-9]{2})")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
# Nothing of the ledger lies outside, and both have the same length in every zone.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    """What a request asks of a list."""

    query: Query
    cursor: str | None
    limit: int


@dataclass(frozen=True)
class Listing:
    """A page: the items as rows by the resource's columns, and the cursor of the next page."""

    items: Sequence[dict[str, Any]]
    next_cursor: str | None


def list_page(ledger: Ledger, resource: Resource, question: Question) -> Listing:
    """Return a page of a resource.

    Parameters
    ----------
    ledger : Ledger
    resource : Resource
    question : Question

    Returns
    -------
    Listing

    Raises
    ------
    Problem
        422, the cursor is none of this list.
    """
    try:
        page = ledger.page(resource.record, question.query, cursor=question.cursor,
                           limit=question.limit)
    except InputError as err:
        raise _refusal("cursor", "use next_cursor of a page before") from err
    ends = _ends(ledger, page.entries) if resource.record is Run else None
    return Listing([_row(resource, entry, ends) for entry in page.entries], page.next_cursor)


def parse_question(resource: Resource, parameters: Mapping[str, list[str]]) -> Question:
    """Return what a request asks.

    Parameters
    ----------
    resource : Resource
    parameters : mapping of str to list of str
        Of the address, each with all of its values.

    Returns
    -------
    Question

    Raises
    ------
    Problem
        422, with the parameters that are unknown, doubled, or out of their range.
    """
    given: dict[str, str] = {}
    for name, values in parameters.items():
        if name not in resource.filters and name not in _READERS:
            raise Problem(422, "A parameter is unknown; see /openapi.json for those of this list.",
                          [("query", "no such parameter")])
        if len(values) != 1:
            raise _refusal(name, "give it once")
        given[name] = values[0]
    read = {name: reader(given[name]) for name, reader in _READERS.items() if name in given}
    filters: dict[str, str | int] = {name: _value(name, kind, given[name])
                                     for name, kind in resource.filters.items() if name in given}
    return Question(
        Query(filters={**resource.fixed, **filters}, since=read.get("since"),
              until=read.get("until"), newest_first=read.get("order", "newest") == "newest"),
        read.get("cursor"), read.get("limit", USUAL_LIMIT))


def _row(resource: Resource, entry: Entry[Record], ends: Mapping[int, RunEnd] | None
         ) -> dict[str, Any]:
    row = {"id": entry.id, "made_utc": entry.made_utc, "run_id": entry.run_id,
           **asdict(entry.record)}
    if ends is not None:
        end = ends.get(entry.id)
        row |= {name: getattr(end, name, None) for name in END_COLUMNS}
    return {name: _finite(row[name]) for name in resource.columns}


def _finite(value: Any) -> Any:
    """Return None for what JSON cannot say."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _ends(ledger: Ledger, runs: Sequence[Entry[Record]]) -> dict[int, RunEnd]:
    table = TABLES[RunEnd]
    columns = [table.c[name] for name in END_COLUMNS]
    statement = select(table.c.run_id, *columns).where(
        table.c.run_id.in_([run.id for run in runs]))
    with reading(ledger.engine) as connection:
        return {row[0]: RunEnd(**dict(zip(END_COLUMNS, row[1:])))
                for row in connection.execute(statement)}


def _refusal(name: str, rule: str) -> Problem:
    return Problem(422, "A parameter breaks its rule; see /openapi.json.",
                   [(f"query/{name}", rule)])


def _value(name: str, kind: Kind, text: str) -> str | int:
    if kind.json_type == "integer":
        return _integer(name, text)
    if kind.choices and text not in kind.choices:
        raise _refusal(name, f"one of: {', '.join(kind.choices)}")
    if len(text) > MOST_TEXT or "\x00" in text:
        raise _refusal(name, f"at most {MOST_TEXT} characters, none of them NUL")
    return text


def _integer(name: str, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise _refusal(name, "a whole number of at most 18 digits")
    return int(text)


def _limit(text: str) -> int:
    limit = _integer("limit", text)
    if not 1 <= limit <= MOST_PER_PAGE:
        raise _refusal("limit", f"1 to {MOST_PER_PAGE}")
    return limit


def _cursor(text: str) -> str:
    if not CURSOR.fullmatch(text):
        raise _refusal("cursor", "use next_cursor of a page before")
    return text


def _order(text: str) -> str:
    if text not in ORDERS:
        raise _refusal("order", f"one of: {', '.join(ORDERS)}")
    return text


def _moment(name: str, text: str) -> datetime:
    """Return a moment of RFC 3339, brought into the time that the ledger can know."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise _refusal(name, "a time as 2026-03-01T12:00:00Z")
    day, hour, fraction, zone = found.groups()
    try:
        moment = datetime.fromisoformat(
            f"{day}T{hour}{(fraction or '')[:7]}{zone.upper().replace('Z', '+00:00')}")
        return min(max(moment, _FIRST), _LAST)
    except ValueError as err:
        raise _refusal(name, "a time as 2026-03-01T12:00:00Z") from err


_READERS: dict[str, Any] = {
    "limit": _limit, "cursor": _cursor, "order": _order,
    "since": lambda text: _moment("since", text), "until": lambda text: _moment("until", text)}
