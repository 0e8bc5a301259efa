"""What is counted can be read by Prometheus' own parser."""

from prometheus_client.parser import text_string_to_metric_families

from census.serving.metrics import MEDIA_TYPE, Metrics


def samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    """Return all samples by name and labels."""
    return {(sample.name, ",".join(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(metrics.text().decode())
            for sample in family.samples}


def test_requests_answers_and_models_are_counted() -> None:
    metrics = Metrics(lambda: 3)
    for status in (200, 200, 422):
        metrics.request("/v1/predictions", status, 0.002)
    metrics.scored([.1, .5, .9], .5)
    metrics.swap("taken", "first")
    metrics.swap("refused")
    metrics.swap("taken", "second")
    found = samples(metrics)
    assert found["census_requests_total", "/v1/predictions,200"] == 2
    assert found["census_requests_total", "/v1/predictions,422"] == 1
    assert found["census_request_seconds_count", "/v1/predictions"] == 3
    assert found["census_predictions_total", "<=50K"] == 1
    assert found["census_predictions_total", ">50K"] == 2
    assert found["census_model_changes_total", "taken"] == 2
    assert found["census_model_changes_total", "refused"] == 1
    assert found["census_requests_active", ""] == 3
    assert found["census_model_info", "second"] == 1
    assert ("census_model_info", "first") not in found


def test_two_services_count_apart() -> None:
    first, second = Metrics(lambda: 0), Metrics(lambda: 0)
    first.request("/", 200, .1)
    assert ("census_requests_total", "/,200") not in samples(second)


def test_the_type_is_that_of_prometheus() -> None:
    assert MEDIA_TYPE.startswith("text/plain; version=")
