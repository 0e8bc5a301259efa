"""The measurements of serving run and say sensible things; what they say is for `make bench`."""

from pathlib import Path

import pytest

from benchmarks import serving
from benchmarks.load import has_wrk


@pytest.fixture(scope="module", name="prepared")
def prepared_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model and rows."""
    folder = tmp_path_factory.mktemp("bench")
    serving.prepare(folder, 2000)
    return folder


def test_uploads_and_starts_are_measured(prepared: Path) -> None:
    uploads = serving.csv_batch(prepared, 1, 1)
    assert uploads["rows"] >= 2000 and uploads["rows_per_second"] > 1000
    started = serving.start_and_memory(prepared, 1)
    assert 0 < started["ready_seconds"] and 20 < started["memory_megabytes"] < 120


@pytest.mark.skipif(not has_wrk(), reason="wrk, the load generator, is not installed")
def test_requests_are_measured_side_by_side(prepared: Path) -> None:
    one = serving.single_row(prepared, 1, 1)
    assert not any(one[f"{name}_refused"] for name in ("ours", "limit", "frame", "mlflow"))
    assert one["ours_over_frame"] > 5 and one["ours_over_mlflow"] > 5
    assert one["ours_over_limit_by_cpu"] > .3
    many = serving.json_batch(prepared, 1, 1)
    assert 0 < many["request_over_limit"] < 5
