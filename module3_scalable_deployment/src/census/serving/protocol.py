"""HTTP connections with bounds on what uvicorn leaves open: slow, large or many headers.

In: bytes of a connection. Out: requests, or a short refusal and the end of the connection.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from census.serving.problems import MEDIA_TYPE, Problem, problem_bytes

_MOST_HEADER_BYTES, _MOST_HEADERS = 32_768, 100
#: How long a caller whose connection was taken last may take to ask.
_LATE_SECONDS = 0.5
#: How long a refused caller may take to read why: a close with unread bytes would be a reset.
_LINGER_SECONDS = 1.0


def bounded_protocol(most_connections: int, header_seconds: float) -> type[HttpToolsProtocol]:
    """Return the class of connections for a server.

    Parameters
    ----------
    most_connections : int
        One more is answered 503 and closed.
    header_seconds : float
        How long a request may take to say what it wants.

    Returns
    -------
    type
        For uvicorn's option ``http``.
    """
    return type("BoundedProtocol", (_BoundedProtocol,), {
        "most_connections": most_connections, "header_seconds": header_seconds,
        "refused": set()})


class _BoundedProtocol(HttpToolsProtocol):
    most_connections: int
    header_seconds: float
    #: Those who were told why, and may read it; of all connections of the server.
    refused: set["_BoundedProtocol"]
    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        if len(self.connections) > self.most_connections:
            self._end(503, "Too many connections; come back in a moment.", "Retry-After: 1\r\n")
        else:
            self._begin_waiting()

    def shutdown(self) -> None:
        """Close when the service stops, but not on a caller who was let in a moment ago."""
        if self.cycle is None and not self._is_over():
            self.loop.call_later(_LATE_SECONDS, super().shutdown)
        else:
            super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        self.refused.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._is_over():
            super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header_bytes = 0
        self._begin_waiting()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._end_waiting()
        if not self._is_over():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.cycle is not None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self.cycle is not None:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if not self._is_over():
            self._end(400, "This is not a request of HTTP.")

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > _MOST_HEADER_BYTES or len(self.headers) > _MOST_HEADERS:
            self._end(431, "The headers are too large.")

    def _begin_waiting(self) -> None:
        self._end_waiting()
        self._deadline = self.loop.call_later(self.header_seconds, self._give_up)

    def _end_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if not self._is_over():
            self._end(408, "The request came too slowly.")

    def _end(self, status: int, words: str, more: str = "") -> None:
        """Refuse without the application, and close."""
        self._end_waiting()
        content: Any = problem_bytes(Problem(status, words), "none")
        self.transport.write((
            f"HTTP/1.1 {status} Refused\r\ncontent-type: {MEDIA_TYPE}\r\n{more}"
            f"content-length: {len(content)}\r\nconnection: close\r\n\r\n").encode() + content)
        if len(self.refused) >= self.most_connections:
            self.transport.close()
            return
        # It holds no place of the others while it reads.
        self.connections.discard(self)
        self.refused.add(self)
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    def _is_over(self) -> bool:
        return self in self.refused or self.transport.is_closing()
