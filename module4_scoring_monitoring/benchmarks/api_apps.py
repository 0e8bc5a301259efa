"""What the API is measured beside: a bare route, and the usual handler, under the same server.

In: the name of an application and a workplace. Out: a service that listens until it is ended.
"""

import sys
from pathlib import Path

from flask import Flask, Response, request

from riskwatch.models import build_pipeline
from riskwatch.schema import FEATURES
from riskwatch.store import load_release
from riskwatch.web.app import create_app
from riskwatch.web.options import Options
from riskwatch.web.server import serve
from riskwatch.workplace import Workplace

BODY_NAME = "bare.json"


def bare(place: Workplace) -> Flask:
    """Return an application that answers bytes which it has: the limit of Flask."""
    app = Flask("bare", static_folder=None)
    body = (place.out / BODY_NAME).read_bytes()

    @app.get("/v1/scores")
    def scores() -> Response:  # pylint: disable=unused-variable
        return Response(body, content_type="application/json")

    return app


def usual(place: Workplace) -> Flask:
    """Return an application that makes a DataFrame of each request, as courses do.

    Its pipeline has the release's recipe, fitted on a DataFrame, as the usual one is.
    """
    import numpy as np  # pylint: disable=import-outside-toplevel
    import pandas as pd  # pylint: disable=import-outside-toplevel

    app = Flask("usual", static_folder=None)
    table = np.arange(30.0).reshape(10, 3)
    model = build_pipeline(load_release(place).facts.model_name, 1).fit(  # type: ignore[arg-type]
        pd.DataFrame(table, columns=list(FEATURES)), [0, 1] * 5)

    @app.post("/v1/predictions")
    def predictions() -> Response:  # pylint: disable=unused-variable
        rows = pd.DataFrame(request.get_json()["rows"])
        found = model.predict_proba(rows[list(FEATURES)])[:, 1]
        return app.json.response({"predictions": found.tolist()})

    return app


def ours(place: Workplace) -> Flask:
    """Return the service itself."""
    return create_app(place)


APPS = {"bare": bare, "usual": usual, "ours": ours}

if __name__ == "__main__":
    NAME, FOLDER = sys.argv[1:]
    sys.exit(serve(lambda: APPS[NAME](Workplace(Path(FOLDER))), Options()))
