"""Run the service under gunicorn until it is told to stop.

In: a workplace and options. Out: an exit code. One process with many threads: the ledger is on
the disk, so a thread that reads it lets the others go on; what they share is made once.
"""

import logging
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from riskwatch.errors import InputError
from riskwatch.web.app import create_app
from riskwatch.web.options import Options
from riskwatch.web.worker import PatientSocket, PatientWorker
from riskwatch.workplace import Workplace

_MEMORY_DISK = Path("/dev/shm")
_KEEP_ALIVE_SECONDS, _GRACE_SECONDS, _MOST_CONNECTIONS = 15, 20, 1000


class _Server(BaseApplication):  # type: ignore[misc]  # pylint: disable=abstract-method
    """A gunicorn whose settings are given, not read from files or the environment."""

    def __init__(self, make: Callable[[], Flask], options: Options) -> None:
        self._make, self._chosen = make, options
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        host = f"[{self._chosen.host}]" if ":" in self._chosen.host else self._chosen.host
        settings: dict[str, Any] = {
            "bind": f"{host}:{self._chosen.port}", "workers": 1, "threads": self._chosen.threads,
            "worker_class": "riskwatch.web.worker.PatientWorker", "loglevel": "warning",
            "worker_connections": _MOST_CONNECTIONS, "keepalive": _KEEP_ALIVE_SECONDS,
            "graceful_timeout": _GRACE_SECONDS + math.ceil(self._chosen.drain_seconds),
            "control_socket_disable": True,
            # No header changes the scheme or the address, whoever sends it; so nobody's address
            # need be looked up in a list, which costs a tenth of a small request.
            "forwarded_allow_ips": "*", "secure_scheme_headers": {}, "forwarder_headers": "",
            "worker_tmp_dir": str(_MEMORY_DISK if os.access(_MEMORY_DISK, os.W_OK)
                                  else gettempdir()),
            "when_ready": _say_where}
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application; it is made in the process that serves."""
        return self._make()


def run(place: Workplace, options: Options) -> int:
    """Serve until a signal says stop.

    Parameters
    ----------
    place : Workplace
    options : Options

    Returns
    -------
    int
        0 when it stopped as asked.

    Raises
    ------
    InputError
        The address cannot be taken.
    """
    return serve(lambda: create_app(place, options), options)


def serve(make: Callable[[], Flask], options: Options) -> int:
    """Serve any application as `run` does; benchmarks compare others under the same server.

    Parameters
    ----------
    make : callable
        Returns the application, in the process that serves it.
    options : Options
        Of the address, the threads and the times.

    Returns
    -------
    int
        0 when it stopped as asked; `InputError` as in `run`.
    """
    _log_to_stderr()
    PatientSocket.seconds = options.receive_seconds
    PatientWorker.drain_seconds = options.drain_seconds
    # gunicorn looks into the words of the command line and an environment variable; not here.
    os.environ.pop("GUNICORN_CMD_ARGS", None)
    try:
        _Server(make, options).run()
    except SystemExit as err:
        if err.code not in (None, 0):
            raise InputError(f"cannot listen on {options.host} port {options.port}; choose "
                             "another with --host or --port") from err
    return 0


def _say_where(arbiter: Any) -> None:
    for listener in arbiter.LISTENERS:
        host, port = listener.sock.getsockname()[:2]
        print(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


def _log_to_stderr() -> None:
    """Show what the service has to say, one line each, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s",
                                  "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger = logging.getLogger("riskwatch")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
