"""Connections have bounds on what the server below leaves open: slow, large or many headers."""

import time
from collections.abc import Iterator

import pytest
from running_service import HEAD, Running, connect, fresh_service, said, wait_for

from census.serving.protocol import bounded_protocol


@pytest.fixture(scope="module", name="running")
def running_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that is quick to lose its patience."""
    with fresh_service(tmp_path_factory, "--header-seconds", "0.5",
                       "--most-connections", "150") as found:
        yield found


@pytest.mark.parametrize("sent", [b"", b"GET / HT", HEAD, HEAD + b"X-Slow: "],
                         ids=["nothing", "a line", "headers", "more headers"])
def test_slow_headers_end_the_connection(running: Running, sent: bytes) -> None:
    begun = time.monotonic()
    with connect(running) as connection:
        connection.sendall(sent)
        assert b" 408 " in said(connection)
    assert .3 < time.monotonic() - begun < 5


@pytest.mark.parametrize("sent", [
    b"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + b"a" * 60_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % i for i in range(500)) + b"\r\n"])
def test_large_headers_are_refused(running: Running, sent: bytes) -> None:
    with connect(running) as connection:
        connection.sendall(sent)
        assert said(connection).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01", b"HELLO\r\n\r\n", b"\0" * 100,
                                  b"GET / HTTP/9.9\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n"])
def test_what_is_not_http_is_refused(running: Running, sent: bytes) -> None:
    with connect(running) as connection:
        connection.sendall(sent)
        answer = said(connection)
    assert answer.startswith(b"HTTP/1.1 4") and b"problem+json" in answer
    assert b"Traceback" not in answer


def test_too_many_connections_are_told_to_come_back(running: Running) -> None:
    held = [connect(running) for _ in range(150)]
    time.sleep(.1)
    with connect(running) as connection:
        answer = said(connection)
    for other in held:
        other.close()
    assert answer.startswith(b"HTTP/1.1 503 ") and b"Retry-After: 1" in answer
    wait_for(lambda: running.get("/").status_code == 200)


def test_a_refused_caller_who_still_writes_is_not_reset(running: Running) -> None:
    held = [connect(running) for _ in range(150)]
    time.sleep(.1)
    for _ in range(20):
        with connect(running) as connection:
            connection.sendall(HEAD + b"Content-Length: 200000\r\n\r\n")
            time.sleep(.005)
            connection.sendall(b" " * 100_000)
            time.sleep(.005)
            connection.sendall(b" " * 100_000)
            content = b""
            while chunk := connection.recv(65536):
                content += chunk
        assert content.startswith(b"HTTP/1.1 503 ")
    for other in held:
        other.close()
    # Those who read slowly hold no place of the others, and go after a moment.
    wait_for(lambda: running.get("/").status_code == 200, .5)


def test_two_servers_have_their_own_bounds() -> None:
    small, large = bounded_protocol(1, 1.0), bounded_protocol(2, 3.0)
    assert (small.most_connections, large.most_connections) == (1, 2)  # type: ignore[attr-defined]
    assert (small.header_seconds, large.header_seconds) == (1.0, 3.0)  # type: ignore[attr-defined]
