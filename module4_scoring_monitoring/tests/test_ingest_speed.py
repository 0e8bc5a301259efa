"""Ingest stays within its memory, and beats the usual way: a long proof."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.ingest import CASES, measure_ingest


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("rows", "files"), CASES)
def test_memory_is_bounded_and_known_files_cost_nothing(
        tmp_path: Path, say: Callable[[str], None], rows: int, files: int) -> None:
    found = measure_ingest(tmp_path / "bench", rows, files, rounds=1)
    say(f"ingest of {rows} rows in {files} files: {found['ours_cpu_seconds']} CPU s, "
        f"{found['ours_peak_megabytes']:.0f} MB; pandas {found['usual_cpu_seconds']} CPU s, "
        f"{found['usual_peak_megabytes']:.0f} MB; "
        f"known files {found['known_files_cpu_seconds']} s")
    assert found["ours_peak_megabytes"] < 512
    assert found["known_files_cpu_seconds"] < 1
    # With few rows the imports of both weigh as much as the work.
    assert found["usual_over_ours"] > (3 if rows >= 10_000_000 else 1.8)
