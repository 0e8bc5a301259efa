"""The engine stays within its memory, off the network, and names its faults."""

from pathlib import Path

import pytest

from riskwatch.engine import connected, quoted
from riskwatch.errors import DatasetError, OutputError
from riskwatch.workplace import Workplace


def test_paths_are_literals_and_no_patterns() -> None:
    assert quoted(Path("a'b*")) == "'a''b*'"
    assert quoted(Path("a'[b]*?"), is_read=True) == "'a''[[]b][*][?]'"


def test_settings_reach_the_engine_and_nothing_stays_behind(place: Workplace) -> None:
    with connected(place) as connection:
        values = [connection.execute(f"SELECT current_setting('{name}')").fetchone() for name in (
            "threads", "memory_limit", "autoload_known_extensions")]
        assert values[0] == (1,) and values[2] == (False,)
        assert values[1] and "190" in values[1][0]  # 200 MB, in MiB
    assert not list((place.data / "work").iterdir())


def test_faults_of_the_engine_are_ours(place: Workplace) -> None:
    with pytest.raises(DatasetError, match="riskwatch audit"), connected(place) as connection:
        connection.execute("SELECT * FROM read_parquet('/nowhere.parquet')")
    with pytest.raises(OutputError, match="ingest.memory_megabytes"), connected(
            place) as connection:
        connection.execute("SET max_temp_directory_size = '1MB'")
        connection.execute("SELECT max(x) FROM (SELECT DISTINCT repeat('x', 50) || range AS x "
                           "FROM range(10000000))")
