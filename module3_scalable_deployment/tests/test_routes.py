"""What each address answers: files, facts of the model, health and counters."""

from collections.abc import Iterator

import pytest
import requests
from running_service import Running, check_problem, connect, csv_of, fresh_service, wait_for
from served_models import POOR, RICH, probability

from census.schema import FEATURES

MARK = "Xyzzy-7f3a"


@pytest.fixture(scope="module", name="running")
def running_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with all documents of a release."""
    with fresh_service(tmp_path_factory) as found:
        yield found


def test_a_csv_file_is_answered_line_by_line(running: Running) -> None:
    answer = requests.post(running.address + "/v1/predictions/csv", csv_of([POOR, RICH] * 3000),
                           headers={"content-type": "text/csv"}, timeout=20)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert lines[:3] == ["row,label,probability", f"1,<=50K,{probability(POOR)!r}",
                         f"2,>50K,{probability(RICH)!r}"]
    assert len(lines) == 6001 and lines[-1] == f"6000,>50K,{probability(RICH)!r}"
    assert answer.headers["x-row-count"] == "6000" and answer.headers["x-threshold"] == "0.4"
    current = (running.folder / "releases" / "current").readlink().name
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


def test_only_so_many_uploads_are_taken_at_a_time(running: Running) -> None:
    """Two uploads that never end hold both places; the third is told to come back."""
    head = (b"POST /v1/predictions/csv HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
            b"Content-Length: 100000\r\n\r\nage,")
    held = [connect(running) for _ in range(2)]
    for connection in held:
        connection.sendall(head)

    def third() -> requests.Response:
        return requests.post(running.address + "/v1/predictions/csv", csv_of([POOR]), timeout=10,
                             headers={"content-type": "text/csv"})

    wait_for(lambda: third().status_code == 503)
    assert check_problem(third(), 503) and third().headers["retry-after"] == "1"
    assert running.post(POOR).status_code == 200
    for connection in held:
        connection.close()
    wait_for(lambda: third().status_code == 200)
