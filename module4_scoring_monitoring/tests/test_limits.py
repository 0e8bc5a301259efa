"""Control needs the key, compares it in constant time, and lets nobody try many."""

import hmac
from typing import Any

import pytest
from flask import Flask, request
from web_story import KEY

from riskwatch.web import limits
from riskwatch.web.limits import Places, RateLimit, check_key
from riskwatch.web.options import Options, build_options
from riskwatch.web.problems import Problem

APP = Flask("x")
WITH_KEY = build_options({"control_key": KEY})


def status(options: Options, header: str | None, limit: RateLimit | None = None) -> int:
    """Return the status of a refusal, 0 when there is none."""
    headers = {} if header is None else {"Authorization": header}
    with APP.test_request_context("/", headers=headers):
        try:
            check_key(request, options, limit or RateLimit(100))
        except Problem as problem:
            return problem.status
    return 0


def test_only_the_key_opens() -> None:
    assert status(WITH_KEY, f"Bearer {KEY}") == status(WITH_KEY, f"bearer {KEY}") == 0
    for wrong in (None, "", "Bearer", "Bearer ", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}",
                  f"Basic {KEY}", KEY, "Bearer \xff\udcff"):
        assert status(WITH_KEY, wrong) == 401, wrong


def test_without_a_key_nothing_opens() -> None:
    for given in ("Bearer ", "Bearer None", f"Bearer {KEY}"):
        assert status(Options(), given) == 403
    assert status(Options(), None) == 401


def test_the_comparison_takes_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Any] = []
    right = hmac.compare_digest
    monkeypatch.setattr(limits.hmac, "compare_digest",
                        lambda *pair: compared.append(pair) or right(*pair))
    assert status(WITH_KEY, "Bearer guess") == 401
    assert compared == [(b"guess", KEY.encode())]


def test_wrong_keys_count_and_then_even_the_right_one_waits() -> None:
    now = [100.0]
    limit = RateLimit(3, lambda: now[0])
    assert [status(WITH_KEY, "Bearer guess", limit) for _ in range(5)] == [401] * 3 + [429] * 2
    assert status(WITH_KEY, f"Bearer {KEY}", limit) == 429
    now[0] += 59.5
    with pytest.raises(Problem) as caught:
        limit.take()
    assert caught.value.headers == {"Retry-After": "1"}
    now[0] += 0.6
    assert status(WITH_KEY, f"Bearer {KEY}", limit) == 0


def test_places_are_bounded_and_come_back() -> None:
    places = Places(2)
    places.take()
    places.take()
    with pytest.raises(Problem) as caught:
        places.take()
    assert caught.value.status == 503 and caught.value.headers["Retry-After"] == "1"
    places.give_back()
    places.take()
