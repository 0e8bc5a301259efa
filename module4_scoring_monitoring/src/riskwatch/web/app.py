"""Put the service together: an app factory, so that nothing exists before somebody asks.

In: a workplace and options. Out: a Flask application. Only wiring stands here.
"""

from time import perf_counter

from flask import Flask, Response, g, request

from riskwatch.web.act_routes import act_blueprint
from riskwatch.web.control import Commands
from riskwatch.web.list_routes import list_blueprint
from riskwatch.web.options import Options
from riskwatch.web.page_routes import page_blueprint
from riskwatch.web.headers import SAFE_HEADERS
from riskwatch.web.problems import answer_with_problems
from riskwatch.web.quick import QuickPath
from riskwatch.web.service import Service
from riskwatch.web.state_routes import state_blueprint
from riskwatch.workplace import Workplace


def create_app(place: Workplace, options: Options | None = None,
               commands: Commands | None = None) -> Flask:
    """Return the service of a workplace.

    Parameters
    ----------
    place : Workplace
    options : Options, optional
    commands : Commands, optional
        What the control routes start; by default the command line of this package.

    Returns
    -------
    Flask
    """
    chosen = options or Options()
    service = Service.of(place, chosen, commands)
    app = Flask("riskwatch.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = chosen.most_body_bytes + 1  # see `payloads`
    app.url_map.merge_slashes = False  # a redirect would be a page of HTML
    app.extensions["riskwatch"] = service
    answer_with_problems(app)
    for blueprint in (list_blueprint, act_blueprint, state_blueprint, page_blueprint):
        app.register_blueprint(blueprint(service))
    _watch(app, service)
    app.wsgi_app = QuickPath(service, app.wsgi_app)  # type: ignore[method-assign]
    return app


def _watch(app: Flask, service: Service) -> None:
    # pylint: disable=unused-variable  # Flask calls them
    @app.before_request
    def start() -> None:
        g.started = perf_counter()
        service.places.take()
        g.has_place = True

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        route = request.url_rule.rule if request.url_rule else "(none)"
        service.metrics.request(route, response.status_code, perf_counter() - g.started)
        return response

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        if g.pop("has_place", False):
            service.places.give_back()
