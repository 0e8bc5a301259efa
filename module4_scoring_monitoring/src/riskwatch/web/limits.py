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
from dataclasses import dataclass

from flask import Request

from riskwatch.web.options import KEY_VARIABLE, Options
from riskwatch.web.problems import Problem

_MINUTE = 60.0
_SCHEME = "bearer "


@dataclass
class Switch:
    """Whether the service is about to stop; then it is not ready, and still answers."""

    is_draining: bool = False


class RateLimit:  # pylint: disable=too-few-public-methods  # it has one duty
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


class Places:
    """A bounded number of places; whoever finds none is refused, nobody waits in a queue.

    Parameters
    ----------
    count : int
    """

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    def take(self) -> None:
        """Take a place; `Problem` 503 if none is free."""
        if not self._free.acquire(blocking=False):  # pylint: disable=consider-using-with
            raise Problem(503, "Too many requests are in work; come back in a moment.",
                          headers={"Retry-After": "1"})

    def give_back(self) -> None:
        """Give a place back that was taken."""
        self._free.release()


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
        401 when the key is missing or wrong, 403 when the service has none, 429 when there were
        too many attempts.
    """
    given = request.headers.get("Authorization", "")
    if not given:
        raise _no_key()
    if options.control_key is None:
        raise Problem(403, f"This service changes nothing: it was started without {KEY_VARIABLE}.")
    limit.take()
    key = given[len(_SCHEME):] if given.lower().startswith(_SCHEME) else ""
    wanted = options.control_key.get_secret_value()
    # As bytes, because the comparison takes no text beyond ASCII; the time says nothing.
    if not hmac.compare_digest(key.encode("utf-8", "surrogateescape"), wanted.encode("utf-8")):
        raise _no_key()


def _no_key() -> Problem:
    return Problem(401, "Send the key as `Authorization: Bearer KEY`.",
                   headers={"WWW-Authenticate": 'Bearer realm="riskwatch"'})
