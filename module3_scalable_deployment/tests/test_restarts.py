"""A service stops so that no accepted request is lost, and says so before."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running_service import HEAD, Running, connect, service, start, stop, wait_for
from served_models import POOR, RICH, release_into

from census.cli import main

BODY = json.dumps(POOR).encode()
ASKING = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
ROUNDS = pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.soak)])


class Callers:
    """Threads that open a connection, ask and read, again and again."""

    def __init__(self, port: int) -> None:
        self._port, self._done = port, threading.Event()
        self.answered, self.lost, self.resets = list[int](), list[str](), list[str]()
        self._threads = [threading.Thread(target=self._call) for _ in range(4)]

    def __enter__(self) -> "Callers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _call(self) -> None:
        while not self._done.is_set():
            try:
                connection = socket.create_connection(("127.0.0.1", self._port), 20)
            except ConnectionRefusedError:
                time.sleep(.01)
                continue
            with connection:
                try:
                    connection.sendall(ASKING)
                    self.answered.append(int(connection.recv(65536).split(b" ")[1]))
                except ConnectionResetError as err:
                    # It waited in the kernel, and nobody took it.
                    self.resets.append(repr(err))
                except (OSError, IndexError) as err:
                    self.lost.append(repr(err))


def end(running: Running) -> int:
    """Wait for the end of a service that was told to stop; a second signal would hurry it."""
    code = running.process.wait(30)
    if running.process.stdout:
        running.process.stdout.close()
    return code


@ROUNDS
def test_restarts_on_a_port_lose_no_accepted_request(tmp_path: Path, rounds: int,
                                                     say: Callable[[str], None]) -> None:
    """While nobody listens callers are refused; who was let in is answered."""
    release_into(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--port", str(port), "--drain-seconds", "0.3"]
    running = start(tmp_path, *words)
    wait_for(lambda: running.get("/health/ready").status_code == 200)
    with Callers(port) as callers:
        for _ in range(rounds):
            time.sleep(.3)
            assert stop(running) == 0
            running = start(tmp_path, *words)
        time.sleep(.3)
    stop(running)
    say(f"{rounds} restarts on a port under load: {len(callers.answered)} requests answered, "
        f"{len(callers.lost)} lost, {len(callers.resets)} never let in")
    assert not callers.lost and len(callers.resets) <= 1
    assert set(callers.answered) == {200} and len(callers.answered) > 50 * rounds


@ROUNDS
def test_restarts_on_a_held_socket_lose_nothing_at_all(tmp_path: Path, rounds: int,
                                                       say: Callable[[str], None]) -> None:
    """Whoever starts the service holds the socket, so callers wait and are never refused."""
    release_into(tmp_path)
    with socket.create_server(("127.0.0.1", 0), backlog=100) as held:
        words = ["--fd", str(held.fileno()), "--drain-seconds", "0.2"]
        os.set_inheritable(held.fileno(), True)
        running = start(tmp_path, *words)
        with Callers(held.getsockname()[1]) as callers:
            for _ in range(rounds):
                time.sleep(.3)
                assert stop(running) == 0
                running = start(tmp_path, *words)
            time.sleep(.3)
        stop(running)
    say(f"{rounds} restarts on a held socket under load: {len(callers.answered)} requests "
        f"answered, {len(callers.lost) + len(callers.resets)} lost")
    assert not callers.lost and not callers.resets
    assert set(callers.answered) == {200} and len(callers.answered) > 50 * rounds


def test_a_caller_who_was_let_in_last_is_still_answered(tmp_path: Path) -> None:
    """It connects, the service is told to stop, and only then it asks."""
    release_into(tmp_path)
    running = start(tmp_path, "--drain-seconds", "0")
    wait_for(lambda: running.get("/health/ready").status_code == 200)
    with connect(running) as connection:
        time.sleep(.1)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(.25)
        connection.sendall(ASKING)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert end(running) == 0


def test_it_is_not_ready_before_it_stops(tmp_path: Path) -> None:
    release_into(tmp_path)
    running = start(tmp_path, "--drain-seconds", "1")
    wait_for(lambda: running.get("/health/ready").status_code == 200)
    running.process.send_signal(signal.SIGTERM)
    wait_for(lambda: running.get("/health/ready").status_code == 503)
    answer = running.post(RICH)
    assert answer.status_code == 200 and answer.headers["connection"] == "close"
    assert end(running) == 0


def test_more_requests_than_places_get_503_and_no_reset(tmp_path: Path) -> None:
    """Two places are held by slow bodies; who comes third is refused politely."""
    release_into(tmp_path)
    with service(tmp_path, "--most-active", "2") as running:
        held = [connect(running) for _ in range(2)]
        for connection in held:
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n{" % len(BODY))
        wait_for(lambda: running.get("/").status_code == 503)
        answer = running.post(POOR)
        assert answer.status_code == 503 and answer.headers["retry-after"] == "1"
        assert answer.json()["status"] == 503
        for connection in held:
            connection.sendall(BODY[1:])
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            connection.close()
        assert running.post(POOR).status_code == 200


def test_a_descriptor_that_does_not_listen_is_refused(tmp_path: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--out", str(tmp_path), "--fd", "999"]) == 2
    assert "descriptor 999" in capsys.readouterr().err
    with socket.socket() as idle:
        assert main(["serve", "--out", str(tmp_path), "--fd", str(idle.fileno())]) == 2
        assert "no socket that listens" in capsys.readouterr().err
        idle.detach()
