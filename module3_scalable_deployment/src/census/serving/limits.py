"""Bounds on what one caller can take: sizes, times, and how many requests are in work.

In: a request as it arrives. Out: its body, within its limit and its time, or a refusal before
the excess was read. Whoever declares too much is refused at once; whoever declares nothing is
counted.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import Request

from census.serving.problems import Problem, too_busy

#: A body must keep up this pace once its grace is over, so a slow one cannot stay for ever.
LEAST_BYTES_PER_SECOND = 65_536


@dataclass
class Switch:
    """Whether the service is about to stop; then answers close their connections."""

    is_draining: bool = False


def check_declared(request: Request, limit: int, media_type: str) -> None:
    """Refuse by the headers alone: 413 for a size, 415 for a type or an encoding.

    Parameters
    ----------
    request : Request
    limit : int
        Bytes of the body.
    media_type : str
        The only one that is read.
    """
    headers = request.headers
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 15 or int(length) > limit):
        raise _too_large(limit)
    kind, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if kind.strip().lower() != media_type or charset not in ("", "charset=utf-8"):
        raise Problem(415, f"Send {media_type} in UTF-8.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(415, "Send the body as it is, not compressed.")


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """Return the whole body; `Problem` 413 if it is larger than ``limit``, 408 if too slow."""
    due = asyncio.get_running_loop().time() + seconds
    first, more = await _next_chunk(request, due, 0, limit)
    if not more:
        return first  # as nearly always
    chunks, read = [first], len(first)
    while more:
        chunk, more = await _next_chunk(request, due, read, limit)
        chunks.append(chunk)
        read += len(chunk)
    return b"".join(chunks)


async def body_chunks(request: Request, limit: int, seconds: float) -> AsyncIterator[bytes]:
    """Yield the body as it arrives, within its limit and its time.

    Parameters
    ----------
    request : Request
    limit : int
        Bytes; one more is a `Problem` 413.
    seconds : float
        Grace, after which the body must have kept the least pace; else it is a `Problem` 408.

    Yields
    ------
    bytes
    """
    begun, read, more = asyncio.get_running_loop().time(), 0, True
    while more:
        chunk, more = await _next_chunk(request, begun + seconds, read, limit)
        read += len(chunk)
        yield chunk


async def _next_chunk(request: Request, due: float, read: int, limit: int) -> tuple[bytes, bool]:
    """Return the next part of a body of which ``read`` bytes came, and whether more will."""
    try:
        async with asyncio.timeout_at(due + read / LEAST_BYTES_PER_SECOND):
            message = await request.receive()
    except TimeoutError:
        raise Problem(408, "The body came too slowly.") from None
    if message["type"] == "http.disconnect":
        raise Problem(400, "The caller went away before the body ended.")
    chunk: bytes = message.get("body", b"")
    if read + len(chunk) > limit:
        raise _too_large(limit)
    return chunk, message.get("more_body", False)


@dataclass
class Places:
    """A bounded number of places; whoever finds none is refused, nobody waits in a queue."""

    count: int
    taken: int = 0

    def __enter__(self) -> None:
        """Hold a place while the context lasts; `Problem` 503 if none is free."""
        if self.taken >= self.count:
            raise too_busy("Too many requests are in work; come back in a moment.")
        self.taken += 1

    def __exit__(self, *_: object) -> None:
        self.taken -= 1


def _too_large(limit: int) -> Problem:
    return Problem(413, f"The body is larger than {limit} bytes; send it in parts.")
