"""The API as its users meet it: requests against a real running server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running_service import Running, check_problem, service
from served_models import POOR, RICH, probability, release_into

from census.schema import FEATURES


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
