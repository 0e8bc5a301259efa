"""Count what the service does, in the format that Prometheus reads.

In: one call for each request, each batch of answers and each change of model. Out: the text of
``/metrics``. Labels take few values, all of them ours: a caller cannot make new ones.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
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
        self._swaps = Counter("census_model_changes", "Releases taken and refused.", ["result"],
                              registry=self.registry)
        self._info = Gauge("census_model_info", "The release in service is 1.", ["version"],
                           registry=self.registry)
        Gauge("census_requests_active", "Requests in work.", registry=self.registry
              ).set_function(active)
        # Every request pays for counting, so it is plain numbers, put in form when asked for.
        self._requests: dict[tuple[str, int], int] = defaultdict(int)
        self._seconds: dict[str, list[float]] = defaultdict(lambda: [0.0] * (len(_SECONDS) + 2))
        self._rows = [0, 0]
        self.registry.register(self)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests[route, status] += 1
        times = self._seconds[route]
        times[bisect_left(_SECONDS, seconds)] += 1
        times[-1] += seconds

    def scored(self, probabilities: Sequence[float], threshold: float) -> None:
        """Count the answers given to one request, or one part of it."""
        positive = sum(value >= threshold for value in probabilities)
        self._rows[0] += len(probabilities) - positive
        self._rows[1] += positive

    def swap(self, result: str, version: str | None = None) -> None:
        """Count a change of model, taken or refused."""
        self._swaps.labels(result).inc()
        if version is not None:
            self._info.clear()
            self._info.labels(version).set(1)

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted in plain numbers; the registry calls this."""
        requests = CounterMetricFamily("census_requests", "Requests answered.",
                                       labels=["route", "status"])
        for (route, status), number in list(self._requests.items()):
            requests.add_metric([route, str(status)], number)
        seconds = HistogramMetricFamily("census_request_seconds", "Time to answer.",
                                        labels=["route"])
        for route, times in list(self._seconds.items()):
            upto = accumulate(times[:-1])
            seconds.add_metric([route], [(str(bound), number) for bound, number in zip(
                [*_SECONDS, "+Inf"], upto)], times[-1])
        rows = CounterMetricFamily("census_predictions", "Rows scored, by answer.",
                                   labels=["label"])
        for label, number in zip((NEGATIVE, POSITIVE), self._rows):
            rows.add_metric([label], number)
        yield from (requests, seconds, rows)

    def text(self) -> bytes:
        """Return all counters as ``/metrics`` shows them."""
        return generate_latest(self.registry)
