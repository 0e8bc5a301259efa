"""The lists, and one run in full: every one of them a page of the ledger.

In: a service. Out: a blueprint. No route has arithmetic; the work is in `riskwatch.web.paging`.
"""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from riskwatch.ledger import Query
from riskwatch.records import Decision, Deployment, Run, Score, Step
from riskwatch.web.answers import JSON, Answer, json_bytes, list_answer, wanted_type
from riskwatch.web.paging import Question, list_page, parse_question
from riskwatch.web.problems import Problem
from riskwatch.web.resources import BY_PATH, RESOURCES, Resource
from riskwatch.web.service import Service

_NUMBER = re.compile("[0-9]{1,18}")
MOST_PARTS = 1000
RUNS = BY_PATH["/v1/runs"]
#: What a run in full shows beside its row.
PARTS = {"steps": Resource("", Step, "the stages of a cycle"),
         "scores": Resource("", Score, ""), "decisions": Resource("", Decision, ""),
         "deployments": Resource("", Deployment, "")}


def list_blueprint(service: Service) -> Blueprint:
    """Return the routes of all lists.

    Parameters
    ----------
    service : Service

    Returns
    -------
    Blueprint
    """
    routes = Blueprint("lists", __name__)
    for resource in RESOURCES:
        routes.add_url_rule(resource.path, resource.path.replace("/", "_"),
                            _list_view(service, resource))

    @routes.get("/v1/runs/<number>")
    def run(number: str) -> Response:
        # pylint: disable=unused-variable  # Flask calls it
        return service.cached(lambda: _run_answer(service, number))

    return routes


def _list_view(service: Service, resource: Resource) -> Callable[[], Response]:
    def make() -> Answer:
        content_type = wanted_type(request)
        question = parse_question(resource, dict(request.args.lists()))
        listing = list_page(service.reader.ledger(), resource, question)
        next_address = None
        if listing.next_cursor is not None:
            kept = {name: value for name, value in request.args.items() if name != "cursor"}
            next_address = f"{resource.path}?{urlencode({**kept, 'cursor': listing.next_cursor})}"
        return list_answer(resource, listing, content_type, next_address)

    return lambda: service.cached(make)


def _run_answer(service: Service, number: str) -> Answer:
    ledger = service.reader.ledger()
    entry = ledger.get(Run, int(number)) if _NUMBER.fullmatch(number) else None
    if entry is None:
        raise Problem(404, "There is no run of this number; see /v1/runs.")
    # The run itself comes through the same page as everything: the one that ends with it.
    whole = Query(newest_first=True)
    own = list_page(ledger, RUNS, Question(whole, f"{entry.made_utc}_{entry.id + 1}", 1))
    of_run = Question(Query(filters={"run_id": entry.id}, newest_first=False), None, MOST_PARTS)
    parts = {name: list_page(ledger, part, of_run).items for name, part in PARTS.items()}
    return Answer(json_bytes({**own.items[0], **parts}), JSON)
