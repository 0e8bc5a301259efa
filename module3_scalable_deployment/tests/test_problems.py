"""Refusals say what is wrong in our words and never in the caller's."""

import json

import pytest
from pydantic import TypeAdapter, ValidationError

from census.serving.payloads import Person
from census.serving.problems import (Problem, from_validation, problem_bytes, problem_response,
                                     too_busy)

MARK = "Xyzzy-7f3a"


def test_a_refusal_has_the_members_of_its_standard() -> None:
    content = json.loads(problem_bytes(Problem(422, "No.", [("/age", "too old")]), "id-1"))
    assert content == {"type": "about:blank", "title": "Unprocessable Entity", "status": 422,
                       "detail": "No.", "request_id": "id-1",
                       "errors": [{"pointer": "/age", "rule": "too old"}]}


def test_only_the_first_faults_are_said() -> None:
    problem = Problem(422, "No.", [("/age", "x")] * 5000)
    assert len(json.loads(problem_bytes(problem, "id-1"))["errors"]) == 20


def test_a_busy_service_says_when_to_come_back() -> None:
    answer = problem_response(too_busy("Later."), "id-1")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "1"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("body", "status"), [
    (f'[{{"{MARK}": 1}}]', 422), (f'[{{"age": "{MARK}"}}]', 422), (f'[{{"sex": "{MARK}"}}]', 422),
    (f'["{MARK}"]', 422), (f'{{"{MARK}', 400), (f'"{MARK}"', 422)])
def test_nothing_that_was_sent_is_repeated(body: str, status: int) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(list[Person]).validate_json(body)
    problem = from_validation(caught.value)
    assert problem.status == status
    assert MARK not in problem_bytes(problem, "id-1").decode()
    assert status == 400 or problem.errors
