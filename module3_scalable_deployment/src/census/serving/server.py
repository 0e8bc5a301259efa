"""Run the service until it is told to stop, and stop so that no accepted request is lost.

In: options. Out: an exit code. On the first signal the service says that it is not ready, closes
each connection with its next answer, and waits a moment, so that callers go elsewhere; then it
takes no new connection, finishes what is in work, and ends.
"""

import gc
import logging
import socket
import sys
import time
from types import FrameType

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
    _log_to_stderr()
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
        family, kind, protocol, _, address = socket.getaddrinfo(
            options.host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as err:
        raise InputError(f"cannot listen on {options.host} port {options.port}: "
                         f"{err.strerror}; choose another with --host and --port") from err
    return listener


def _log_to_stderr() -> None:
    """Show what the service and uvicorn have to say, one line each, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s",
                                  "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    for name, level in (("census", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
