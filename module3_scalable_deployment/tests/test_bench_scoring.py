"""The benchmark of scoring runs every way and counts what it says."""

import pytest

from benchmarks.scoring import measure


def test_every_way_is_measured(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.scoring.prepare", lambda folder: _prepare(folder, 3000))
    found = measure(tmp_path, rows=8000, rounds=1)
    assert len(found) == 6
    start = found["almost nothing, one process"]["cpu_seconds"]
    for name in ("CSV", "Parquet"):
        figures = found[f"{name}, one process"]
        assert figures["cpu_microseconds_a_row"] == pytest.approx(
            (figures["cpu_seconds"] - start) / 8000 * 1e6)
    dask, plain = (found[f"almost nothing, {way}"]["cpu_seconds"]
                   for way in ("Dask with two workers", "one process"))
    assert dask > plain


def _prepare(folder, rows):
    from benchmarks.serving import prepare  # pylint: disable=import-outside-toplevel

    prepare(folder, rows)
