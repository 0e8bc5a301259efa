"""Bodies are read strictly, and refusals never show what was sent."""

import json
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st
from web_story import ROW

from riskwatch.web.payloads import MOST_ROWS, parse_rows, read_reason, read_rows
from riskwatch.web.problems import Problem

APP = Flask("x")
APP.config["MAX_CONTENT_LENGTH"] = 10_001
VALUES = (78, 1024, 12)


def body(**changes: Any) -> bytes:
    """A body of one row with changes."""
    return json.dumps({"rows": [{**ROW, **changes}]}).encode()


def test_rows_come_in_the_order_of_the_schema() -> None:
    turned = json.dumps({"rows": [dict(reversed(ROW.items())), {**ROW, "corporation": "abcd",
                                                                "lastmonth_activity": None}]})
    assert parse_rows(turned.encode()) == [VALUES, (None, *VALUES[1:])]
    assert parse_rows(body(lastyear_activity=1024.0)) == [VALUES]


TWICE = body().replace(b"lastyear", b"lastmonth")


@pytest.mark.parametrize("text", [
    b"", b"x", b"NaN", b"[1,]", b"\xff", b"\xef\xbb\xbf{}", b"[" * 100_000, b"9" * 5000, TWICE,
    b'{"rows":[],"rows":[]}', body() + b"x",
    *(body().replace(b"78", number) for number in (b"NaN", b"Infinity", b"-Infinity", b"1e400"))])
def test_what_is_no_json_is_400(text: bytes) -> None:
    with pytest.raises(Problem) as caught:
        parse_rows(text)
    assert caught.value.status == 400


@pytest.mark.parametrize("text", [
    b"1", b"null", b"{}", b'{"rows":[]}', b'{"rows":"/etc/passwd"}', b'{"rows":[{}]}',
    b'{"filepath":"/etc/passwd"}', body(lastmonth_activity=-1), body(lastmonth_activity=10**9),
    body(lastmonth_activity=True), body(lastmonth_activity="78"), body(lastmonth_activity=1.5),
    body(secret=1), body(exited=1), body(corporation="ABCD"), body(corporation="\ud800"),
    json.dumps({"rows": [ROW] * (MOST_ROWS + 1)}).encode()])
def test_what_breaks_the_schema_is_422_and_is_not_repeated(text: bytes) -> None:
    with pytest.raises(Problem) as caught:
        parse_rows(text)
    assert caught.value.status == 422 and caught.value.errors
    said = caught.value.detail + json.dumps(caught.value.errors)
    assert not any(word in said for word in ("secret", "passwd", "ABCD", "ud800", "filepath"))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([*ROW, "corporation", "rows", "x"]), inner, max_size=4), max_leaves=8)


@given(JSON_VALUES)
def test_any_json_is_rows_or_a_problem(content: Any) -> None:
    for sent in (content, {"rows": [content]}, {"rows": [{**ROW, "corporation": content}]}):
        try:
            rows = parse_rows(json.dumps(sent).encode())
        except Problem as problem:
            assert problem.status in (400, 422)
            json.dumps(problem.errors).encode("ascii")
            continue
        assert all(value is None or 0 <= value < 10**9 for row in rows for value in row)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_problem(content: bytes) -> None:
    with pytest.raises(Problem):
        parse_rows(content)


def refused(**options: Any) -> int:
    """Return the status with which a request is refused."""
    with APP.test_request_context("/", method="POST", **options), pytest.raises(Problem) as caught:
        read_rows(request)
    return caught.value.status


def test_headers_alone_can_refuse() -> None:
    assert refused(data=body(), content_type="text/csv") == 415
    assert refused(data=body(), headers={"Content-Encoding": "gzip"},
                   content_type="application/json") == 415
    assert refused(data=b" " * 10_001, content_type="application/json") == 413
    with APP.test_request_context("/", method="POST", data=body(),
                                  content_type="application/json; charset=utf-8"):
        assert read_rows(request) == [VALUES]


def test_a_reason_is_short_plain_text() -> None:
    def reason(content: Any) -> str:
        with APP.test_request_context("/", method="POST", json=content):
            return read_reason(request)

    assert reason({"reason": "it was worse"}) == "it was worse"
    with APP.test_request_context("/", method="POST"):
        assert "API" in read_reason(request)
    for wrong in ({"reason": ""}, {"reason": "a\nb"}, {"reason": "x" * 201}, {"why": "x"}, []):
        with pytest.raises(Problem):
            reason(wrong)
