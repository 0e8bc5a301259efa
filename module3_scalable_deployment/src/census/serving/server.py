"""Run the service until it is told to stop, and stop so that no accepted request is lost.

In: options. Out: an exit code. On the first signal the service says that it is not ready, closes
each connection with its next answer, and waits a moment, so that callers go elsewhere; then it
takes no new connection, finishes what is in work, and ends.
"""

import asyncio
import gc
import logging
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import uvicorn

from census.errors import InputError
from census.serving.app import create_app
from census.serving.guard import Guard
from census.serving.options import Options
from census.serving.protocol import bounded_protocol

_KEEP_ALIVE_SECONDS, _MOST_STOPPING_SECONDS = 15, 30


class PatientServer(uvicorn.Server):
    """A server that is seen to stop before it stops.

    Parameters
    ----------
    config : uvicorn.Config
    guard : Guard
        The application.
    """

    def __init__(self, config: uvicorn.Config, guard: Guard) -> None:
        super().__init__(config)
        self._guard, self._stop_at = guard, float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop at the first signal, hurry at the second."""
        if self._guard.service.switch.is_draining:
            super().handle_exit(sig, frame)
            return
        self._guard.service.switch.is_draining = True
        self._stop_at = time.monotonic() + self._guard.service.options.drain_seconds

    async def on_tick(self, counter: int) -> bool:
        """Return whether it is time to stop."""
        return await super().on_tick(counter) or time.monotonic() >= self._stop_at

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, after whoever already waits for a connection was let in."""
        self._guard.service.switch.is_draining = True
        if self._guard.service.options.fd is None:
            for listener in sockets or ():
                await self._let_in_the_last(listener)
        await super().shutdown(sockets)

    async def _let_in_the_last(self, listener: socket.socket) -> None:
        """Take over from the loop, which closes a listener later than it stops to accept."""
        loop, held = asyncio.get_running_loop(), listener.dup()
        for server in self.servers:
            server.close()
        await asyncio.sleep(0.05)
        waiting = []
        with held, suppress(BlockingIOError):
            held.setblocking(False)
            while True:
                waiting.append(held.accept()[0])
        for connection in waiting:
            await loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        kind: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = kind(config=self.config, server_state=self.server_state,
                                          app_state=self.lifespan.state)
        return protocol


def run(options: Options) -> int:
    """Serve until a signal says stop.

    Parameters
    ----------
    options : Options

    Returns
    -------
    int
        0 when it stopped as asked.

    Raises
    ------
    InputError
        The address cannot be taken.
    OutputError
        The access log cannot be opened.
    """
    with _logging_to_stderr():
        return _serve(options)


def _serve(options: Options) -> int:
    listener = _listen(options)
    guard = create_app(options)
    config = uvicorn.Config(
        guard, loop="uvloop", http=bounded_protocol(options.most_connections,
                                                    options.header_seconds),
        ws="none", lifespan="on", log_config=None, access_log=False, server_header=False,
        proxy_headers=False, timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_MOST_STOPPING_SECONDS)
    # What was made so far stays for ever; rows come and go, and need no search for cycles.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    host, port = listener.getsockname()[:2]
    print(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    PatientServer(config, guard).run(sockets=[listener])
    return 0


def _listen(options: Options) -> socket.socket:
    try:
        if options.fd is not None:
            return _take_over(options.fd)
        family, kind, protocol, _, address = socket.getaddrinfo(
            options.host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as err:
        place = f"{options.host} port {options.port}" if options.fd is None else (
            f"descriptor {options.fd}")
        raise InputError(f"cannot listen on {place}: {err.strerror}; choose another with "
                         "--host, --port or --fd") from err
    return listener


def _take_over(descriptor: int) -> socket.socket:
    """Return the socket that whoever started this process holds for one service after another."""
    listener = socket.socket(fileno=descriptor)
    if not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listener.close()
        raise InputError(f"descriptor {descriptor} is no socket that listens; pass another with "
                         "--fd")
    return listener


@contextmanager
def _logging_to_stderr() -> Iterator[None]:
    """Show what the service and uvicorn have to say, one line each, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s",
                                  "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    loggers = {logging.getLogger("census"): logging.INFO,
               logging.getLogger("uvicorn"): logging.WARNING}
    before = {logger: logger.level for logger in loggers}
    for logger, level in loggers.items():
        logger.addHandler(handler)
        logger.setLevel(level)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.removeHandler(handler)
            logger.setLevel(level)
