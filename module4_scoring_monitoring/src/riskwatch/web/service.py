"""The parts of one service, made once and handed to the routes.

In: a workplace and options. Out: reader, model, cache, counters and control in one object.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from riskwatch.web.answers import Answer, AnswerCache, respond
from riskwatch.web.control import Commands, Control
from riskwatch.web.holder import Holder
from riskwatch.web.limits import Places, RateLimit, Switch
from riskwatch.web.metrics import Metrics
from riskwatch.web.options import Options, places_of
from riskwatch.web.ledger_reader import LedgerReader
from riskwatch.workplace import Workplace

_LONGEST_ACCEPT = 200


@dataclass(frozen=True)
class Service:  # pylint: disable=too-many-instance-attributes  # one for each part
    """What the routes of one service share."""

    place: Workplace
    options: Options
    reader: LedgerReader
    holder: Holder
    cache: AnswerCache
    metrics: Metrics
    limit: RateLimit
    places: Places
    control: Control
    switch: Switch

    @classmethod
    def of(cls, place: Workplace, options: Options, commands: Commands | None) -> "Service":
        """Make the parts; nothing is read before the first request, but the release."""
        metrics = Metrics()
        holder = Holder(place, metrics.release)
        holder.refresh()
        return cls(place, options, LedgerReader(place), holder,
                   AnswerCache(options.most_cached_bytes), metrics,
                   RateLimit(options.controls_per_minute), Places(places_of(options)),
                   Control(commands or Commands.of(place, options), options.command_seconds),
                   Switch())

    def cached(self, make: Callable[[], Answer]) -> Response:
        """Answer the present request from what is kept for this state of the ledger.

        Parameters
        ----------
        make : callable
            Makes the answer out of the ledger alone; it may raise a `Problem`, which is not
            kept.

        Returns
        -------
        Response
        """
        state = self.reader.state()
        key = cache_key(request.environ)
        if len(key[-1]) > _LONGEST_ACCEPT:
            made = make()
            return respond(request, made, made.etag)
        return respond(request, *self.cache.answer(state, key, make))


def cache_key(environ: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what an answer out of the ledger depends on: address, question, and types."""
    return environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", "")
