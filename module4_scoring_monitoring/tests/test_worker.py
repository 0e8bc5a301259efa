"""Callers that are slow, silent, or speak no HTTP take nothing from the others."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_story import ROW, Running, service, told

HEAD = (b"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\n")


@pytest.fixture(name="running", scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that runs."""
    out = tmp_path_factory.mktemp("served") / "out"
    told(out)
    with service(out) as found:
        yield found


def said(running: Running, content: bytes) -> bytes:
    """Send bytes, and read until the service closes."""
    with socket.create_connection(("127.0.0.1", running.port), 20) as connection:
        connection.sendall(content)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
    return answer


@pytest.mark.parametrize(("content", "status"), [
    (b"GET / HTTP/9.9\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nA: " + b"b" * 9000 + b"\r\n\r\n", 431),
    (HEAD + b"Content-Length: -1\r\n\r\n", 400), (HEAD + b"Content-Length: x\r\n\r\n", 400),
    (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 400),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
     + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 20 + b"0\r\n\r\n", 413),
    (b"GET //x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
    (b"GET /%00%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
    (b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404)])
def test_what_is_no_request_gets_a_problem_that_echoes_nothing(running: Running, content: bytes,
                                                               status: int) -> None:
    head, _, body = said(running, content).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status and b"bad header" not in body and b"ZZ" not in body


def test_a_declared_gigabyte_is_refused_at_once(running: Running) -> None:
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", running.port), 20) as connection:
        connection.sendall(HEAD + b"Content-Length: 1073741824\r\n\r\n{")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - started < 5  # on a busy machine; a quiet one needs milliseconds


def trickle(running: Running, seconds: float) -> tuple[list[float], int]:
    """Keep 100 slow connections for a while; return times of good requests, and who was cut."""
    slow = []
    for number in range(100):
        connection = socket.create_connection(("127.0.0.1", running.port), 20)
        connection.sendall(HEAD + b"Content-Length: 500\r\n\r\n{" if number % 2 else b"GET / HT")
        connection.setblocking(False)
        slow.append(connection)
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.monotonic()
        path = f"/v1/scores?limit={len(times) % 50 + 1}"
        assert running.get(path).status_code == 200
        assert running.post("/v1/predictions", json={"rows": [ROW]}).status_code == 200
        times.append((time.monotonic() - started) / 2)
        for connection in slow:
            try:
                connection.send(b" ")
            except OSError:
                pass
    cut = 0
    for connection in slow:
        try:
            cut += connection.recv(65536) is not None
        except BlockingIOError:
            pass
        except OSError:
            cut += 1
        connection.close()
    return sorted(times), cut


def test_slow_callers_keep_nobody_waiting(running: Running) -> None:
    times, _ = trickle(running, 3)
    assert len(times) > 5 and times[int(len(times) * 0.9)] < 1


@pytest.mark.soak
def test_a_hundred_slow_callers_for_half_a_minute(running: Running, say: object) -> None:
    times, cut = trickle(running, 30)
    worst = times[int(len(times) * 0.99)]
    say(f"100 slow callers for 30 s: {len(times) * 2} good requests answered, "  # type: ignore
        f"p99 {worst * 1000:.0f} ms, {cut} slow ones cut off")
    assert worst < 0.25 and cut == 100


def test_many_requests_follow_on_one_connection(running: Running) -> None:
    body = json.dumps({"rows": [ROW]}).encode()
    request = (HEAD.replace(b"Connection: close\r\n", b"") + b"Content-Length: %d\r\n\r\n%s" % (
        len(body), body))
    with socket.create_connection(("127.0.0.1", running.port), 20) as connection:
        connection.sendall(request * 20)  # without waiting for answers
        answer = b""
        while answer.count(b'"model_version"') < 20:
            chunk = connection.recv(65536)
            assert chunk, answer[-200:]
            answer += chunk
    assert answer.count(b"HTTP/1.1 200 OK") == 20


def test_no_traceback_was_written(running: Running) -> None:
    assert "Traceback" not in Path(running.errors).read_text(encoding="utf-8")


def test_a_caller_that_waits_for_leave_to_send_gets_it(running: Running) -> None:
    body = json.dumps({"rows": [ROW]}).encode()
    with socket.create_connection(("127.0.0.1", running.port), 30) as connection:
        connection.sendall(HEAD + b"Expect: 100-continue\r\n")
        connection.sendall(b"Content-Length: %d\r\n\r\n" % len(body))
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert connection.recv(10_000).startswith(b"HTTP/1.1 200 OK")


def test_large_answers_arrive_whole(running: Running) -> None:
    rows = {"rows": [ROW] * 1000}
    answers = [running.post("/v1/predictions", json=rows).json() for _ in range(3)]
    assert [len(answer["predictions"]) for answer in answers] == [1000] * 3


def test_a_refusal_does_not_wait_for_a_body_that_nobody_sends(running: Running) -> None:
    head = HEAD.replace(b"Connection: close\r\n", b"").replace(b"application/json", b"text/csv")
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", running.port), 20) as connection:
        connection.sendall(head + b"Content-Length: 1000\r\n\r\nx")
        assert connection.recv(100).startswith(b"HTTP/1.1 415 ")
    assert time.monotonic() - started < 4  # gunicorn waits five seconds for the rest


def test_no_header_moves_the_service_to_another_address_or_scheme(running: Running) -> None:
    plain = running.get("/v1/scores")
    moved = running.get("/v1/scores", headers={
        "SCRIPT_NAME": "/v1", "PATH_INFO": "/nowhere", "X-Forwarded-Proto": "https",
        "X-Forwarded-Ssl": "on"})
    assert (moved.status_code, moved.content) == (plain.status_code, plain.content) == (
        200, plain.content)
