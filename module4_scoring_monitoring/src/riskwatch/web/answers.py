"""Answers of the lists: as JSON or CSV, marked, kept, and sent again only when they changed.

In: rows and a request. Out: bytes with an ETag. An answer is kept for as long as the ledger does
not change, so a page that many people look at is made once.
"""

import csv
import hashlib
import io
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request, Response

from riskwatch.web.paging import Listing
from riskwatch.web.problems import Problem
from riskwatch.web.resources import Resource

JSON, CSV = "application/json", "text/csv"
#: A text that begins so could be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LARGEST_SHARE = 8
#: What an entry costs beside its body: address, headers, bookkeeping.
_ENTRY_BYTES = 8_000
_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer, what they are, and their mark."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """A digest of the bytes."""
        return hashlib.sha256(self.body).hexdigest()[:32]


class AnswerCache:
    """Answers of one state of the ledger, the latest used, within a number of bytes.

    Parameters
    ----------
    most_bytes : int
    """

    def __init__(self, most_bytes: int) -> None:
        self._most, self._size = most_bytes, 0
        self._state: Hashable = None
        self._kept: OrderedDict[Hashable, tuple[Answer, str]] = OrderedDict()
        self._lock = threading.Lock()

    def kept(self, state: Hashable, key: Hashable) -> tuple[Answer, str] | None:
        """Return an answer and its mark if it is there, and of this state of the ledger."""
        with self._lock:
            if state != self._state or key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def answer(self, state: Hashable, key: Hashable, make: Callable[[], Answer]
               ) -> tuple[Answer, str]:
        """Return an answer and its mark, made anew when the ledger is in another state.

        Parameters
        ----------
        state : hashable
            Read before ``make`` is called, so that what is kept is never older than its state.
        key : hashable
        make : callable

        Returns
        -------
        Answer
        str
        """
        found = self.kept(state, key)
        if found is not None:
            return found
        made = make()
        marked = made, made.etag
        with self._lock:
            if state != self._state:
                self._state, self._size = state, 0
                self._kept.clear()
            if len(made.body) <= self._most // _LARGEST_SHARE and key not in self._kept:
                self._kept[key] = marked
                self._size += _ENTRY_BYTES + len(made.body)
            while self._size > self._most:
                self._size -= _ENTRY_BYTES + len(self._kept.popitem(last=False)[1][0].body)
        return marked


def respond(request: Request, answer: Answer, etag: str) -> Response:
    """Return the answer, or 304 where the caller has it already.

    Parameters
    ----------
    request : Request
    answer : Answer
    etag : str

    Returns
    -------
    Response
    """
    is_known = "HTTP_IF_NONE_MATCH" in request.environ and (
        request.if_none_match.contains_weak(etag))
    response = Response(None if is_known else answer.body, 304 if is_known else 200,
                        answer.headers, content_type=answer.content_type)
    response.headers["ETag"] = f'"{etag}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def wanted_type(request: Request) -> str:
    """Return the representation that the caller likes best; `Problem` 406 if there is none."""
    if not request.environ.get("HTTP_ACCEPT"):
        return JSON
    found = request.accept_mimetypes.best_match((JSON, CSV))
    if found is None:
        raise Problem(406, f"Lists come as {JSON} or {CSV}.")
    return found


def list_answer(resource: Resource, listing: Listing, content_type: str, next_address: str | None
                ) -> Answer:
    """Return a page as bytes.

    Parameters
    ----------
    resource : Resource
    listing : Listing
    content_type : str
        `JSON` or `CSV`.
    next_address : str or None
        Of the next page, for the header Link.

    Returns
    -------
    Answer
    """
    headers = {"Vary": "Accept"}
    if next_address is not None:
        headers["Link"] = f'<{next_address}>; rel="next"'
    if content_type == CSV:
        return Answer(_csv(resource, listing), "text/csv; charset=utf-8; header=present", headers)
    return Answer(json_bytes({"items": listing.items, "next_cursor": listing.next_cursor}), JSON,
                  headers)


def json_bytes(content: Any) -> bytes:
    """Return content as ASCII JSON, which any reader can read."""
    return _ENCODER.encode(content).encode("ascii")


def _csv(resource: Resource, listing: Listing) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(resource.columns)
    writer.writerows([_cell(value) for value in item.values()] for item in listing.items)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
