"""Bad requests against a real running server: each is refused in our words, none breaks it."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from running_service import Running, check_problem, fresh_service
from served_models import POOR

from census.schema import FEATURES

MARK = "Xyzzy-7f3a"


@pytest.fixture(scope="module", name="running")
def running_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that serves one release."""
    with fresh_service(tmp_path_factory) as found:
        yield found


WRONG: list[Any] = [None, True, "", "1", MARK, -1, 10**30, 1.5, [], [1], {}, {"a": 1}, "\ud800",
                    math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("name", POOR)
def test_no_field_takes_a_wrong_value(running: Running, name: str) -> None:
    """Each refusal names the field, and never repeats what was sent."""
    for value in WRONG:
        text = json.dumps({**POOR, name: value})
        for body in (text, f"[{text}]"):
            answer = requests.post(running.address + "/v1/predictions", body, timeout=10,
                                   headers={"content-type": "application/json"})
            assert answer.status_code in (400, 422), (value, answer.text)
            problem = check_problem(answer, answer.status_code)
            assert MARK not in answer.text
            if answer.status_code == 422:
                assert any(f"/{name}" in fault["pointer"] for fault in problem["errors"])


@pytest.mark.parametrize("name", FEATURES)
def test_no_feature_may_be_absent(running: Running, name: str) -> None:
    answer = running.post({key: value for key, value in POOR.items() if key != name})
    assert check_problem(answer, 422)["errors"] == [
        {"pointer": f"/{name}", "rule": "this field is required"}]


GOOD = json.dumps(POOR)
BODIES = {
    "nothing": (b"", 400), "no JSON": (b"{" + MARK.encode(), 400), "a text": (b'"age"', 422),
    "a number": (b"1", 422), "null": (b"null", 422), "an empty list": (b"[]", 422),
    "not UTF-8": (GOOD.encode().replace(b"Female", b"\xff"), None),
    "UTF-16": (GOOD.encode("utf-16"), 400), "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(),
                                                                  400),
    "an unknown field": (GOOD.replace('"age"', f'"{MARK}"').encode(), 422),
    "underscores": (GOOD.replace("education-num", "education_num").encode(), 422),
    "a field twice": (GOOD.replace("{", '{"age": 20, ', 1).encode(), 400),
    "a field twice in a list": (f"[{GOOD},{GOOD[:-1]}, \"sex\": \"Male\"}}]".encode(), 400),
    "a field twice, once escaped": (GOOD.replace("{", '{"\\u0061ge": 20, ', 1).encode(), None),
    "huge number": (GOOD.replace("19", "1e400").encode(), 422),
    "endless digits": (GOOD.replace("19", "1" * 5000).encode(), None),
    "deep lists": (b"[" * 100_000, 400), "deep objects": (b'{"a":' * 50_000, 422),
    "deep inside": (GOOD.replace("19", "[" * 900 + "]" * 900).encode(), None),
    "1,001 people": (f"[{','.join([GOOD] * 1001)}]".encode(), 422),
    "people in people": (f"[[{GOOD}]]".encode(), 422), "trailing": (GOOD.encode() + b" x", 400),
    "two bodies": (GOOD.encode() * 2, 400), "a NUL": (GOOD.encode() + b"\0", 400),
    "disagreeing education": (GOOD.replace('"7th-8th"', '"Masters"').encode(), 422),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_bad_body_is_refused(running: Running, kind: str) -> None:
    body, status = BODIES[kind]
    answer = requests.post(running.address + "/v1/predictions", body, timeout=10,
                           headers={"content-type": "application/json"})
    assert answer.status_code == status or (status is None and answer.status_code in (400, 422))
    check_problem(answer, answer.status_code)
    assert MARK not in answer.text and len(answer.content) < 4000


@pytest.mark.parametrize(("headers", "status"), [
    ({"content-type": "text/plain"}, 415), ({"content-type": ""}, 415),
    ({"content-type": "application/json; charset=latin-1"}, 415),
    ({"content-type": "application/xml"}, 415),
    ({"content-type": "application/json", "content-encoding": "gzip"}, 415),
    ({"content-type": "Application/JSON; charset=UTF-8"}, 200)])
def test_only_plain_json_is_read(running: Running, headers: dict[str, str], status: int) -> None:
    answer = requests.post(running.address + "/v1/predictions", GOOD, headers=headers, timeout=10)
    assert answer.status_code == status
    if status != 200:
        check_problem(answer, status)


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/nothing", 404), ("GET", "/v1/model/../../etc/passwd", 404), ("PUT", "/", 405),
    ("DELETE", "/v1/predictions", 405), ("GET", "/v1/predictions", 405),
    ("POST", "/metrics", 405), ("TRACE", "/", 405)])
def test_other_addresses_and_methods_are_refused(running: Running, method: str, path: str,
                                                 status: int) -> None:
    answer = requests.request(method, running.address + path, timeout=10)
    check_problem(answer, status)
    assert ("allow" in answer.headers) == (status == 405)
