"""What is sent: predictions that equal scikit-learn, the course's answer, no paths of files."""

import pytest
from flask.testing import FlaskClient
from web_story import ROW, check_problem, fitted, told

from riskwatch.web.app import create_app
from riskwatch.web.holder import by_arrays

HOLES = {**ROW, "lastmonth_activity": None}


@pytest.fixture(name="caller", scope="module")
def made_caller(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Somebody who asks the service without a server between."""
    return create_app(told(tmp_path_factory.mktemp("told") / "out")).test_client()


@pytest.mark.parametrize("count", [1, 2, 100, 500])
def test_predictions_are_those_of_the_release(caller: FlaskClient, count: int) -> None:
    rows = [ROW, HOLES] * count
    answer = caller.post("/v1/predictions", json={"rows": rows}).json or {}
    right = by_arrays(fitted("logistic_regression", 2), [tuple(row.values()) for row in rows])
    found = [row["probability"] for row in answer["predictions"]]
    assert found == pytest.approx(right, abs=1e-9)
    assert [row["exited"] for row in answer["predictions"]] == [int(p >= 0.5) for p in right]
    assert answer["threshold"] == 0.5
    ready = caller.get("/health/ready").json or {}
    assert answer["model_version"] == ready["model_version"]


def test_the_course_gets_its_list(caller: FlaskClient) -> None:
    answer = caller.post("/prediction", json={"rows": [ROW, HOLES]})
    right = by_arrays(fitted("logistic_regression", 2), [tuple(ROW.values())])
    assert answer.json is not None and answer.json[0] == int(right[0] >= 0.5)
    assert len(answer.json) == 2


@pytest.mark.parametrize("path", ["/prediction", "/v1/predictions"])
def test_a_path_of_a_file_is_no_row(caller: FlaskClient, path: str) -> None:
    for content in ("/etc/passwd", {"filepath": "/etc/passwd"}, {"rows": "/etc/passwd"}):
        problem = check_problem(caller.post(path, json=content), 422)
        assert "passwd" not in str(problem)


def test_a_key_is_needed_to_change_anything(caller: FlaskClient) -> None:
    for path in ("/v1/cycles", "/v1/rollbacks"):
        check_problem(caller.post(path), 401)
        check_problem(caller.post(path, headers={"Authorization": "Bearer x"}), 403)
