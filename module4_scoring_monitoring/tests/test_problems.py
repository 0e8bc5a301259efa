"""Refusals follow RFC 9457 and are ASCII, whatever went wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort

from riskwatch.errors import LedgerError
from riskwatch.web.problems import Problem, answer_with_problems, problem_response


def test_a_problem_carries_what_rfc_9457_wants() -> None:
    response = problem_response(Problem(422, "no", [(f"/{n}", "rule") for n in range(30)],
                                        {"Retry-After": "1"}))
    content = response.get_json(force=True)
    assert response.content_type == "application/problem+json"
    assert {name: content[name] for name in ("type", "title", "status", "detail")} == {
        "type": "about:blank", "title": "Unprocessable Entity", "status": 422, "detail": "no"}
    assert len(content["errors"]) == 20 and response.headers["Retry-After"] == "1"


def fail(err: Exception) -> Callable[[], str]:
    """Return a view that raises."""
    def view() -> str:
        raise err
    return view


@pytest.mark.parametrize(("view", "status"), [
    (fail(Problem(409, "busy")), 409), (fail(LedgerError("/secret/path: locked")), 503),
    (fail(RuntimeError("secret")), 500), (lambda: abort(418), 418), (lambda: abort(413), 413)])
def test_every_fault_becomes_a_problem_that_keeps_secrets(view: Any, status: int) -> None:
    app = Flask("x")
    app.add_url_rule("/", "view", view)
    answer_with_problems(app)
    answer = app.test_client().get("/")
    assert answer.status_code == status and answer.content_type == "application/problem+json"
    assert b"secret" not in answer.data and answer.json["status"] == status  # type: ignore
