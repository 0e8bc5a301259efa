"""The application: every route answers, no GET changes anything, every refusal is a problem."""

import hashlib
import json
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sklearn.pipeline import Pipeline
from web_story import KEY, ROW, check_problem, told

from riskwatch.ledger import open_ledger
from riskwatch.records import Decision
from riskwatch.web import state_routes
from riskwatch.web.app import create_app
from riskwatch.web.headers import SAFE_HEADERS
from riskwatch.web.options import Options
from riskwatch.web.resources import BY_PATH
from riskwatch.workplace import Workplace

GETS = ["/", "/scoring", "/summarystats", "/diagnostics", "/health/live", "/health/ready",
        "/metrics", "/openapi.json", "/v1/runs/3", *BY_PATH]


@pytest.fixture(name="home", scope="module")
def told_home(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A workplace whose ledger tells the story."""
    return told(tmp_path_factory.mktemp("told") / "out")


@pytest.fixture(name="caller", scope="module")
def made_caller(home: Workplace) -> FlaskClient:
    """Somebody who asks the service without a server between."""
    return create_app(home).test_client()


@pytest.mark.parametrize("path", GETS)
def test_every_get_answers_twice_the_same_with_safe_headers(caller: FlaskClient, path: str
                                                            ) -> None:
    first, again = caller.get(path), caller.get(path)
    assert first.status_code == again.status_code == 200
    if path != "/metrics":
        assert first.data == again.data
        assert dict(first.headers) == dict(again.headers)  # the short way says the same
    for name in SAFE_HEADERS:
        assert name in first.headers
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
    assert "'unsafe" not in first.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", sorted({*BY_PATH, "/", "/scoring", "/v1/runs/3"}))
def test_who_has_it_gets_304_on_the_long_and_on_the_short_way(caller: FlaskClient, path: str
                                                              ) -> None:
    etag = caller.get(path).headers["ETag"]
    answer = caller.get(path, headers={"If-None-Match": etag})
    assert answer.status_code == 304 and answer.data == b"" and answer.headers["ETag"] == etag
    assert caller.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def everything(folder: Path) -> dict[str, str]:
    """Digests of all files, but what SQLite shares between processes."""
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()
            and not path.name.endswith("-shm")}


def test_no_get_writes_trains_starts_a_process_or_goes_to_the_network(
        home: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("a GET did what it must not")

    caller = create_app(home).test_client()
    caller.get("/v1/scores")  # opens the connections
    before = everything(home.out)
    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    monkeypatch.setattr(Pipeline, "fit", forbidden)
    for path in GETS:
        for question in ("", "?limit=1", "?order=oldest"):
            assert caller.get(path + question).status_code in (200, 422)
            assert caller.head(path + question).status_code in (200, 422)
    assert everything(home.out) == before


def test_what_is_written_is_seen_at_once(tmp_path: Path) -> None:
    place = told(tmp_path / "out")
    caller = create_app(place).test_client()
    etag = caller.get("/v1/decisions").headers["ETag"]
    page = caller.get("/").data
    with closing(open_ledger(place)) as ledger:
        ledger.append(Decision(kind="gate", action="refuse", reason="no better at all"))
    answer = caller.get("/v1/decisions", headers={"If-None-Match": etag})
    assert answer.status_code == 200 and answer.json is not None
    assert answer.json["items"][0]["reason"] == "no better at all"
    assert b"no better at all" in caller.get("/").data and b"no better at all" not in page


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/nowhere", 404), ("GET", "/v1//scores", 404), ("GET", "/v1/scores/", 404),
    ("GET", "/v1/runs/0", 404), ("GET", "/v1/runs/x", 404), ("GET", "/v1/runs/-1", 404),
    ("GET", f"/v1/runs/{'9' * 40}", 404), ("GET", "/v1/runs/²", 404),
    ("DELETE", "/v1/scores", 405), ("GET", "/v1/predictions", 405), ("PUT", "/", 405),
    ("GET", "/v1/scores?limit=0", 422), ("GET", "/v1/scores?moon=1", 422),
    ("GET", "/v1/drift?verdict=moon", 422), ("POST", "/v1/predictions", 415),
    ("POST", "/v1/cycles", 401), ("POST", "/v1/rollbacks", 401)])
def test_refusals_are_problems(caller: FlaskClient, method: str, path: str, status: int) -> None:
    answer = caller.open(path, method=method)
    problem = check_problem(answer, status)
    assert "moon" not in json.dumps(problem)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert status != 405 or "GET" in answer.headers["Allow"] or "POST" in answer.headers["Allow"]


def test_without_a_ledger_or_a_model_it_says_not_ready_and_lives(tmp_path: Path) -> None:
    caller = create_app(Workplace(tmp_path / "empty")).test_client()
    assert caller.get("/health/live").status_code == 200
    for path in ("/health/ready", "/v1/scores", "/", "/scoring"):
        answer = caller.get(path)
        assert "Retry-After" in answer.headers
        assert str(tmp_path) not in json.dumps(check_problem(answer, 503))
    check_problem(caller.post("/v1/predictions", json={"rows": [ROW]}), 503)
    assert caller.get("/metrics").status_code == 200 and not (tmp_path / "empty").exists()


def test_a_fault_of_ours_is_a_problem_without_details(home: Workplace,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(state_routes, "_newest", broken)
    caller = create_app(home).test_client()
    assert "secret" not in json.dumps(check_problem(caller.get("/scoring"), 500))


def test_places_are_given_back_after_every_kind_of_answer(home: Workplace) -> None:
    caller = create_app(home, Options(most_active=1)).test_client()
    for _ in range(3):
        for path in ("/v1/scores?limit=3", "/nowhere", "/v1/scores?limit=0", "/v1/runs/3"):
            assert caller.get(path).status_code != 503


def test_the_key_of_the_control_routes_is_asked_before_the_body(home: Workplace) -> None:
    caller = create_app(home, Options(control_key=SecretStr(KEY))).test_client()
    check_problem(caller.post("/v1/rollbacks", data=b"x" * 10), 401)
    answer = caller.post("/v1/rollbacks", data=b"{]", content_type="application/json",
                         headers={"Authorization": f"Bearer {KEY}"})
    check_problem(answer, 400)
