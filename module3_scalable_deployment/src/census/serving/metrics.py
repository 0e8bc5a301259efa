"""Count what the service does, in the format that Prometheus reads.

In: one call for each request, each batch of answers and each change of model. Out: the text of
``/metrics``. Labels take few values, all of them ours: a caller cannot make new ones.
"""

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from census.schema import NEGATIVE, POSITIVE

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one service.

    Parameters
    ----------
    active : callable
        Returns how many requests are in work.
    """

    def __init__(self, active: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("census_requests", "Requests answered.", ["route", "status"],
                                 registry=self.registry)
        self._seconds = Histogram("census_request_seconds", "Time to answer.", ["route"],
                                  buckets=_SECONDS, registry=self.registry)
        rows = Counter("census_predictions", "Rows scored, by answer.", ["label"],
                       registry=self.registry)
        self._swaps = Counter("census_model_changes", "Releases taken and refused.", ["result"],
                              registry=self.registry)
        self._info = Gauge("census_model_info", "The release in service is 1.", ["version"],
                           registry=self.registry)
        Gauge("census_requests_active", "Requests in work.", registry=self.registry
              ).set_function(active)
        self._labels = [rows.labels(label) for label in (NEGATIVE, POSITIVE)]
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

    def scored(self, probabilities: Sequence[float], threshold: float) -> None:
        """Count the answers given to one request, or one part of it."""
        positive = sum(value >= threshold for value in probabilities)
        self._labels[0].inc(len(probabilities) - positive)
        self._labels[1].inc(positive)

    def swap(self, result: str, version: str | None = None) -> None:
        """Count a change of model, taken or refused."""
        self._swaps.labels(result).inc()
        if version is not None:
            self._info.clear()
            self._info.labels(version).set(1)

    def text(self) -> bytes:
        """Return all counters as ``/metrics`` shows them."""
        return generate_latest(self.registry)
