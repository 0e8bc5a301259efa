"""Health, the course's GETs and the counters say what the ledger says."""

import pytest
from flask.testing import FlaskClient
from web_story import ROW, check_problem, released, told

from riskwatch.schema import FEATURES
from riskwatch.store import point_current
from riskwatch.web.app import create_app
from riskwatch.workplace import Workplace


@pytest.fixture(name="home")
def told_home(tmp_path: object) -> Workplace:
    """A workplace whose ledger tells the story."""
    return told(tmp_path / "out")  # type: ignore[operator]


@pytest.fixture(name="caller")
def made_caller(home: Workplace) -> FlaskClient:
    """Somebody who asks the service without a server between."""
    return create_app(home).test_client()


def test_the_course_gets_its_three_answers(caller: FlaskClient) -> None:
    score = caller.get("/scoring").json or {}
    assert (score["f1"], score["f1_low"], score["f1_high"]) == (0.75, 0.65, 0.85)
    assert caller.get("/summarystats").json == {FEATURES[0]: {"mean": 62.0}}
    checks = caller.get("/diagnostics").json or []
    assert [(row["check"], row["status"]) for row in checks] == [
        ("missing_share", "failed"), ("package", "unknown")]


def test_it_is_not_ready_while_it_stops(caller: FlaskClient) -> None:
    caller.application.extensions["riskwatch"].switch.is_draining = True
    assert "Retry-After" in caller.get("/health/ready").headers
    check_problem(caller.get("/health/ready"), 503)
    assert caller.get("/health/live").status_code == caller.get("/scoring").status_code == 200


def test_ready_names_the_release_and_a_refused_one(home: Workplace, caller: FlaskClient) -> None:
    ready = caller.get("/health/ready").json or {}
    assert ready["refused_version"] is None
    bad = released(home, seed=3)
    (home.releases / bad / "manifest.json").write_bytes(b"{}")
    point_current(home, bad)
    again = caller.get("/health/ready").json or {}
    assert again == {**ready, "refused_version": bad}
    assert caller.post("/v1/predictions", json={"rows": [ROW]}).status_code == 200


def test_a_ledger_that_is_gone_is_not_ready(home: Workplace, caller: FlaskClient) -> None:
    home.ledger.rename(home.ledger.with_suffix(".away"))
    check_problem(caller.get("/health/ready"), 503)
    assert caller.get("/health/live").status_code == 200


def test_counters_count_what_was_asked(caller: FlaskClient) -> None:
    for path in ("/v1/scores", "/v1/scores", "/nowhere", "/also/nowhere"):
        caller.get(path)
    caller.post("/v1/predictions", json={"rows": [ROW] * 5})
    text = caller.get("/metrics").text
    for line in ('riskwatch_requests_total{route="/v1/scores",status="200"} 2.0',
                 'riskwatch_requests_total{route="(none)",status="404"} 2.0',
                 'riskwatch_predictions_total{exited="0"} 5.0',
                 'riskwatch_release_changes_total{result="taken"} 1.0',
                 'riskwatch_latest_f1{subject="hold_out"} 0.75'):
        assert line in text, line
    assert "nowhere" not in text and 'riskwatch_latest_run_end{outcome="done"} 11.0' in text
