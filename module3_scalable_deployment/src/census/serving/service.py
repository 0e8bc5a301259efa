"""What the parts of one running service share.

In: options. Out: the counters, the log, the model in service and the places for uploads.
"""

import hmac
import sys
from dataclasses import dataclass
from typing import TextIO

from starlette.requests import Request

from census.errors import OutputError
from census.serving.access_log import AccessLog
from census.serving.holder import Holder
from census.serving.limits import Places, Switch
from census.serving.metrics import Metrics
from census.serving.options import Options
from census.serving.problems import Problem


@dataclass(frozen=True)
class Service:
    """One service; see `build_service`."""

    options: Options
    metrics: Metrics
    log: AccessLog
    holder: Holder
    requests: Places
    uploads: Places
    switch: Switch

    def check_key(self, request: Request) -> None:
        """Refuse with 401 who does not send the key, when there is one."""
        key = self.options.api_key
        if key is None:
            return
        sent = request.headers.get("x-api-key", "")
        # In constant time, so that answers do not tell how much of a guess was right.
        if not hmac.compare_digest(sent.encode("utf-8", "surrogateescape"),
                                   key.get_secret_value().encode()):
            raise Problem(401, "Send the key of this service as X-API-Key.",
                          headers={"WWW-Authenticate": "ApiKey"})


def build_service(options: Options) -> Service:
    """Return the parts of a service; no file is read but the log opened.

    Parameters
    ----------
    options : Options

    Returns
    -------
    Service

    Raises
    ------
    OutputError
        The access log cannot be opened.
    """
    requests = Places(options.most_active)
    metrics = Metrics(lambda: requests.taken)
    return Service(options, metrics, AccessLog(_stream(options)), Holder(options.folder, metrics),
                   requests, Places(options.most_uploads), Switch())


def _stream(options: Options) -> TextIO:
    if options.access_log is None:
        return sys.stdout
    try:
        options.access_log.parent.mkdir(parents=True, exist_ok=True)
        return open(options.access_log, "a", encoding="utf-8")
    except OSError as err:
        raise OutputError(f"{options.access_log}: cannot write the log: {err.strerror}; name "
                          "another file with --access-log") from err
