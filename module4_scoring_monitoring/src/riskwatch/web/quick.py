"""A short way to the two answers that are asked for most, before the framework wakes up.

In: a request. Out: an answer that is kept already, or predictions for a few sound rows.
Whatever is not plain goes the long way, with its body as it came: here nothing is refused, so
the rules stand in one place.
"""

import io
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from riskwatch.errors import RiskwatchError
from riskwatch.web.act_routes import predicted
from riskwatch.web.answers import JSON, Answer
from riskwatch.web.headers import SAFE_HEADERS
from riskwatch.web.payloads import parse_rows
from riskwatch.web.problems import Problem
from riskwatch.web.resources import BY_PATH
from riskwatch.web.service import Service, cache_key

PATHS = frozenset(("/", "/scoring", "/summarystats", "/diagnostics", *BY_PATH))
PREDICTIONS = "/v1/predictions"
_MOST_BYTES = 8192
_SAFE = list(SAFE_HEADERS.items())
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


class QuickPath:  # pylint: disable=too-few-public-methods  # it is called
    """A WSGI application in front of another one.

    Parameters
    ----------
    service : Service
    long_way : callable
        The application for all other requests.
    """

    def __init__(self, service: Service, long_way: Wsgi) -> None:
        self._service, self._long_way = service, long_way

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request of WSGI."""
        started = perf_counter()
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        answer = None
        if method == "GET" and path in PATHS and "HTTP_IF_NONE_MATCH" not in environ:
            answer = self._kept(environ)
        elif method == "POST" and path == PREDICTIONS:
            answer = self._predicted(environ)
        if answer is None:
            return self._long_way(environ, start_response)
        body, headers = answer
        start_response("200 OK", headers)
        self._service.metrics.request(path, 200, perf_counter() - started)
        return (body,)

    def _kept(self, environ: Environ) -> tuple[bytes, list[tuple[str, str]]] | None:
        try:
            found = self._service.cache.kept(self._service.reader.state(), cache_key(environ))
        except RiskwatchError:
            return None
        if found is None:
            return None
        return found[0].body, wire_headers(*found)

    def _predicted(self, environ: Environ) -> tuple[bytes, list[tuple[str, str]]] | None:
        length = environ.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdigit() and len(length) < 5
                and 0 < int(length) <= _MOST_BYTES and environ.get("CONTENT_TYPE") == JSON
                and "HTTP_CONTENT_ENCODING" not in environ
                and "HTTP_TRANSFER_ENCODING" not in environ):
            return None
        try:
            body = environ["wsgi.input"].read(int(length))
        except Exception:  # pylint: disable=broad-exception-caught
            return None  # the long way meets the same fault, and names it
        try:
            content = predicted(self._service, parse_rows(body))
        except Problem:
            environ["wsgi.input"] = io.BytesIO(body)
            return None
        return content, [("Content-Type", JSON), ("Content-Length", str(len(content))), *_SAFE]


def wire_headers(answer: Answer, etag: str) -> list[tuple[str, str]]:
    """Return the headers of a kept answer, as the long way sends them.

    Parameters
    ----------
    answer : Answer
    etag : str

    Returns
    -------
    list of (str, str)
    """
    headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)),
               "ETag": f'"{etag}"', **SAFE_HEADERS, "Cache-Control": "no-cache", **answer.headers}
    return list(headers.items())
