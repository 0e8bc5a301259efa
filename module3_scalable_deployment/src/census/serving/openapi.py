"""The description of the API that ``/openapi.json`` shows: bodies, answers, refusals.

In: nothing, or the application. Out: parts of an OpenAPI document. Bodies are described here
because handlers read them themselves; what is said comes from the models that check them.
"""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from census.schema import BY_NAME, EDUCATION_LEVELS, FEATURES, Column
from census.serving.number_patterns import whole_number_pattern
from census.serving.payloads import (EXAMPLE, MOST_ROWS, Person, Prediction, Predictions,
                                     RowPrediction)
from census.serving.problems import MEDIA_TYPE, Fault, ProblemBody

_REF = "#/components/schemas/{model}"
_PROBLEMS = {
    400: "Not JSON, or a field named twice.", 401: "The key is missing or wrong.",
    404: "The release holds no such document.", 408: "The body came too slowly.",
    413: "The body is too large.", 415: "Another type of body is wanted.",
    422: "The body breaks the schema.", 503: "Not ready, stopping, or too busy; try again."}
_BODY_PROBLEMS = (400, 401, 408, 413, 415, 422, 503)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=name)}


def _field_pattern(column: Column) -> str:
    if column.levels:
        return f"({'|'.join(map(re.escape, column.levels))})"
    return whole_number_pattern(column.minimum, column.maximum)


_CSV_EXAMPLE = "".join(",".join(map(str, line)) + "\n" for line in (
    FEATURES, [EXAMPLE[name] for name in FEATURES]))
JSON_BODY = {"requestBody": {"required": True, "content": {"application/json": {
    "schema": {"anyOf": [_ref("Person"), {
        "type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": _ref("Person")}]},
    "examples": {"one": {"summary": "one person", "value": EXAMPLE},
                 "several": {"summary": "several people", "value": [EXAMPLE, EXAMPLE]}}}}}}
CSV_BODY = {"requestBody": {
    "required": True,
    "description": "A file in the format of the data, with a header. Columns may stand in any "
                   "order; `fnlgt`, `education` and `salary` may be there and are not used.",
    "content": {"text/csv": {"schema": {
        "type": "string", "example": _CSV_EXAMPLE,
        "pattern": "^" + ",".join(FEATURES) + "\\n(" + ",".join(
            _field_pattern(BY_NAME[name]) for name in FEATURES) + "\\n){1,9}$"}}}}}


def _content(media_type: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {media_type: {"schema": dict(schema)}}}


_OBJECT: dict[str, Any] = {"type": "object"}
_TAGS = {"predictions": "predictions", "csv": "predictions", "model": "model",
         "document": "model"}
_SUCCESS: dict[str, tuple[str, dict[str, Any], tuple[int, ...]]] = {
    "predictions": ("One answer, or one for each person.", _content("application/json", {
        "anyOf": [_ref("Prediction"), _ref("Predictions")]}), _BODY_PROBLEMS),
    "csv": ("One line for each row: row, label, probability.",
            _content("text/csv", {"type": "string"}), _BODY_PROBLEMS),
    "model": ("What the model is.", _content("application/json", _OBJECT), (401, 503)),
    "document": ("The document.", _content("application/json", {
        "type": ["object", "array"]}), (401, 404, 503)),
    "greeting": ("A greeting.", _content("application/json", _OBJECT), ()),
    "live": ("The process answers.", _content("application/json", _OBJECT), ()),
    "ready": ("Requests are welcome.", _content("application/json", _OBJECT), (503,)),
    "metrics": ("Counters.", _content("text/plain", {"type": "string"}), ()),
}


def answers(kind: str) -> dict[str, Any]:
    """Return what a route says of its answers, as keywords of FastAPI's decorators."""
    words, content, problems = _SUCCESS[kind]
    refusals = {status: {"description": _PROBLEMS[status],
                         **_content(MEDIA_TYPE, _ref("Problem"))} for status in problems}
    return {"response_class": Response, "tags": [_TAGS.get(kind, "service")],
            "responses": {200: {"description": words, **content}, **refusals}}


def describe(app: FastAPI, has_key: bool) -> dict[str, Any]:
    """Return the OpenAPI document of the application, made once.

    Parameters
    ----------
    app : FastAPI
    has_key : bool
        Whether callers of predictions and of the model must send a key.

    Returns
    -------
    dict
    """
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes,
                               description=app.description)
        models = (Person, Prediction, RowPrediction, Predictions, Fault)
        _, parts = models_json_schema([(model, "validation") for model in (*models, ProblemBody)],
                                      ref_template=_REF)
        schemas = parts["$defs"]
        schemas["Problem"] = schemas.pop("ProblemBody", schemas.get("Problem"))
        _say_education(schemas["Person"])
        document.setdefault("components", {})["schemas"] = schemas
        if has_key:
            document["components"]["securitySchemes"] = {
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
            for address, item in document["paths"].items():
                for operation in item.values() if address.startswith("/v1/") else ():
                    operation["security"] = [{"key": []}]
        app.openapi_schema = document
    return app.openapi_schema


def _say_education(person: dict[str, Any]) -> None:
    """Say which education goes with which number, and that absent is not null."""
    for field in person["properties"].values():
        field.pop("default", None)
    person["anyOf"] = [{"not": {"required": ["education"]}}, *(
        {"required": ["education"], "properties": {
            "education": {"const": name}, "education-num": {"const": number}}}
        for number, name in enumerate(EDUCATION_LEVELS, 1))]
