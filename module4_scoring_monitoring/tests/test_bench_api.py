"""The measurements of the API can be started, and say what `make bench` will print."""

import sys
from pathlib import Path

import pytest

from benchmarks.api import measure_api


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="CPU time is read from /proc")
def test_a_small_measurement_gives_every_figure(tmp_path: Path) -> None:
    found = measure_api(tmp_path / "bench", rounds=1, requests=20, ledger_rows=500)
    assert {"cached_of_bare", "prediction_times_usual", "handler_times_usual",
            "page_p99_milliseconds"} < set(found)
    assert found["ledger_rows"] == 500 and all(value > 0 for value in found.values())
    assert found["handler_times_usual"] > 3  # far below the target, for a machine at work
