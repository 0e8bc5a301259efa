"""What callers send: rows to score, and the wish to change something.

In: a service. Out: a blueprint. Rows come in the body, never as the path of a file.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from riskwatch.records import Deployment
from riskwatch.web.answers import JSON, json_bytes
from riskwatch.web.limits import check_key
from riskwatch.web.payloads import Row, read_reason, read_rows
from riskwatch.web.service import Service

_DIGITS = 12


def predicted(service: Service, rows: Sequence[Row]) -> bytes:
    """Return the answer for rows; all of it comes from one release.

    Parameters
    ----------
    service : Service
    rows : sequence of tuple
        The features in the schema's order; None where missing.

    Returns
    -------
    bytes
        JSON of `PredictionAnswer`.
    """
    served = service.holder.served()
    values = served.probabilities(rows)
    found = [{"probability": round(value, _DIGITS), "exited": int(value >= served.threshold)}
             for value in values]
    service.metrics.scored(len(values), sum(value >= served.threshold for value in values))
    return json_bytes({"predictions": found, "threshold": served.threshold,
                       "model_version": served.version})


def act_blueprint(service: Service) -> Blueprint:
    """Return the routes that take a body.

    Parameters
    ----------
    service : Service

    Returns
    -------
    Blueprint
    """
    routes = Blueprint("acts", __name__)
    # pylint: disable=unused-variable  # Flask calls them

    @routes.post("/v1/predictions")
    def predictions() -> Response:
        return _answer(predicted(service, read_rows(request)))

    @routes.post("/prediction")
    def course_prediction() -> Response:
        rows = read_rows(request)
        served = service.holder.served()
        found = [int(value >= served.threshold) for value in served.probabilities(rows)]
        service.metrics.scored(len(found), sum(found))
        return _json(found)

    @routes.post("/v1/cycles")
    def cycles() -> Response:
        check_key(request, service.options, service.limit)
        read_reason(request)
        service.control.start_cycle()
        response = _json({"detail": "a cycle begins; its run will stand at the head of this list",
                          "runs": "/v1/runs?trigger=api"}, 202)
        response.headers["Location"] = "/v1/runs?trigger=api"
        return response

    @routes.post("/v1/rollbacks")
    def rollbacks() -> Response:
        check_key(request, service.options, service.limit)
        service.control.roll_back(read_reason(request))
        latest = service.reader.ledger().latest(Deployment)
        assert latest is not None  # the command has just written one
        return _json({"model_version": latest.record.version,
                      "previous": latest.record.previous})

    return routes


def _json(content: object, status: int = 200) -> Response:
    return _answer(json_bytes(content), status)


def _answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, {"Cache-Control": "no-store"}, content_type=JSON)
