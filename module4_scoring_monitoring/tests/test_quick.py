"""The short way answers as the long way does, and leaves to it whatever is not plain."""

import io
import json
from typing import Any

import pytest
from web_story import ROW, told

from riskwatch.web.app import create_app
from riskwatch.web.quick import PATHS, QuickPath
from riskwatch.workplace import Workplace


@pytest.fixture(name="home", scope="module")
def told_home(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A workplace whose ledger tells the story."""
    return told(tmp_path_factory.mktemp("told") / "out")


def ways(home: Workplace) -> tuple[QuickPath, list[str]]:
    """Return a short way, and the list of what it left to a long way."""
    left: list[str] = []

    def long_way(asked: dict[str, Any], _: Any) -> tuple[bytes, ...]:
        left.append(f"{asked['REQUEST_METHOD']} {asked['PATH_INFO']}")
        return (asked["wsgi.input"].read(),)

    service = create_app(home).extensions["riskwatch"]
    return QuickPath(service, long_way), left


def environ(method: str, path: str, body: bytes = b"", **more: str) -> dict[str, Any]:
    """A request of WSGI."""
    return {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "",
            "wsgi.input": io.BytesIO(body), "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)), **more}


def test_kept_answers_and_their_headers_equal_those_of_the_long_way(home: Workplace) -> None:
    caller = create_app(home).test_client()
    for path in sorted(PATHS):
        for accept in ("*/*", "text/csv"):
            long, short = [caller.get(path, headers={"Accept": accept}) for _ in range(2)]
            assert long.status_code == short.status_code == 200
            assert long.data == short.data and dict(long.headers) == dict(short.headers)


def test_sound_rows_are_answered_at_once(home: Workplace) -> None:
    quick, left = ways(home)
    said: list[Any] = []
    body = b"".join(quick(environ("POST", "/v1/predictions", json.dumps({"rows": [ROW]}).encode()),
                          lambda status, headers: said.append((status, dict(headers)))))
    assert not left and said[0][0] == "200 OK" and len(json.loads(body)["predictions"]) == 1
    assert said[0][1]["Content-Length"] == str(len(body))
    long = create_app(home).test_client().post(
        "/v1/predictions", json={"rows": [ROW]}, content_type="application/json; charset=utf-8")
    assert long.data == body
    assert {name: long.headers[name] for name in said[0][1]} == said[0][1]


@pytest.mark.parametrize("request_", [
    environ("POST", "/v1/predictions", b"{]"), environ("POST", "/v1/predictions", b'{"rows":[]}'),
    environ("POST", "/v1/predictions", b"x", CONTENT_TYPE="text/csv"),
    environ("POST", "/v1/predictions", b"x", CONTENT_LENGTH="99999"),
    environ("POST", "/v1/predictions", b"x", CONTENT_LENGTH="-1"),
    environ("POST", "/v1/predictions", b"x", CONTENT_LENGTH="\u0661"),
    environ("POST", "/v1/predictions", b"x", HTTP_TRANSFER_ENCODING="chunked"),
    environ("POST", "/v1/predictions", b"x", HTTP_CONTENT_ENCODING="gzip"),
    environ("GET", "/v1/scores", HTTP_IF_NONE_MATCH='"x"'), environ("GET", "/v1/scores"),
    environ("HEAD", "/v1/scores"), environ("POST", "/prediction", b"x")])
def test_all_else_goes_the_long_way_with_its_body(home: Workplace, request_: dict[str, Any]
                                                  ) -> None:
    quick, left = ways(home)
    body = request_["wsgi.input"].getvalue()
    assert b"".join(quick(request_, None)) == body
    assert left == [f"{request_['REQUEST_METHOD']} {request_['PATH_INFO']}"]
    request_["wsgi.input"] = io.BytesIO(body)
