"""Start the service as a process of its own, ask it for everything it has, stop it again.

In: a folder of results. Out: what each route answered and how long that took, the dashboard as
it was served, and the client's combined report. The service ends with this process, even if
somebody kills it.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from time import perf_counter

import requests

from riskwatch.client import COURSE, LISTS, collect, write_report
from riskwatch.errors import RiskwatchError
from riskwatch.files import make_folder, write_bytes
from riskwatch.schema import FEATURES

_SECONDS_TO_START, _SECONDS_TO_STOP, _SECONDS_TO_ANSWER = 60.0, 40.0, 30.0
_LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:[0-9]+)")
_PAGES = ("/", "/health/live", "/health/ready", "/metrics", "/openapi.json")
_ROWS = [dict(zip(FEATURES, (78, 1024, 12)))]
#: Serves until it is told to stop, or until whoever started it is gone: then its input ends.
_CHILD = """
import os, signal, sys, threading
def stop_with_parent():
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=stop_with_parent, daemon=True).start()
from riskwatch.cli import main
sys.exit(main(sys.argv[1:]))
"""


class ProbeError(RiskwatchError):
    """The service did not start, answer or stop as it should."""


@dataclass(frozen=True)
class Asked:
    """One request: its words, the status, how long it took, and how much came."""

    request: str
    status: int
    milliseconds: float
    byte_count: int


@dataclass(frozen=True)
class Probe:
    """What a running service answered, and how it stopped."""

    asked: tuple[Asked, ...]
    collected: str
    is_whole: bool
    seconds_to_ready: float
    exit_code: int

    @property
    def failed(self) -> tuple[Asked, ...]:
        """The requests that were not answered with 200."""
        return tuple(one for one in self.asked if one.status != 200)

    @property
    def is_sound(self) -> bool:
        """Whether everything was answered, and the service stopped when it was told to."""
        return not self.failed and self.is_whole and self.exit_code == 0


def probe(served: Path, client_folder: Path, dashboard: Path) -> Probe:
    """Start the service, ask it for everything, stop it.

    Parameters
    ----------
    served : Path
        The folder of results that it serves; its log goes there.
    client_folder : Path
        Gets the client's combined report.
    dashboard : Path
        Gets the dashboard's page as it was served.

    Returns
    -------
    Probe

    Raises
    ------
    ProbeError
        It ended early, did not answer at all, or did not stop when told to.
    """
    started = perf_counter()
    with running(served) as (service, address):
        seconds = perf_counter() - started
        try:
            asked, page = _ask_all(address)
        except requests.RequestException as err:
            raise ProbeError(f"the service does not answer ({type(err).__name__}); see "
                             f"{served / 'logs' / 'service.log'}") from err
        found = collect(address, retries=0)  # what fails once has failed
        service.send_signal(signal.SIGTERM)
        try:
            code = service.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired as err:
            raise ProbeError("the service did not stop when it was told to; see "
                             f"{served / 'logs' / 'service.log'}") from err
    write_report(found, client_folder)
    write_bytes(dashboard, page)
    return Probe(asked, found.in_words(), found.is_whole, seconds, code)


@contextmanager
def running(served: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Run the service on a free port while the context lasts; yield process and address.

    Parameters
    ----------
    served : Path

    Raises
    ------
    ProbeError
        It ended before it was ready.
    """
    command = [sys.executable, "-c", _CHILD, "serve", "--out", str(served), "--port", "0"]
    # Neither the ledger of somebody else's server, nor a key to control this one.
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("RISKWATCH_LEDGER_URL", "RISKWATCH_CONTROL_KEY")}
    make_folder(served / "logs")
    with open(served / "logs" / "service.log", "wb") as log, subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.PIPE,
            env=environment) as service:
        try:
            yield service, _address(service)
        finally:
            service.kill()


def _address(service: "subprocess.Popen[bytes]") -> str:
    """Return the address that the service prints when it is ready."""
    watch = Timer(_SECONDS_TO_START, service.kill)
    watch.start()
    try:
        for line in service.stdout or ():
            found = _LISTENING.search(line.decode("utf-8", "replace"))
            if found:
                return found.group(1)
    finally:
        watch.cancel()
    raise ProbeError("the service ended before it was ready; run `riskwatch serve` to see why")


def _ask_all(address: str) -> tuple[tuple[Asked, ...], bytes]:
    """Return how every route answered, and the dashboard."""
    wanted = [("GET", path) for path in (*_PAGES, *(f"/v1/{name}" for name in LISTS),
                                         *COURSE[1:])]
    wanted += [("POST", "/v1/predictions"), ("POST", COURSE[0])]
    asked, page = [], b""
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password file speaks for the user here
        for method, path in wanted:
            started = perf_counter()
            answer = session.request(
                method, address + path, timeout=_SECONDS_TO_ANSWER, allow_redirects=False,
                json={"rows": _ROWS} if method == "POST" else None)
            asked.append(Asked(f"{method} {path}", answer.status_code,
                               round(1000 * (perf_counter() - started), 1), len(answer.content)))
            if path == "/":
                page = answer.content
            elif path == "/v1/predictions" and answer.status_code == 200:
                _check_prediction(answer.content)
    return tuple(asked), page


def _check_prediction(content: bytes) -> None:
    """Raise unless the answer holds a probability for the row that was sent."""
    try:
        (row,) = json.loads(content)["predictions"]
        is_right = 0 <= float(row["probability"]) <= 1
    except (ValueError, KeyError, TypeError):
        is_right = False
    if not is_right:
        raise ProbeError("the service answered 200, and not with a prediction")
