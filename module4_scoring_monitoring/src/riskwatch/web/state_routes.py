"""How the service and the system are: health, counters, the API's description, the course's GETs.

In: a service. Out: a blueprint. The course's three GETs answer out of the ledger what its own
code computed anew for each request; here no GET trains, writes, or looks into the internet.
"""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response

from riskwatch.errors import LedgerError
from riskwatch.ledger import Query
from riskwatch.records import Diagnostic
from riskwatch.web.answers import JSON, Answer, json_bytes
from riskwatch.web.metrics import MEDIA_TYPE
from riskwatch.web.openapi import describe
from riskwatch.web.paging import Question, list_page
from riskwatch.web.problems import Problem
from riskwatch.web.resources import BY_PATH, SUMMARY_CHECK
from riskwatch.web.service import Service

_MOST = 1000


def state_blueprint(service: Service) -> Blueprint:
    """Return the routes about the state of things.

    Parameters
    ----------
    service : Service

    Returns
    -------
    Blueprint
    """
    routes = Blueprint("state", __name__)
    description = Answer(json_bytes(describe()), JSON)
    # pylint: disable=unused-variable  # Flask calls them

    @routes.get("/health/live")
    def live() -> Response:
        return _fresh({"status": "live"})

    @routes.get("/health/ready")
    def ready() -> Response:
        if service.switch.is_draining:
            raise Problem(503, "This service is about to stop; ask another one.",
                          headers={"Retry-After": "5"})
        served = service.holder.served()
        try:
            service.reader.state()
        except LedgerError as err:
            raise Problem(503, "The ledger cannot be read.", headers={"Retry-After": "5"}) from err
        return _fresh({"status": "ready", "model_version": served.version,
                       "refused_version": service.holder.refused})

    @routes.get("/metrics")
    def metrics() -> Response:
        service.holder.refresh()
        return Response(service.metrics.text(service.reader), content_type=MEDIA_TYPE,
                        headers={"Cache-Control": "no-store"})

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return Response(description.body, content_type=description.content_type,
                        headers={"Cache-Control": "no-cache"})

    for path, make in (("/scoring", _score), ("/summarystats", _summary),
                       ("/diagnostics", _diagnostics)):
        routes.add_url_rule(path, path.strip("/"), _course_view(service, make))
    return routes


def _course_view(service: Service, make: Callable[[Service], Any]) -> Callable[[], Response]:
    return lambda: service.cached(lambda: Answer(json_bytes(make(service)), JSON))


def _fresh(content: Any) -> Response:
    return Response(json_bytes(content), content_type=JSON, headers={"Cache-Control": "no-store"})


def _newest(service: Service, path: str, limit: int, **filters: str | int
            ) -> Sequence[dict[str, Any]]:
    resource = BY_PATH[path]
    question = Question(Query(filters={**resource.fixed, **filters}), None, limit)
    return list_page(service.reader.ledger(), resource, question).items


def _score(service: Service) -> dict[str, Any]:
    """Return the latest score on the hold-out; null before there is one."""
    found = _newest(service, "/v1/scores", 1, subject="hold_out")
    names = ("f1", "f1_low", "f1_high", "model_version", "made_utc")
    return {name: found[0][name] if found else None for name in names}


def _latest_of(service: Service, path: str, **filters: str) -> Sequence[dict[str, Any]]:
    """Return what the latest run with such rows wrote, oldest first."""
    newest = service.reader.ledger().latest(Diagnostic, **filters)
    if newest is None:
        return []
    if newest.run_id is None:
        return _newest(service, path, 1)
    return _newest(service, path, _MOST, run_id=newest.run_id)[::-1]


def _summary(service: Service) -> dict[str, dict[str, float | None]]:
    """Return the latest figures by column and statistic."""
    found: dict[str, dict[str, float | None]] = {}
    for row in _latest_of(service, "/v1/summary-statistics", check=SUMMARY_CHECK):
        column, _, statistic = row["subject"].rpartition(".")
        found.setdefault(column, {})[statistic] = row["value"]
    return found


def _diagnostics(service: Service) -> Any:
    return [row for row in _latest_of(service, "/v1/diagnostics")
            if row["check"] != SUMMARY_CHECK]
