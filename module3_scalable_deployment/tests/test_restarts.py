"""A service stops so that no accepted request is lost, and says so before."""

import json
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from served_models import HEAD, POOR, RICH, connect, release_into, service, start, stop, wait_for

BODY = json.dumps(POOR).encode()


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


def test_it_is_not_ready_before_it_stops(tmp_path: Path) -> None:
    release_into(tmp_path)
    running = start(tmp_path, "--drain-seconds", "1")
    wait_for(lambda: running.get("/health/ready").status_code == 200)
    running.process.send_signal(signal.SIGTERM)
    wait_for(lambda: running.get("/health/ready").status_code == 503)
    answer = running.post(RICH)
    assert answer.status_code == 200 and answer.headers["connection"] == "close"
    assert running.process.wait(20) == 0
    stop(running)


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_restarts_lose_no_accepted_request(tmp_path: Path, rounds: int,
                                           say: Callable[[str], None]) -> None:
    """Callers ask without pause while the service is stopped and started on the same port."""
    release_into(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = start(tmp_path, "--port", str(port), "--drain-seconds", "0.3")
    done, answered = threading.Event(), list[int]()
    lost, resets = list[str](), list[str]()

    def call() -> None:
        while not done.is_set():
            try:
                connection = socket.create_connection(("127.0.0.1", port), 10)
            except ConnectionRefusedError:
                time.sleep(.01)
                continue
            with connection:
                try:
                    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
                    status = connection.recv(65536).split(b" ")[1]
                except (OSError, IndexError) as err:
                    # A reset means that it waited in the kernel and was never accepted.
                    (resets if isinstance(err, ConnectionResetError) else lost).append(repr(err))
                    continue
                answered.append(int(status))

    callers = [threading.Thread(target=call) for _ in range(4)]
    wait_for(lambda: running.get("/health/ready").status_code == 200)
    for caller in callers:
        caller.start()
    for _ in range(rounds):
        time.sleep(.3)
        assert stop(running) == 0
        running = start(tmp_path, "--port", str(port), "--drain-seconds", "0.3")
    time.sleep(.3)
    done.set()
    for caller in callers:
        caller.join()
    stop(running)
    say(f"{rounds} restarts under load: {len(answered)} requests answered, {len(lost)} lost, "
        f"{len(resets)} not accepted")
    assert not lost and len(resets) <= rounds
    assert set(answered) == {200} and len(answered) > 50 * rounds
