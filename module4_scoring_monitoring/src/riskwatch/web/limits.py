"""Bounds on what callers can ask for: how often, and with which key.

In: a request. Out: nothing, or a refusal. Wrong keys count like right ones, so that nobody can
try many of them.
"""

import hmac
import math
import threading
import time
from collections import deque
from collections.abc import Callable

from flask import Request

from riskwatch.web.options import KEY_VARIABLE, Options
from riskwatch.web.problems import Problem

_MINUTE = 60.0
_SCHEME = "bearer "


class RateLimit:
    """So many calls in any minute, then none until the oldest is a minute old.

    Parameters
    ----------
    calls : int
    now : callable
        Returns seconds that never go back.
    """

    def __init__(self, calls: int, now: Callable[[], float] = time.monotonic) -> None:
        self._calls, self._now = calls, now
        self._times: deque[float] = deque(maxlen=calls)
        self._lock = threading.Lock()

    def take(self) -> None:
        """Count a call; `Problem` 429 if there were too many."""
        with self._lock:
            now = self._now()
            wait = self._times[0] + _MINUTE - now if len(self._times) == self._calls else 0
            if wait > 0:
                raise Problem(429, f"At most {self._calls} control requests a minute.",
                              headers={"Retry-After": str(math.ceil(wait))})
            self._times.append(now)


def check_key(request: Request, options: Options, limit: RateLimit) -> None:
    """Refuse a control request without the key.

    Parameters
    ----------
    request : Request
    options : Options
    limit : RateLimit

    Raises
    ------
    Problem
        403 when the service has no key, 429 when there were too many attempts, 401 when the
        key is missing or wrong.
    """
    if options.control_key is None:
        raise Problem(403, f"This service changes nothing: it was started without {KEY_VARIABLE}.")
    limit.take()
    given = request.headers.get("Authorization", "")
    key = given[len(_SCHEME):] if given.lower().startswith(_SCHEME) else ""
    wanted = options.control_key.get_secret_value()
    # As bytes, because the comparison takes no text beyond ASCII; the time says nothing.
    if not hmac.compare_digest(key.encode("utf-8", "surrogateescape"), wanted.encode("utf-8")):
        raise Problem(401, "Send the key as `Authorization: Bearer KEY`.",
                      headers={"WWW-Authenticate": 'Bearer realm="riskwatch"'})
