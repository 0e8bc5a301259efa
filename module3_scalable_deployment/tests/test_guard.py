"""What surrounds each request: id, place, headers, counters, log."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from served_models import POOR, release_into

from census.serving.app import create_app
from census.serving.guard import Guard
from census.serving.options import build_options


@pytest.fixture(name="guard")
def guard_fixture(tmp_path: Path) -> Guard:
    """An application with a model, outside of any server."""
    release_into(tmp_path)
    found = create_app(build_options({"folder": tmp_path, "most_active": 2,
                                      "access_log": tmp_path / "access.jsonl"}))
    found.service.holder.refresh()
    return found


def ask(guard: Guard, method: str = "GET", path: str = "/", body: bytes = b"",
        headers: tuple[tuple[bytes, bytes], ...] = ()) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send one request to the application; return status, headers and body."""
    sent: list[Any] = []
    parts = [body]

    async def receive() -> Any:
        if not parts:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": parts.pop(), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard({"type": "http", "method": method, "path": path, "query_string": b"",
                       "headers": list(headers), "root_path": "", "raw_path": path.encode()},
                      receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(
        message.get("body", b"") for message in sent[1:])


JSON = ((b"content-type", b"application/json"),)


def test_an_answer_has_its_id_and_the_headers_of_safety(guard: Guard) -> None:
    status, headers, body = ask(guard, "POST", "/v1/predictions", json.dumps(POOR).encode(), JSON)
    assert status == 200 and json.loads(body)["request_id"] == headers[b"x-request-id"].decode()
    assert headers[b"x-content-type-options"] == b"nosniff" and b"connection" not in headers
    assert ask(guard)[1][b"x-request-id"] != headers[b"x-request-id"]


def test_each_request_is_counted_and_logged_once(guard: Guard, tmp_path: Path) -> None:
    ask(guard)
    ask(guard, path="/some/secret")
    guard.service.log.flush()
    lines = [json.loads(line) for line in (tmp_path / "access.jsonl").read_text().splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [("/", 200), ("other", 404)]
    text = guard.service.metrics.text().decode()
    assert 'census_requests_total{route="/",status="200"} 1.0' in text
    assert 'census_requests_total{route="other",status="404"} 1.0' in text


def test_all_routes_have_names_in_the_log(guard: Guard) -> None:
    for path in ("/", "/v1/predictions", "/v1/predictions/csv", "/v1/model", "/v1/model/slices",
                 "/health/live", "/health/ready", "/metrics", "/ui", "/docs", "/openapi.json"):
        assert path in guard.routes


def test_without_a_free_place_a_request_is_refused(guard: Guard) -> None:
    guard.service.requests.taken = 2
    status, headers, body = ask(guard)
    assert status == 503 and headers[b"retry-after"] == b"1"
    assert json.loads(body)["request_id"] == headers[b"x-request-id"].decode()
    guard.service.requests.taken = 0
    assert ask(guard)[0] == 200


def test_a_service_that_stops_closes_each_connection(guard: Guard) -> None:
    guard.service.switch.is_draining = True
    assert ask(guard)[1][b"connection"] == b"close"
    assert ask(guard, path="/health/ready")[0] == 503


def test_a_fault_of_ours_is_answered_without_its_words(guard: Guard) -> None:
    def fail() -> None:
        raise RuntimeError("Xyzzy-7f3a")

    guard.service.holder.model = fail  # type: ignore[assignment, method-assign]
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError):
        asyncio.run(guard({"type": "http", "method": "GET", "path": "/v1/model", "headers": [],
                           "query_string": b"", "root_path": "", "raw_path": b"/v1/model"},
                          lambda: asyncio.sleep(60), send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 500 and b"Xyzzy" not in sent[1]["body"]
    assert json.loads(sent[1]["body"])["status"] == 500
