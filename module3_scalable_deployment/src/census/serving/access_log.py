"""One line of JSON for each request, written in portions so that no request waits for it.

In: what is known when a request ends. Out: lines on a stream. Paths that the service does not
know are not written: a log must not become a place for what callers send.
"""

import asyncio
from datetime import UTC, datetime
from typing import TextIO

_MOST_WAITING = 5000


class AccessLog:
    """Lines that wait for the next portion, and the stream they go to; None writes nothing.

    Parameters
    ----------
    stream : text stream or None
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream, self._waiting = stream, list[str]()
        self._second, self._text = -1, ""

    def add(self, words: tuple[str, str, str, int], seconds: float, now: float) -> None:
        """Note one request.

        Parameters
        ----------
        words : (str, str, str, int)
            Request id, method, route and status; all of them safe in JSON.
        seconds : float
            How long it took.
        now : float
            Seconds since 1970.
        """
        if self._stream is None:
            return
        request_id, method, route, status = words
        self._waiting.append(
            f'{{"time":"{self._stamp(now)}","request_id":"{request_id}","method":"{method}",'
            f'"route":"{route}","status":{status},"seconds":{seconds:.6f}}}\n')
        if len(self._waiting) >= _MOST_WAITING:
            self.flush()

    def _stamp(self, now: float) -> str:
        if int(now) != self._second:  # most requests come in the second of the last one
            self._second = int(now)
            self._text = datetime.fromtimestamp(self._second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._text}.{int(now % 1 * 1000):03d}Z"

    def flush(self) -> None:
        """Write what waits; a full disk or a closed pipe costs the lines, not the service."""
        lines, self._waiting = self._waiting, []
        if lines and self._stream is not None:
            try:
                self._stream.write("".join(lines))
                self._stream.flush()
            except (OSError, ValueError):
                pass

    async def keep_flushing(self, seconds: float) -> None:
        """Write what waits, for ever, every so often."""
        while True:
            await asyncio.sleep(seconds)
            self.flush()
