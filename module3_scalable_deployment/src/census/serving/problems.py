"""Refusals: what is wrong and what to do, in the format of RFC 9457, never the input itself.

In: a status and plain words. Out: an ``application/problem+json`` response. The words are ours:
text that a caller sent could break the answer, or show one caller what another wrote.

References
----------
RFC 9457, "Problem Details for HTTP APIs".
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from census.schema import INPUTS

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS, _MOST_LOOKED_AT = 20, 200
_KNOWN = frozenset(INPUTS)


class Fault(BaseModel):
    """One place of the input and the rule that it breaks."""

    model_config = ConfigDict(extra="forbid")

    pointer: str = Field(description="JSON pointer, or line and column of a CSV file")
    rule: str


class ProblemBody(BaseModel):
    """A refusal."""

    model_config = ConfigDict(extra="forbid", title="Problem")

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[Fault] = Field(default_factory=list, description="the first faults found")


class Problem(Exception):
    """A refusal on its way to the caller.

    Parameters
    ----------
    status : int
        Of HTTP, 4xx or 5xx.
    detail : str
        What is wrong and what to do, in our words.
    errors : sequence of (str, str)
        Pointer and rule of each fault.
    headers : mapping of str to str, optional
    """

    def __init__(self, status: int, detail: str, errors: Sequence[tuple[str, str]] = (),
                 headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers = dict(headers or {})


def problem_bytes(problem: Problem, request_id: str) -> bytes:
    """Return the body of a refusal as ASCII JSON."""
    content: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(problem.status).phrase,
        "status": problem.status, "detail": problem.detail, "request_id": request_id}
    if problem.errors:
        content["errors"] = [{"pointer": pointer, "rule": rule}
                             for pointer, rule in problem.errors[:_MOST_ERRORS]]
    return json.dumps(content).encode("ascii")


def problem_response(problem: Problem, request_id: str) -> Response:
    """Return a refusal as a response."""
    return Response(problem_bytes(problem, request_id), problem.status, problem.headers,
                    MEDIA_TYPE)


def too_busy(detail: str) -> Problem:
    """Return the refusal of a service that has no room at the moment."""
    return Problem(503, detail, headers={"Retry-After": "1"})


def from_validation(err: ValidationError) -> Problem:
    """Return the refusal of a JSON body: 400 when it is no JSON, else 422 with the faults.

    Parameters
    ----------
    err : pydantic.ValidationError

    Returns
    -------
    Problem
    """
    if err.error_count() > _MOST_LOOKED_AT:
        return Problem(422, "The body breaks the schema in very many places; see /docs.")
    found = err.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return Problem(400, "The body is not JSON as RFC 8259 defines it.")
    return Problem(422, "The body breaks the schema; see /docs for each field's rule.",
                   [(_pointer(fault["loc"]), _rule(fault["type"], fault["msg"]))
                    for fault in found[:_MOST_ERRORS]])


def _pointer(place: Sequence[int | str]) -> str:
    """Return the place of a fault; a name that the schema does not know stays unsaid."""
    return "".join(f"/{part}" if isinstance(part, int) or part in _KNOWN else "/?"
                   for part in place) or "/"


def _rule(kind: str, message: str) -> str:
    rules = {"extra_forbidden": "no such field", "missing": "this field is required"}
    return rules.get(kind, message)
