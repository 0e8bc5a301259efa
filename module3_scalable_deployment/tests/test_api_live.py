"""The API as its users meet it: requests against a real running server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from served_models import (POOR, RICH, Running, check_problem, csv_of, form, release_into,
                           service)

from census.schema import FEATURES
from census.serving.scorer import Scorer

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
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store" and "server" not in headers


def test_a_sensible_request_id_is_kept_and_another_replaced(running: Running) -> None:
    for sent, is_kept in (("abc-123", True), ("a b", False), ('"}', False), ("x" * 65, False)):
        answer = running.post(POOR, headers={"x-request-id": sent})
        assert (answer.json()["request_id"] == sent) == is_kept
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
