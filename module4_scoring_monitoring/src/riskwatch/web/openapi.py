"""The API's description in OpenAPI 3.1, made from the same facts that the routes obey.

In: resources and payload models. Out: one JSON document, served as ``/openapi.json``.
"""

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from riskwatch import __version__
from riskwatch.ledger_pages import MOST_PER_PAGE
from riskwatch.records import Decision, Deployment, Score, Step
from riskwatch.web.answers import CSV, JSON
from riskwatch.web.paging import CURSOR, MOST_TEXT, ORDERS, USUAL_LIMIT
from riskwatch.web.payloads import ControlRequest, PredictionAnswer, PredictionRequest
from riskwatch.web.problems import MEDIA_TYPE
from riskwatch.web.resources import BY_PATH, RESOURCES, Kind, Resource

_REFERENCE = "#/components/schemas/{model}"
Json = dict[str, Any]
_PROBLEM: Json = {
    "type": "object", "additionalProperties": False,
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {
            "type": "object", "required": ["pointer", "rule"], "additionalProperties": False,
            "properties": {"pointer": {"type": "string"}, "rule": {"type": "string"}}}}}}
_PHRASES = {
    304: "nothing has changed since the ETag", 400: "the body is no JSON",
    401: "the key is missing or wrong", 403: "the service has no key, so it changes nothing",
    404: "there is nothing of this number", 406: "neither JSON nor CSV is wanted",
    409: "it cannot be done at the moment", 413: "the body is too large",
    415: "the body is not JSON", 422: "a value breaks its rule", 429: "too many requests",
    503: "there is no ledger or no model yet"}


