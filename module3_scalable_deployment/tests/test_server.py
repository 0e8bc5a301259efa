"""A server that bounds what callers take, and stops so that no accepted request is lost."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from running_service import HEAD, Running, connect, fresh_service, said, service
from served_models import POOR, RICH, release_into

BODY = json.dumps(POOR).encode()


@pytest.fixture(scope="module", name="running")
def running_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that is quick to lose its patience."""
    with fresh_service(tmp_path_factory, "--body-seconds", "0.5") as found:
        yield found


def test_a_declared_gibibyte_is_refused_at_once(running: Running) -> None:
    begun = time.monotonic()
    with connect(running) as connection:
        connection.sendall(HEAD + b"Content-Length: 1073741824\r\n\r\n" + b"x" * 1000)
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"application/problem+json" in answer
    assert b"connection: close" in answer and time.monotonic() - begun < 1


@pytest.mark.parametrize("length", [b"99999999999999999999", b"-1", b"1e3", b"0x10", b"1, 2"])
def test_odd_lengths_are_refused(running: Running, length: bytes) -> None:
    with connect(running) as connection:
        connection.sendall(HEAD + b"Content-Length: " + length + b"\r\n\r\n" + BODY)
        assert connection.recv(65536).split(b" ")[1] in (b"400", b"413")


def test_a_body_of_chunks_is_counted(running: Running) -> None:
    """Nobody says how much will come; at the first byte too many it is refused."""
    def much() -> Iterator[bytes]:
        for _ in range(3000):
            yield b" " * 1024

    answer = requests.post(running.address + "/v1/predictions", much(), timeout=10,
                           headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_a_body_of_small_chunks_is_put_together(running: Running) -> None:
    answer = requests.post(running.address + "/v1/predictions", timeout=10,
                           data=(BODY[place:place + 7] for place in range(0, len(BODY), 7)),
                           headers={"content-type": "application/json"})
    assert answer.status_code == 200 and answer.json()["label"] == "<=50K"


def test_a_body_that_nobody_reads_is_not_the_next_request(running: Running) -> None:
    """A GET with a body is answered, and its body never taken for a request."""
    hidden = b"GET /v1/model HTTP/1.1\r\nHost: x\r\n\r\n"
    with connect(running) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + hidden)
        answer = said(connection)
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.count(b"HTTP/1.1 ") == 1


def test_a_slow_body_ends_the_connection(running: Running) -> None:
    with connect(running) as connection:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY))
        for place in range(4):
            time.sleep(.2)
            connection.sendall(BODY[place:place + 1])
        answer = said(connection)
    assert answer.startswith(b"HTTP/1.1 408 ") and b"problem+json" in answer


def test_slow_callers_do_not_keep_good_ones_waiting(running: Running,
                                                    say: Callable[[str], None]) -> None:
    """100 callers send a byte now and then; every good request is answered, and soon."""
    _check_slow_callers(running, 2, say)


@pytest.mark.soak
def test_slow_callers_for_half_a_minute(tmp_path: Path, say: Callable[[str], None]) -> None:
    release_into(tmp_path)
    with service(tmp_path, "--header-seconds", "60", "--body-seconds", "60") as running:
        _check_slow_callers(running, 30, say)


def _check_slow_callers(running: Running, seconds: float, say: Callable[[str], None]) -> None:
    slow = [connect(running) for _ in range(100)]
    end, times = time.monotonic() + seconds, []
    with requests.Session() as session:
        while time.monotonic() < end:
            for connection in slow[:10]:
                try:
                    connection.sendall(b"G")
                except OSError:
                    pass
            begun = time.monotonic()
            answer = session.post(running.address + "/v1/predictions", json=RICH, timeout=10)
            times.append(time.monotonic() - begun)
            assert answer.status_code == 200
    for connection in slow:
        connection.close()
    times.sort()
    slowest = times[int(len(times) * .99)]
    say(f"100 slow callers, {seconds:g} s: {len(times)} good requests, all answered, "
        f"99 % within {slowest * 1000:.0f} ms")
    assert slowest < .25


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = subprocess.run(
            [sys.executable, "-m", "census.cli", "serve", "--out", str(tmp_path), "--port", port],
            capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 2 and f"port {port}" in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_it_listens_on_loopback_only_by_default(running: Running) -> None:
    assert running.address.startswith("http://127.0.0.1:")


def test_the_service_loads_no_library_of_training(tmp_path: Path) -> None:
    """With the packages of training out of reach it starts and answers."""
    release_into(tmp_path)
    blocker = tmp_path / "blocker"
    blocker.mkdir()
    for name in ("pandas", "sklearn", "skops", "scipy", "matplotlib", "aequitas", "yaml",
                 "requests", "dvc", "jinja2", "pyarrow"):
        (blocker / f"{name}.py").write_text("raise ImportError('not in the extra serve')")
    path = os.pathsep.join([str(blocker), os.environ.get("PYTHONPATH", "")])
    with service(tmp_path, environment={"PYTHONPATH": path}) as running:
        assert running.post(RICH).json()["label"] == ">50K"
