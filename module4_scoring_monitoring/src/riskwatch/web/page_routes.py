"""The dashboard: one page, made here, that needs no script, no internet and no build step.

In: a service. Out: a blueprint. The page's style stands in the page, and its digest in the
policy that the browser obeys, so that nothing else can style or run anything.
"""

import base64
import hashlib
from importlib import resources

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from riskwatch.web.answers import Answer
from riskwatch.web.dashboard import build_board, look_of
from riskwatch.web.resources import RESOURCES
from riskwatch.web.service import Service


def page_blueprint(service: Service) -> Blueprint:
    """Return the route of the dashboard.

    Parameters
    ----------
    service : Service

    Returns
    -------
    Blueprint
    """
    routes = Blueprint("page", __name__)
    style = resources.files("riskwatch.web").joinpath("templates/style.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    headers = {"Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'")}

    def make() -> Answer:
        text = render_template("dashboard.html", board=build_board(service.reader.ledger()),
                               style=Markup(style), lists=RESOURCES, look_of=look_of)
        return Answer(text.encode("utf-8", "backslashreplace"), "text/html; charset=utf-8",
                      headers)

    @routes.get("/")
    def page() -> Response:  # pylint: disable=unused-variable  # Flask calls it
        return service.cached(make)

    return routes
