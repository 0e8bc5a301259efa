"""What callers send as JSON, read strictly: models made from the schema, and nothing else.

In: the bytes of a body. Out: rows of numbers, or a refusal that never shows what was sent.
The models are made from `riskwatch.schema`, so the service takes what a drop may hold.
"""

import json
import math
from collections.abc import Sequence
from typing import Annotated, Any

from flask import Request, current_app
from pydantic import (BaseModel, ConfigDict, FailFast, Field, TypeAdapter, ValidationError,
                      create_model)
from werkzeug.exceptions import HTTPException

from riskwatch.schema import BY_NAME, CORPORATION, CORPORATION_PATTERN, FEATURES
from riskwatch.web.answers import JSON
from riskwatch.web.problems import Problem

MOST_ROWS = 1000
Row = tuple[int | None, ...]
#: One made-up corporation, for the documentation.
EXAMPLE = {"corporation": "abcd", "lastmonth_activity": 78, "lastyear_activity": 1024,
           "number_of_employees": 12}
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_EXTRA: Any = {"example": EXAMPLE}


def _field(name: str) -> tuple[Any, Any]:
    column = BY_NAME[name]
    if name == CORPORATION:
        kind: Any = Annotated[str, Field(pattern=f"^{CORPORATION_PATTERN.pattern}$")] | None
        return kind, Field(None, description=f"{column.meaning}; no model sees it")
    kind = Annotated[int, Field(ge=column.minimum, le=column.maximum)] | None
    return kind, Field(description=f"{column.meaning}; null where it is missing")


# Features first and in order: the values are taken as they stand.
_FIELDS: dict[str, Any] = {name: _field(name) for name in (*FEATURES, CORPORATION)}
Corporation: Any = create_model(
    "Corporation", __config__=ConfigDict(**_STRICT, json_schema_extra=_EXTRA), **_FIELDS)


class PredictionRequest(BaseModel):
    """Corporations to score: their rows, never the path of a file."""

    model_config = _STRICT

    rows: Annotated[list[Corporation], Field(min_length=1, max_length=MOST_ROWS), FailFast()]


class ControlRequest(BaseModel):
    """Why something is changed, for the history."""

    model_config = _STRICT

    reason: Annotated[str, Field(pattern="^[ -~]{1,200}$")] = "asked for through the API"


class Prediction(BaseModel):
    """The answer for one row."""

    model_config = ConfigDict(extra="forbid")

    probability: Annotated[float, Field(ge=0, le=1, description="that the contract ends")]
    exited: Annotated[int, Field(ge=0, le=1, description="1 from the threshold on")]


class PredictionAnswer(BaseModel):
    """The answers, in the order of the rows, and the release that gave all of them."""

    model_config = ConfigDict(extra="forbid")

    predictions: list[Prediction]
    threshold: float
    model_version: str


_PREDICTION, _CONTROL = TypeAdapter(PredictionRequest), TypeAdapter(ControlRequest)
_KNOWN = frozenset((*FEATURES, CORPORATION, "rows", "reason"))


def read_rows(request: Request) -> Sequence[Row]:
    """Return the rows of a request for predictions.

    Parameters
    ----------
    request : Request

    Returns
    -------
    sequence of tuple
        The features in the schema's order; None where missing.

    Raises
    ------
    Problem
        413, 415; 400 when the body is no JSON or names a field twice; 422 when it breaks the
        schema.
    """
    return parse_rows(_body(request))


def parse_rows(body: bytes) -> Sequence[Row]:
    """Return the rows of a body; refusals as `read_rows` has them."""
    found = _validated(_PREDICTION, _parse(body))
    count = len(FEATURES)
    return [tuple(row.__dict__.values())[:count] for row in found.rows]


def read_reason(request: Request) -> str:
    """Return the reason that a control request gives; a request without a body gives none."""
    if request.content_length in (None, 0) and "HTTP_TRANSFER_ENCODING" not in request.environ:
        return ControlRequest().reason
    reason: str = _validated(_CONTROL, _parse(_body(request))).reason
    return reason


def _parse(body: bytes) -> Any:
    """Return the content of a body as RFC 8259 and RFC 7493 understand it."""
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as err:
        raise Problem(400, "The body is no JSON as RFC 7493 wants it: UTF-8, finite numbers, "
                           "each name once.") from err


def _body(request: Request) -> bytes:
    """Return the body; 415 for another type or an encoding, 413 where it is too large."""
    # Only the type is looked at: the text itself says whether it is UTF-8.
    if request.mimetype != JSON or "HTTP_CONTENT_ENCODING" in request.environ:
        raise Problem(415, f"Send {JSON}, not compressed.")
    try:
        body = request.get_data(cache=False)
    except HTTPException:
        raise
    except Exception as err:  # pylint: disable=broad-exception-caught
        # Each server has its own faults for a body that breaks off or is wrongly chunked.
        raise Problem(400, "The body broke off, or is not as its headers say.") from err
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if len(body) >= limit:  # Flask cuts a body without a declared length off there
        raise Problem(413, f"The body is larger than {limit - 1} bytes; send it in parts.")
    return body


def _no_number(_: str) -> float:
    raise ValueError("no number")


def _number(text: str) -> float | int:
    """Take 21.0 for 21, as JSON does; refuse what no double can hold."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("no finite number")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


# Made once: to make one costs as much as to read a row.
_DECODER = json.JSONDecoder(parse_constant=_no_number, parse_float=_number,
                            object_pairs_hook=_object)


def _validated(adapter: TypeAdapter[Any], content: Any) -> Any:
    try:
        return adapter.validate_python(content)
    except ValidationError as err:
        faults = err.errors(include_url=False, include_context=False, include_input=False)
        raise Problem(422, "The body breaks the schema; see /openapi.json for each field's rule.",
                      [(_pointer(fault["loc"]), _rule(fault["type"], fault["msg"]))
                       for fault in faults[:20]]) from err


def _pointer(place: Sequence[int | str]) -> str:
    """Return the place of a fault; a name that the schema does not know stays unsaid."""
    return "".join(f"/{part}" if isinstance(part, int) or part in _KNOWN else "/?"
                   for part in place) or "/"


def _rule(kind: str, message: str) -> str:
    rules = {"extra_forbidden": "no such field", "missing": "this field is required",
             "string_unicode": "text that is no Unicode"}
    return rules.get(kind, message)
