"""A service in a process of its own, for the tests that ask it.

In: a folder with releases. Out: a process that listens, asked through requests or plain sockets.
"""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from served_models import release_into

HEAD = b"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@dataclass
class Running:
    """A service in a process of its own."""

    address: str
    folder: Path
    process: "subprocess.Popen[str]"

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET an address of the service."""
        return requests.get(self.address + path, timeout=20, **options)

    def post(self, people: Any, **options: Any) -> requests.Response:
        """POST people to the service."""
        return requests.post(self.address + "/v1/predictions", json=people, timeout=20,
                             **options)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


def start(folder: Path, *words: str, environment: dict[str, str] | None = None) -> Running:
    """Start ``census serve`` on a free port and wait until it listens."""
    command = [sys.executable, "-m", "census.cli", "serve", "--out", str(folder),
               "--access-log", str(folder / "access.jsonl"), *words]
    with open(folder / "errors.txt", "a", encoding="utf-8") as errors:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, stdout=subprocess.PIPE, stderr=errors, text=True, close_fds=False,
            env={**os.environ, **(environment or {})})
    line = process.stdout.readline() if process.stdout else ""
    assert line.startswith("listening on "), (folder / "errors.txt").read_text()
    return Running(line.split()[-1], folder, process)


def stop(running: Running) -> int:
    """Tell a service to stop, and return its exit code."""
    running.process.terminate()
    code = running.process.wait(30)
    if running.process.stdout:
        running.process.stdout.close()
    return code


@contextmanager
def service(folder: Path, *words: str, environment: dict[str, str] | None = None
            ) -> Iterator[Running]:
    """Run a service while the context lasts."""
    running = start(folder, "--drain-seconds", "0", *words, environment=environment)
    try:
        wait_for(lambda: running.get("/health/live").status_code == 200)
        yield running
    finally:
        stop(running)


@contextmanager
def started(command: Sequence[str], port: int, log: Path, **options: Any
            ) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Run any command until the service behind it is ready; stop it by its own group."""
    address = f"http://127.0.0.1:{port}"

    def is_ready() -> bool:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            return requests.get(f"{address}/health/ready", timeout=5).ok
        except requests.ConnectionError:
            return False

    with open(log, "wb") as output, subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True, **options) as process:
        try:
            wait_for(is_ready, 60)
            yield address, process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(40)


def connect(running: Running) -> socket.socket:
    """Open a connection to a service."""
    return socket.create_connection(("127.0.0.1", running.port), 10)


def said(connection: socket.socket) -> bytes:
    """Read until the service closes."""
    content = b""
    try:
        while chunk := connection.recv(65536):
            content += chunk
    except ConnectionResetError:
        pass
    return content


@contextmanager
def fresh_service(folders: pytest.TempPathFactory, *words: str,
                  environment: dict[str, str] | None = None) -> Iterator[Running]:
    """Run a service that serves one release in a folder of its own."""
    folder = folders.mktemp("home")
    release_into(folder)
    with service(folder, *words, environment=environment) as found:
        yield found


def wait_for(condition: Any, seconds: float = 20) -> None:
    """Wait until ``condition()`` holds; fail when it does not."""
    end = time.monotonic() + seconds
    for pause in itertools.count():
        if condition():
            return
        assert time.monotonic() < end, "it never came true"
        time.sleep(min(0.02 * (pause + 1), 0.2))


def free_port() -> int:
    """Return a port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def csv_of(people: Sequence[dict[str, Any]]) -> str:
    """Return people as a CSV file with a header."""
    lines = [",".join(people[0]), *(",".join(map(str, person.values())) for person in people)]
    return "\n".join(lines) + "\n"


def check_problem(answer: requests.Response, status: int) -> dict[str, Any]:
    """Check that a refusal is one of RFC 9457, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status and problem["type"] == "about:blank"
    assert problem["title"] and problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem
