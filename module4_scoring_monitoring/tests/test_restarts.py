"""A service stops so that no accepted request is lost, and says so before; overload is refused."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path

import pytest
from web_story import ROW, Running, check_problem, service, start, stop, told

HEAD = b"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = json.dumps({"rows": [ROW]}).encode()
ASKING = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
#: Too large for the quick way, so that it takes a place.
LARGE = json.dumps({"rows": [ROW] * 200}).encode()
ROUNDS = pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.soak)])


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
                except (ConnectionResetError, BrokenPipeError) as err:
                    self.resets.append(repr(err))  # it waited in the kernel, nobody took it
                except (OSError, IndexError) as err:
                    self.lost.append(repr(err))


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds; fail when it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(.05)


def connect(running: Running) -> socket.socket:
    """Open a connection to a service."""
    return socket.create_connection(("127.0.0.1", running.port), 30)


@ROUNDS
def test_restarts_under_load_lose_no_accepted_request(tmp_path: Path, rounds: int,
                                                      say: Callable[[str], None]) -> None:
    """While nobody listens callers are refused; who was let in is answered."""
    told(tmp_path / "out")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--port", str(port), "--drain-seconds", "0.2"]
    running = start(tmp_path / "out", *words)
    with Callers(port) as callers:
        for _ in range(rounds):
            under_load(running)
            stop(running)
            running = start(tmp_path / "out", *words)
        under_load(running)
    stop(running)
    say(f"{rounds} restarts under load: {len(callers.answered)} requests answered, "
        f"{len(callers.lost)} lost, {len(callers.resets)} never let in")
    assert not callers.lost and len(callers.resets) <= 1
    assert set(callers.answered) == {200} and len(callers.answered) > 10 * rounds


def under_load(running: Running) -> None:
    """Wait until a service is ready, and then a moment."""
    wait_for(lambda: running.get("/health/ready").status_code == 200)
    time.sleep(.3)


def processes(running: Running) -> list[int]:
    """Return the numbers of gunicorn's two processes."""
    parent = running.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    return [parent, *map(int, children.read_text("ascii").split())]


@pytest.mark.parametrize("is_whole_group", [False, True])
def test_it_is_not_ready_before_it_stops_and_ends_what_it_began(tmp_path: Path,
                                                                is_whole_group: bool) -> None:
    """One signal to the first process, or one to each, as a service manager sends them."""
    told(tmp_path / "out")
    running = start(tmp_path / "out", "--drain-seconds", "4")
    with connect(running) as slow:
        slow.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(LARGE) + LARGE[:100])
        wait_for(lambda: running.get("/health/ready").status_code == 200)
        told_to_stop = processes(running) if is_whole_group else [running.process.pid]
        assert len(told_to_stop) == 1 + is_whole_group
        for process in told_to_stop:
            os.kill(process, signal.SIGTERM)
        wait_for(lambda: running.get("/health/ready").status_code == 503, 3)
        assert "Retry-After" in running.get("/health/ready").headers
        check_problem(running.get("/health/ready"), 503)
        assert running.get("/health/live").status_code == 200
        answer = running.post("/v1/predictions", json={"rows": [ROW]})
        assert answer.status_code == 200 and answer.headers["connection"] == "close"
        wait_for(lambda: is_closed(running), 10)
        slow.sendall(LARGE[100:])  # the door is shut, and it is still inside
        assert slow.recv(65536).startswith(b"HTTP/1.1 200 ")
    stop(running, is_told=True)


def is_closed(running: Running) -> bool:
    """Return whether nobody listens any more."""
    try:
        connect(running).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_caller_who_was_let_in_last_is_still_answered(tmp_path: Path) -> None:
    """It connects, the service is told to stop, and only then it asks."""
    told(tmp_path / "out")
    running = start(tmp_path / "out", "--drain-seconds", "0")
    wait_for(lambda: running.get("/health/ready").status_code == 200)
    with connect(running) as connection:
        running.process.send_signal(signal.SIGTERM)
        time.sleep(.3)
        connection.sendall(ASKING)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    stop(running, is_told=True)


def test_at_twice_the_capacity_the_rest_is_refused_and_nobody_is_cut_off(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    told(tmp_path / "out")
    places = 128
    with service(tmp_path / "out") as running:
        callers = [connect(running) for _ in range(2 * places)]
        for caller in callers:
            caller.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(LARGE) + LARGE[:-1])
        refused = [caller for caller in callers if is_answered(caller, .05)]
        wait_for(lambda: len(refused) == places or bool(refused.extend(
            caller for caller in callers if caller not in refused and is_answered(caller, 0))))
        for caller in callers:
            caller.sendall(LARGE[-1:])
        answers = [whole_answer(caller) for caller in callers]
        assert running.get("/v1/scores?limit=3").status_code == 200
    for caller in callers:
        caller.close()
    statuses = [answer.status for answer, _ in answers]
    say(f"{len(callers)} requests at once, {places} places: {statuses.count(200)} answered, "
        f"{statuses.count(503)} refused with 503, none cut off")
    assert statuses.count(200) == statuses.count(503) == places
    for answer, body in answers:
        if answer.status == 503:
            assert answer.headers["Retry-After"] == "1" and json.loads(body)["status"] == 503
            assert answer.headers["Content-Type"] == "application/problem+json"


def is_answered(caller: socket.socket, seconds: float) -> bool:
    """Return whether something waits to be read."""
    caller.settimeout(max(seconds, 1e-3))
    try:
        return bool(caller.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        caller.settimeout(30)


def whole_answer(caller: socket.socket) -> tuple[HTTPResponse, bytes]:
    """Read one answer to its end; a connection that is cut off is an exception."""
    answer = HTTPResponse(caller)
    answer.begin()
    return answer, answer.read()
