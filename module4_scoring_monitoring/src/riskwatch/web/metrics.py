"""Count what the service does, in the format that Prometheus reads.

In: one call for each request, prediction and change of release. Out: the text of ``/metrics``.
Labels take few values, all of them ours: a caller cannot make new ones.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from riskwatch.errors import LedgerError
from riskwatch.ledger_pages import Query
from riskwatch.records import RunEnd, Score
from riskwatch.web.ledger_reader import LedgerReader

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)


class Metrics:  # pylint: disable=too-many-instance-attributes  # one for each counter
    """The counters of one service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("riskwatch_requests", "Requests answered.", ["route", "status"],
                                 registry=self._registry)
        self._seconds = Histogram("riskwatch_request_seconds", "Time to answer.", ["route"],
                                  buckets=_SECONDS, registry=self._registry)
        scored = Counter("riskwatch_predictions", "Rows scored, by answer.", ["exited"],
                         registry=self._registry)
        self._exited, self._stayed = scored.labels("1"), scored.labels("0")
        self._changes = Counter("riskwatch_release_changes", "Releases taken and refused.",
                                ["result"], registry=self._registry)
        self._info = Gauge("riskwatch_release_info", "The release that serves is 1.", ["version"],
                           registry=self._registry)
        self._f1 = Gauge("riskwatch_latest_f1", "F1 of the latest score, by what was scored.",
                         ["subject"], registry=self._registry)
        self._ends = Gauge("riskwatch_latest_run_end", "Number of the latest ended run of this "
                           "outcome.", ["outcome"], registry=self._registry)
        # Finding the counter of a label costs more than counting.
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        known = self._known.get((route, status))
        if known is None:
            known = self._known[route, status] = (
                self._requests.labels(route, str(status)), self._seconds.labels(route))
        known[0].inc()
        known[1].observe(seconds)

    def scored(self, rows: int, exited: int) -> None:
        """Count the rows of one answer."""
        self._exited.inc(exited)
        self._stayed.inc(rows - exited)

    def release(self, result: str, version: str) -> None:
        """Count a change of release."""
        self._changes.labels(result).inc()
        if result == "taken":
            self._info.clear()
            self._info.labels(version).set(1)

    def text(self, reader: LedgerReader) -> bytes:
        """Return all counters, and the latest figures of the ledger where it can be read."""
        try:
            self._read(reader)
        except LedgerError:  # readiness says so; counters are there all the same
            self._f1.clear()
            self._ends.clear()
        return generate_latest(self._registry)

    def _read(self, reader: LedgerReader) -> None:
        ledger = reader.ledger()
        for subject in ("drop", "hold_out"):
            score = ledger.latest(Score, subject=subject)
            if score is not None and score.record.f1 is not None:
                self._f1.labels(subject).set(score.record.f1)
        for end in reversed(ledger.page(RunEnd, Query(), limit=100).entries):
            self._ends.labels(end.record.outcome).set(end.run_id or 0)