def describe() -> Json:
    """Return the description of the API.

    Returns
    -------
    dict
    """
    _, models = models_json_schema(
        [(PredictionRequest, "validation"), (PredictionAnswer, "serialization"),
         (ControlRequest, "validation")], ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {"title": "riskwatch", "version": __version__, "license": {
            "name": "MIT", "identifier": "MIT"},
            "description": "What the watch saw and did, read from its ledger, and predictions of "
                           "the model that serves. Reading changes nothing."},
        "paths": {**{resource.path: {"get": _list(resource)} for resource in RESOURCES},
                  **_others(), **_acts()},
        "components": {
            "schemas": {**models["$defs"], "Problem": _PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _list(resource: Resource) -> Json:
    content = {JSON: {"schema": _object({
        "items": {"type": "array", "items": _item(resource)},
        "next_cursor": {"type": ["string", "null"]}})},
        CSV: {"schema": {"type": "string"}}}
    return {"summary": resource.meaning, "operationId": resource.path.strip("/").replace("/", "_"),
            "parameters": _parameters(resource),
            "responses": _responses({"description": "a page", "content": content, "headers": {
                "ETag": {"schema": {"type": "string"}}, "Link": {"schema": {"type": "string"}}}},
                (304, 406, 422, 503))}


def _parameters(resource: Resource) -> list[Json]:
    moment = {"type": "string", "format": "date-time"}
    usual = {
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE,
                  "default": USUAL_LIMIT},
        "cursor": {"type": "string", "pattern": f"^{CURSOR.pattern}$"},
        "order": {"type": "string", "enum": list(ORDERS)}, "since": moment, "until": moment}
    filters = {name: _filter(kind) for name, kind in resource.filters.items()}
    return [{"name": name, "in": "query", "schema": schema}
            for name, schema in {**filters, **usual}.items()]


def _filter(kind: Kind) -> Json:
    if kind.choices:
        return {"type": "string", "enum": list(kind.choices)}
    if kind.json_type == "integer":
        return {"type": "integer", "minimum": -10**18 + 1, "maximum": 10**18 - 1}
    return {"type": "string", "maxLength": MOST_TEXT, "pattern": r"^[^\x00]*$"}


def _item(resource: Resource) -> Json:
    return _object({name: _column(kind) for name, kind in resource.columns.items()})


def _column(kind: Kind) -> Json:
    if kind.choices:
        return {"enum": [*kind.choices, *([None] if kind.is_nullable else [])]}
    return {"type": [kind.json_type, "null"] if kind.is_nullable or kind.json_type == "number"
            else kind.json_type}


def _object(properties: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "required": list(properties),
            "properties": properties}


def _responses(done: Json, refusals: Sequence[int], status: int = 200) -> Json:
    problem = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    return {str(status): done, **{
        str(code): {"description": _PHRASES[code],
                    **({} if code == 304 else {"content": problem})} for code in refusals}}


def _get(summary: str, schema: Json, refusals: Sequence[int], media_type: str = JSON) -> Json:
    return {"get": {"summary": summary, "responses": _responses(
        {"description": summary, "content": {media_type: {"schema": schema}}}, refusals)}}


def _others() -> Json:
    text, items = {"type": "string"}, {name: _items(kind) for name, kind in (
        ("steps", Step), ("scores", Score), ("decisions", Decision), ("deployments", Deployment))}
    run = _object({**_item(BY_PATH["/v1/runs"])["properties"], **items})
    one = _get("one run, with all that it did", run, (304, 404, 503))
    one["get"]["parameters"] = [{"name": "number", "in": "path", "required": True,
                                 "schema": {"type": "integer", "minimum": 1}}]
    nullable = {"type": ["number", "null"]}
    score = _object({"f1": nullable, "f1_low": nullable, "f1_high": nullable,
                     "model_version": {"type": ["string", "null"]},
                     "made_utc": {"type": ["string", "null"]}})
    rows = {"type": "array", "items": _item(BY_PATH["/v1/diagnostics"])}
    ready = _object({"status": {"const": "ready"}, "model_version": text,
                     "refused_version": {"type": ["string", "null"]}})
    return {
        "/v1/runs/{number}": one,
        "/scoring": _get("the latest F1 on the hold-out", score, (304, 503)),
        "/summarystats": _get("the latest summary statistics, by column and statistic", {
            "type": "object", "additionalProperties": {
                "type": "object", "additionalProperties": nullable}}, (304, 503)),
        "/diagnostics": _get("the latest diagnostics", rows, (304, 503)),
        "/health/live": _get("the process answers", _object({"status": {"const": "live"}}), ()),
        "/health/ready": _get("ledger and model are there", ready, (503,)),
        "/metrics": _get("counters for Prometheus", text, (), "text/plain"),
        "/": _get("the dashboard", text, (304, 503), "text/html"),
    }


def _items(record: type[Any]) -> Json:
    return {"type": "array", "items": _item(Resource("", record, ""))}


def _acts() -> Json:
    text = {"type": "string"}
    rows, answer = PredictionRequest.__name__, _REFERENCE.format(model=PredictionAnswer.__name__)
    why = ControlRequest.__name__
    labels = {"type": "array", "items": {"enum": [0, 1]}}
    begun = _object({"detail": text, "runs": text})
    switched = _object({"model_version": text, "previous": {"type": ["string", "null"]}})
    refused = (400, 401, 403, 409, 413, 415, 422, 429, 503)
    acts = {
        "/v1/predictions": _post("score rows", rows, {"$ref": answer}),
        "/prediction": _post("score rows; the answer is the course's list of 0 and 1", rows,
                             labels),
        "/v1/cycles": _post("start a cycle", why, begun, refused, 202),
        "/v1/rollbacks": _post("go back to the release before", why, switched, refused),
    }
    for path in ("/v1/cycles", "/v1/rollbacks"):
        acts[path]["post"]["security"] = [{"key": []}]
    return acts


def _post(summary: str, sent: str, schema: Json,
          refusals: Sequence[int] = (400, 413, 415, 422, 503), status: int = 200) -> Json:
    body = {"required": sent != ControlRequest.__name__,
            "content": {JSON: {"schema": {"$ref": _REFERENCE.format(model=sent)}}}}
    return {"post": {"summary": summary, "requestBody": body, "responses": _responses(
        {"description": summary, "content": {JSON: {"schema": schema}}}, refusals, status)}}
