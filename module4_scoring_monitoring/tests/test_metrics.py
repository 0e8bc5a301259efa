"""Counters count; figures of the ledger vanish when it cannot be read, and counters stay."""

from contextlib import closing

from prometheus_client.parser import text_string_to_metric_families
from web_story import told

from riskwatch.web.ledger_reader import LedgerReader
from riskwatch.web.metrics import Metrics


def figures(metrics: Metrics, reader: LedgerReader) -> dict[tuple[str, str], float]:
    """Read what Prometheus would read."""
    text = metrics.text(reader).decode()
    return {(sample.name, ",".join(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples}


def test_counters_and_figures(tmp_path: object) -> None:
    place = told(tmp_path / "out")  # type: ignore[operator]
    metrics = Metrics()
    for status in (200, 200, 404):
        metrics.request("/x", status, 0.01)
    metrics.scored(5, 2)
    metrics.release("taken", "v1")
    metrics.release("refused", "v2")
    with closing(LedgerReader(place)) as reader:
        found = figures(metrics, reader)
        assert found["riskwatch_requests_total", "/x,200"] == 2
        assert found["riskwatch_predictions_total", "1"] == 2
        assert found["riskwatch_predictions_total", "0"] == 3
        assert found["riskwatch_release_info", "v1"] == 1
        assert ("riskwatch_release_info", "v2") not in found
        assert found["riskwatch_latest_f1", "hold_out"] == 0.75
        assert found["riskwatch_latest_run_end", "check_said_no"] == 12
        place.ledger.rename(place.ledger.with_suffix(".away"))
        found = figures(metrics, reader)
    assert ("riskwatch_latest_f1", "hold_out") not in found
    assert found["riskwatch_requests_total", "/x,404"] == 1
