"""Start the service as a process of its own, send one person through it, stop it again.

In: the folder of results, with a release. Out: what the service answered, and how long it took
to be ready. It is what `census live` and a deployment do, so the report of a run can show it.
"""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from time import monotonic

from census.errors import CensusError
from census.files import make_folder
from census.live import ask

_SECONDS_TO_START, _SECONDS_TO_STOP, _SECONDS_TO_ANSWER = 60, 30, 10
_LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:[0-9]+)")


class ProbeError(CensusError):
    """The service did not start, answer or stop as it should."""


@dataclass(frozen=True)
class Probe:
    """What a running service answered to one person."""

    status: int
    label: str
    probability: float
    model_version: str
    seconds_to_ready: float
    exit_code: int


def probe(out: Path) -> Probe:
    """Start the service, ask it once, stop it.

    Parameters
    ----------
    out : Path
        The folder in which ``releases`` is.

    Returns
    -------
    Probe

    Raises
    ------
    ProbeError
        It ended early, answered wrongly, or did not stop when told to.
    """
    started = monotonic()
    with running(out) as (service, address):
        seconds = monotonic() - started
        status, text = ask(address, None, _SECONDS_TO_ANSWER)
        service.send_signal(signal.SIGTERM)
        try:
            code = service.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired as err:
            raise ProbeError("the service did not stop when it was told to; see "
                             f"{out / 'logs' / 'service.log'}") from err
    return _read(status, text, seconds, code)


@contextmanager
def running(out: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Run the service while the context lasts; yield its process and its address.

    Parameters
    ----------
    out : Path
        The folder in which ``releases`` is; logs go there.

    Raises
    ------
    ProbeError
        It ended before it was ready.
    """
    command = [sys.executable, "-m", "census.cli", "serve", "--out", str(out),
               "--access-log", str(out / "logs" / "access.log")]
    make_folder(out / "logs")
    with open(out / "logs" / "service.log", "wb") as log, subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL) as service:
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
    raise ProbeError("the service ended before it was ready; run `census serve` to see why")


def _read(status: int, text: str, seconds: float, code: int) -> Probe:
    try:
        answer = json.loads(text)
        return Probe(status, str(answer["label"]), float(answer["probability"]),
                     str(answer["model_version"]), seconds, code)
    except (ValueError, KeyError, TypeError) as err:
        raise ProbeError(f"the service answered {status}, and not with a prediction") from err
