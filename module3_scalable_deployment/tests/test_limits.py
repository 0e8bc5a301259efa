"""Sizes, times and places have bounds, and what exceeds them is refused."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message

from census.serving.limits import Places, Switch, check_declared, read_body
from census.serving.problems import Problem


def request(*headers: tuple[bytes, bytes], parts: Sequence[bytes] = (), pause: float = 0
            ) -> Request:
    """Return a request whose body comes in ``parts``."""
    waiting = list(parts)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        if not waiting:
            return {"type": "http.disconnect"}
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    return Request({"type": "http", "method": "POST", "headers": list(headers)}, receive)


def read(asked: Request, limit: int = 100, seconds: float = 5) -> bytes:
    """Read the body of a request."""
    return asyncio.run(read_body(asked, limit, seconds))


def test_a_body_is_put_together() -> None:
    assert read(request(parts=[b"ab", b"", b"c"])) == b"abc"


def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not() -> None:
    assert read(request(parts=[b"x" * 60, b"y" * 40])) == b"x" * 60 + b"y" * 40
    with pytest.raises(Problem) as caught:
        read(request(parts=[b"x" * 60, b"y" * 41]))
    assert caught.value.status == 413


def test_a_slow_body_is_given_up() -> None:
    with pytest.raises(Problem) as caught:
        read(request(parts=[b"x"] * 50, pause=.02), seconds=.1)
    assert caught.value.status == 408


def test_a_body_that_keeps_the_pace_may_take_longer_than_the_grace() -> None:
    parts = [b"x" * 65_536] * 4
    assert len(read(request(parts=parts, pause=.1), limit=10**6, seconds=.2)) == 4 * 65_536


def test_a_caller_who_goes_away_is_noticed() -> None:
    with pytest.raises(Problem) as caught:
        read(request())
    assert caught.value.status == 400


@pytest.mark.parametrize(("headers", "status"), [
    ([(b"content-type", b"text/csv")], None),
    ([(b"content-type", b"text/csv; charset=\"UTF-8\"")], None),
    ([(b"content-type", b"text/csv; charset=utf-16")], 415), ([], 415),
    ([(b"content-type", b"text/csv; header=present")], 415),
    ([(b"content-type", b"text/csv"), (b"content-encoding", b"br")], 415),
    ([(b"content-type", b"text/csv"), (b"content-encoding", b"identity")], None),
    ([(b"content-type", b"text/csv"), (b"content-length", b"100")], None),
    ([(b"content-type", b"text/csv"), (b"content-length", b"101")], 413),
    ([(b"content-type", b"text/csv"), (b"content-length", b"9" * 5000)], 413)])
def test_headers_alone_can_refuse(headers: list[tuple[bytes, bytes]], status: int | None) -> None:
    asked = request(*headers)
    if status is None:
        check_declared(asked, 100, "text/csv")
        return
    with pytest.raises(Problem) as caught:
        check_declared(asked, 100, "text/csv")
    assert caught.value.status == status


def test_places_are_given_back_whatever_happens() -> None:
    places = Places(1)
    for _ in range(3):
        with pytest.raises(KeyError), places:
            with pytest.raises(Problem) as caught:
                with places:
                    raise AssertionError("there was a second place")
            assert caught.value.status == 503 and places.taken == 1
            raise KeyError
    assert places.taken == 0 and not Switch().is_draining
