"""The API as its users meet it: requests against a real running server."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from served_models import POOR, RICH, Running, csv_of, form, release_into, service

from census.schema import FEATURES
from census.serving.scorer import Scorer

PROBLEM = "application/problem+json"
MARK = "Xyzzy-7f3a"


@pytest.fixture(scope="module", name="home")
def home_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release."""
    folder = tmp_path_factory.mktemp("home")
    release_into(folder)
    return folder


@pytest.fixture(scope="module", name="running")
def running_fixture(home: Path) -> Iterator[Running]:
    """A service that serves it."""
    with service(home) as found:
        yield found


def probability(person: dict[str, Any]) -> float:
    """Return what the model says of a person, without the service."""
    return Scorer(form()).probability([person[name] for name in FEATURES])


def check_problem(answer: requests.Response, status: int) -> dict[str, Any]:
    """Check that a refusal is one of RFC 9457, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status and problem["type"] == "about:blank"
    assert problem["title"] and problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem


def test_the_greeting_says_what_this_is(running: Running) -> None:
    answer = running.get("/")
    assert answer.status_code == 200
    assert answer.json()["greeting"].startswith("Welcome!")
    assert answer.json()["documentation"] == "/docs"


@pytest.mark.parametrize(("person", "label"), [(POOR, "<=50K"), (RICH, ">50K")],
                         ids=["earns less", "earns more"])
def test_each_class_is_predicted(running: Running, home: Path, person: dict[str, Any],
                                 label: str) -> None:
    answer = running.post(person)
    assert answer.status_code == 200
    assert answer.json() == {
        "label": label, "probability": probability(person), "threshold": 0.4,
        "model_version": (home / "releases" / "current").readlink().name,
        "request_id": answer.headers["x-request-id"]}


def test_a_list_is_answered_in_its_order(running: Running) -> None:
    answer = running.post([POOR, RICH] * 500)
    assert answer.status_code == 200
    assert answer.json()["predictions"] == [
        {"label": "<=50K", "probability": probability(POOR)},
        {"label": ">50K", "probability": probability(RICH)}] * 500


def test_fields_come_in_any_order_and_the_unused_may_be_absent(running: Running) -> None:
    few = {name: POOR[name] for name in reversed(FEATURES)}
    assert running.post(few).json()["probability"] == probability(POOR)


def test_a_whole_number_may_be_written_with_a_point(running: Running) -> None:
    """JSON does not tell 19 from 19.0; 19.5 is no age."""
    answer = running.post({**POOR, "age": 19.0})
    assert answer.json()["probability"] == probability(POOR)
    check_problem(running.post([{**POOR, "age": 19.0}, {**POOR, "age": 19.5}]), 422)


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
    "deep lists": (b"[" * 100_000, 400), "deep objects": (b'{"a":' * 50_000, 400),
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


def test_a_csv_file_is_answered_line_by_line(running: Running, home: Path) -> None:
    answer = requests.post(running.address + "/v1/predictions/csv", csv_of([POOR, RICH] * 3000),
                           headers={"content-type": "text/csv"}, timeout=20)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert lines[:3] == ["row,label,probability", f"1,<=50K,{probability(POOR)!r}",
                         f"2,>50K,{probability(RICH)!r}"]
    assert len(lines) == 6001 and lines[-1] == f"6000,>50K,{probability(RICH)!r}"
    assert answer.headers["x-row-count"] == "6000" and answer.headers["x-threshold"] == "0.4"
    current = (home / "releases" / "current").readlink().name
    assert answer.headers["x-model-version"] == current


def test_a_fault_in_the_last_line_of_a_csv_file_refuses_all_of_it(running: Running) -> None:
    bad = csv_of([POOR] * 5000 + [{**POOR, "race": MARK}])
    answer = requests.post(running.address + "/v1/predictions/csv", bad, timeout=20,
                           headers={"content-type": "text/csv"})
    fault = check_problem(answer, 422)["errors"][0]
    assert fault["pointer"] == "line 5002, column race" and fault["rule"].startswith("one of ")
    assert MARK not in answer.text


def test_the_model_says_what_it_is(running: Running) -> None:
    model = running.get("/v1/model").json()
    assert model["model_name"] == "hist_gradient_boosting" and model["threshold"] == 0.4
    assert model["metrics"] == {"roc_auc": 0.9} and set(model["reference"]) == set(FEATURES)
    assert running.get("/v1/model/slices").json() == {"slices": [1, 2]}
    assert running.get("/v1/model/fairness").json() == {"findings": []}


def test_health_and_counters(running: Running) -> None:
    assert running.get("/health/live").json() == {"status": "live"}
    assert running.get("/health/ready").json()["status"] == "ready"
    before = _count(running, 'census_predictions_total{label=">50K"}')
    running.post([RICH, POOR, RICH])
    assert _count(running, 'census_predictions_total{label=">50K"}') == before + 2
    running.get("/" + MARK)
    text = running.get("/metrics").text
    assert MARK not in text and 'route="other"' in text


def _count(running: Running, name: str) -> float:
    lines = running.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(name)).split()[-1])


def test_every_answer_carries_the_headers_of_safety(running: Running) -> None:
    for path in ("/", "/ui", "/docs", "/nothing", "/v1/model"):
        headers = running.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-frame-options"] == "DENY" and "server" not in headers


def test_a_sensible_request_id_is_kept_and_another_replaced(running: Running) -> None:
    for sent, is_kept in (("abc-123", True), ("a b", False), ('"}', False), ("x" * 65, False)):
        answer = running.post(POOR, headers={"x-request-id": sent})
        assert (answer.json()["request_id"] == sent) == is_kept
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
