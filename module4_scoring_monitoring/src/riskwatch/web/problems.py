"""Refusals: what is wrong and what to do, in the format of RFC 9457, never the input itself.

In: a status and plain words. Out: an ``application/problem+json`` response. The words are ours:
text that a caller sent could break the answer, or show one caller what another one wrote.

References
----------
RFC 9457, "Problem Details for HTTP APIs".
"""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from riskwatch.errors import RiskwatchError

LOGGER = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 20
#: What Flask itself refuses, in our words; anything else gets the phrase of its status.
_DETAILS = {
    404: "There is nothing at this address; see /openapi.json.",
    405: "This address does not take that method; see the header Allow.",
    413: "The body is too large; send it in parts.",
}


class Problem(Exception):
    """A refusal on its way to the caller.

    Parameters
    ----------
    status : int
        Of HTTP, 4xx or 5xx.
    detail : str
        What is wrong and what to do, in our words.
    errors : sequence of (str, str)
        Place and rule of each fault.
    headers : mapping of str to str, optional
    """

    def __init__(self, status: int, detail: str, errors: Sequence[tuple[str, str]] = (),
                 headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers = dict(headers or {})


def problem_response(problem: Problem) -> Response:
    """Return a refusal as a response; its body is ASCII."""
    content: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(problem.status).phrase,
        "status": problem.status, "detail": problem.detail}
    if problem.errors:
        content["errors"] = [{"pointer": place, "rule": rule}
                             for place, rule in problem.errors[:_MOST_ERRORS]]
    return Response(json.dumps(content), problem.status, problem.headers, content_type=MEDIA_TYPE)


def answer_with_problems(app: Flask) -> None:
    """Make every refusal and every fault of ``app`` a problem, never a page of HTML."""
    app.register_error_handler(Problem, problem_response)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(RiskwatchError, _from_fault)
    app.register_error_handler(Exception, _from_anything)


def _from_http(err: HTTPException) -> Response:
    status = err.code or 500
    headers = {}
    allowed = getattr(err, "valid_methods", None)
    if allowed:
        headers["Allow"] = ", ".join(sorted(allowed))
    detail = _DETAILS.get(status, f"{HTTPStatus(status).phrase}.")
    return problem_response(Problem(status, detail, headers=headers))


def _from_fault(err: RiskwatchError) -> Response:
    # The text names paths of this machine, so it stands in the log only.
    LOGGER.error("answered 503: %s", err)
    return problem_response(Problem(503, "The ledger or a release cannot be read at the moment; "
                                    "the log of the service says why.",
                                    headers={"Retry-After": "5"}))


def _from_anything(err: Exception) -> Response:
    LOGGER.exception("answered 500", exc_info=err)
    return problem_response(Problem(500, "This is a fault of the service; it stands in its log."))
