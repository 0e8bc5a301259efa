"""Put the service together: routes, refusals, pages, and the guard around all of it.

In: options. Out: an ASGI application. Nothing is decided here; each part says what it does.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from census import __version__
from census.serving.guard import Guard
from census.serving.openapi import describe
from census.serving.options import Options
from census.serving.pages import add_pages
from census.serving.problems import Problem, problem_response
from census.serving.routes import build_routes
from census.serving.service import Service, build_service

LOGGER = logging.getLogger(__name__)
_FLUSH_SECONDS = 0.25
_WORDS = {404: "There is nothing at this address; see /docs.",
          405: "This address does not take that method; see /docs."}


def create_app(options: Options) -> Guard:
    """Return the application of one service.

    Parameters
    ----------
    options : Options

    Returns
    -------
    Guard
        An ASGI application; its ``service`` holds what the parts share.
    """
    service = build_service(options)
    router = build_routes(service)
    app = FastAPI(
        # Given at once: a router that is included would be searched anew for each request.
        routes=list(router.routes),
        title="census", version=__version__, docs_url=None, redoc_url=None,
        description="Predicts whether a person of the 1994 census earns more than 50,000 "
                    "dollars a year.",
        lifespan=lambda _: _running(service))
    pages = add_pages(app)
    has_key = options.api_key is not None
    app.openapi = lambda: describe(app, has_key)  # type: ignore[method-assign]
    app.add_exception_handler(Problem, _refuse)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _refuse_plainly)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _fail)
    addresses = {getattr(route, "path", "") for route in router.routes}
    return Guard(app, service, frozenset({*addresses, *pages, "/openapi.json"}), frozenset(pages))


@asynccontextmanager
async def _running(service: Service) -> AsyncIterator[None]:
    """Read the model, then watch for another one and write the log while the service runs."""
    service.holder.refresh()
    tasks = [asyncio.create_task(service.holder.watch(service.options.watch_seconds)),
             asyncio.create_task(service.log.keep_flushing(_FLUSH_SECONDS))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        service.log.flush()


async def _refuse(request: Request, problem: Problem) -> Response:
    return problem_response(problem, request.scope["state"]["request_id"])


async def _refuse_plainly(request: Request, error: HTTPException) -> Response:
    words = _WORDS.get(error.status_code, "This cannot be done.")
    return await _refuse(request, Problem(error.status_code, words, headers=error.headers))


async def _fail(request: Request, _: Exception) -> Response:
    """Answer a fault of ours; its traceback is in the log, not in the answer."""
    return await _refuse(request, Problem(500, "The service made a mistake; it was logged."))
