"""What surrounds every request: its id, its place, its headers, its line in the log.

In: a request of the server. Out: the application's answer with the headers of safety, counted
and logged. It is plain ASGI and does little, because every request pays for it.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from census.serving.problems import Problem, problem_response

if TYPE_CHECKING:
    from census.serving.service import Service

_SAFE_ID = re.compile(rb"[A-Za-z0-9_.-]{1,64}")
_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
#: Answers to programs are no pages: a browser shall do nothing with them.
ANSWER_HEADERS = [*_ALWAYS, (b"content-security-policy",
                             b"default-src 'none'; frame-ancestors 'none'")]
#: Pages take nothing from elsewhere, no frames, no scripts but our own files.
PAGE_HEADERS = [
    *_ALWAYS, (b"x-frame-options", b"DENY"), (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy",
     b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
     b"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
     b"frame-ancestors 'none'")]
_LINGER_SECONDS, _LINGER_BYTES = 1.0, 8 * 2**20


@dataclass(frozen=True)
class Guard:
    """The outermost part of the application.

    Attributes
    ----------
    app : ASGI application
        What it surrounds.
    service : Service
    routes : set of str
        Addresses that may stand in the log and in labels.
    pages : set of str
        Those that browsers show.
    prefix, numbers : str, iterator of int
        Together they make the ids of requests.
    """

    app: ASGIApp
    service: "Service"
    routes: frozenset[str]
    pages: frozenset[str]
    prefix: str = field(default_factory=lambda: secrets.token_hex(6))
    numbers: Iterator[int] = field(default_factory=count)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand on what is none."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, service, route = time.perf_counter(), self.service, scope["path"]
        exchange = _Exchange(self._request_id(scope), scope, receive, send)
        exchange.is_last = service.switch.is_draining
        exchange.is_page = route in self.pages
        scope.setdefault("state", {})["request_id"] = exchange.request_id
        try:
            with service.requests:
                await self.app(scope, exchange.receive, exchange.send)
        except Problem as busy:
            answer = problem_response(busy, exchange.request_id)
            await answer(scope, exchange.receive, exchange.send)
        finally:
            route = route if route in self.routes else "other"
            seconds = time.perf_counter() - begun
            service.metrics.request(route, exchange.status, seconds)
            service.log.add((exchange.request_id, scope["method"], route, exchange.status),
                            seconds, time.time())

    def _request_id(self, scope: Scope) -> str:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _SAFE_ID.fullmatch(value):
                text: str = value.decode("ascii")
                return text
        return f"{self.prefix}-{next(self.numbers):x}"


class _Exchange:
    """One request and its answer: what was read of it, and what it was answered."""

    def __init__(self, request_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        self.request_id, self._receive, self._send = request_id, receive, send
        self.status, self.is_last, self.is_page = 500, False, False
        # A body that nobody reads must not be taken for the next request.
        self._has_rest = any(name == b"transfer-encoding" or (
            name == b"content-length" and value != b"0") for name, value in scope["headers"])

    async def receive(self) -> Message:
        """Hand on a message of the server, and notice the end of the body."""
        message: Any = await self._receive()
        if not message.get("more_body", False):
            self._has_rest = False
        return message  # type: ignore[no-any-return]

    async def send(self, message: Message) -> None:
        """Hand on a message of the application, with the headers of safety."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"]
            headers += PAGE_HEADERS if self.is_page else ANSWER_HEADERS
            headers.append((b"x-request-id", self.request_id.encode("ascii")))
            if self._has_rest or self.is_last:
                headers.append((b"connection", b"close"))
        elif self._has_rest and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._linger()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    async def _linger(self) -> None:
        """Read on a little: a caller who still writes would else lose the answer to a reset."""
        left = _LINGER_BYTES
        try:
            async with asyncio.timeout(_LINGER_SECONDS):
                while self._has_rest and left > 0:
                    message = await self.receive()
                    left -= len(message.get("body", b""))
        except TimeoutError:
            pass
