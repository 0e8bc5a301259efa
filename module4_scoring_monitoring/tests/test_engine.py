"""The engine stays within its memory, off the network, and names its faults."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from riskwatch.engine import connected, forget_engines, quoted
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
    assert not [path for path in (place.data / "work").rglob("*") if path.is_file()]


def test_faults_of_the_engine_are_ours(place: Workplace) -> None:
    with pytest.raises(DatasetError, match="riskwatch audit"), connected(place) as connection:
        connection.execute("SELECT * FROM read_parquet('/nowhere.parquet')")
    with pytest.raises(OutputError, match="ingest.memory_megabytes"), connected(
            place) as connection:
        connection.execute("SET max_temp_directory_size = '1MB'")
        connection.execute("SELECT max(x) FROM (SELECT DISTINCT repeat('x', 50) || range AS x "
                           "FROM range(10000000))")


@pytest.fixture(name="opened")
def opened_engines(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What engines are opened with, from here on."""
    forget_engines()
    seen: list[object] = []
    connect = duckdb.connect

    def noting(name: str, config: dict[str, object]) -> duckdb.DuckDBPyConnection:
        seen.append(config["temp_directory"])
        return connect(name, config=config)  # type: ignore[arg-type]

    monkeypatch.setattr(duckdb, "connect", noting)
    return seen


def test_one_engine_serves_a_workplace_and_connections_share_no_tables(
        place: Workplace, tmp_path: Path, opened: list[object]) -> None:
    for _ in range(3):
        with connected(place) as connection:
            connection.execute("CREATE TEMP TABLE mine AS SELECT 1 AS x")
    assert len(opened) == 1
    with connected(replace(place, out=tmp_path / "other")), connected(place):
        pass
    assert len(opened) == 3 and opened[0] == opened[2] != opened[1]


def test_a_fault_gives_the_engine_up_and_the_next_one_is_new(
        place: Workplace, opened: list[object]) -> None:
    with pytest.raises(DatasetError), connected(place) as connection:
        connection.execute("SET memory_limit = '150MB'")
        connection.execute("SELECT * FROM nothing")
    with connected(place) as connection:
        assert connection.execute("SELECT current_setting('memory_limit')").fetchone() == (
            "190.7 MiB",)
    assert len(opened) == 2


def test_an_engine_spills_also_after_its_folder_was_cleared(place: Workplace) -> None:
    few = replace(place, settings=place.settings.model_copy(update={
        "ingest": place.settings.ingest.model_copy(update={"memory_megabytes": 100})}))
    for _ in range(2):
        with connected(few) as connection:
            assert connection.execute(
                "SELECT count(*) FROM (SELECT DISTINCT repeat('x', 50) || range FROM "
                "range(1500000))").fetchone() == (1500000,)
        shutil.rmtree(place.data / "work")


def test_a_fork_opens_an_engine_of_its_own(place: Workplace, opened: list[object]) -> None:
    with connected(place):
        pass
    child = os.fork()
    if child == 0:
        with connected(place) as connection:
            connection.execute("SELECT 1")
        os._exit(len(opened))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    with connected(place) as connection:
        assert connection.execute("SELECT 2").fetchone() == (2,)
