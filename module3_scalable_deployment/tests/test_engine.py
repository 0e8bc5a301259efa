"""Engines give the same bytes, and a worker's death costs time only."""

import json
import os
import signal
import sys
import time
from threading import Thread
from types import SimpleNamespace

import pytest
from dask_cluster import running_cluster
from part_files import whole_rows, write_part
from served_models import release_into

from census import engine
from census.cli import main

FILES = 24
ROWS = whole_rows(6000, seed=8)


@pytest.fixture(scope="module", name="table")
def table_fixture(tmp_path_factory):
    """A folder with a release and a table of 24 files, half of them Parquet."""
    folder = tmp_path_factory.mktemp("table")
    release_into(folder)
    for number in range(FILES):
        suffix = "parquet" if number % 2 else "csv"
        write_part(folder / "data" / f"part-{number:02}.{suffix}", ROWS[number * 100:])
    (folder / "data" / "_SUCCESS").touch()
    return folder


def score(table, target, *words):
    """Run the command and return its exit code."""
    return main(["score", "--data", str(table / "data"), "--scores", str(target),
                 "--out", str(table), *words])


def contents(folder):
    """Return the bytes of all files of a folder but the lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


@pytest.fixture(scope="module", name="scores")
def scores_fixture(table):
    """What one process makes of the table."""
    assert score(table, table / "scores") == 0
    return contents(table / "scores")


def test_every_file_has_answers_a_receipt_and_a_line_in_the_summary(scores):
    names = [f"part-{number:02}.{'parquet' if number % 2 else 'csv'}" for number in range(FILES)]
    assert sorted(scores) == sorted([*names, *(f"{name}.json" for name in names), "scores.json"])
    summary = json.loads(scores["scores.json"])
    assert sorted(summary["files"]) == names
    assert summary["rows"] == sum(6000 - number * 100 for number in range(FILES))


def test_two_processes_make_the_same_bytes(table, scores, tmp_path, capsys):
    assert score(table, tmp_path, "--workers", "2") == 0
    assert contents(tmp_path) == scores
    assert "24 of 24 files" in capsys.readouterr().err


def test_a_cluster_that_loses_a_worker_makes_the_same_bytes(table, scores, tmp_path, capsys):
    target = tmp_path / "scores"
    with running_cluster(tmp_path) as cluster:
        for name in ("one", "two"):
            cluster.add(name)
        victim, seen = cluster.workers["one"], []
        watcher = Thread(target=_kill_mid_way, args=(victim, target, seen), daemon=True)
        watcher.start()
        code = score(table, target, "--engine", "dask", "--scheduler", cluster.address)
        watcher.join(10)
        assert victim.wait(10) == -signal.SIGKILL
        assert cluster.workers["two"].poll() is None
    assert code == 0, capsys.readouterr().err
    assert 3 <= seen[0] < FILES - 4, "the worker was not killed mid-way"
    assert contents(target) == scores


def _kill_mid_way(victim, target, seen):
    """Kill a process when some parts are done, and note how many."""
    end = time.monotonic() + 60
    while time.monotonic() < end and not seen:
        done = len(list(target.glob("*.json"))) if target.exists() else 0
        if done >= 3:
            os.kill(victim.pid, signal.SIGKILL)
            seen.append(done)
        time.sleep(0.002)


def test_a_cluster_of_its_own_is_started_and_stopped(table, scores, tmp_path):
    assert score(table, tmp_path, "--engine", "dask", "--workers", "2") == 0
    assert contents(tmp_path) == scores


def test_a_second_run_goes_on_where_the_first_one_ended(table, scores, tmp_path, capsys):
    (table / "data" / "part-99.csv").write_text("age\n17\n")
    try:
        assert score(table, tmp_path) == 2
        said = capsys.readouterr().err.splitlines()[-1]
        assert "part-99.csv: line 1" in said and "mend it" in said
        assert "scores.json" not in contents(tmp_path)
    finally:
        (table / "data" / "part-99.csv").unlink()
    assert score(table, tmp_path) == 0
    assert "24 files were done before" in capsys.readouterr().out
    assert contents(tmp_path) == scores


@pytest.mark.parametrize(("words", "said"), [
    (["--data", "none"], "none: No such file"),
    (["--data", "odd"], "holds 'notes.txt'"),
    (["--data", "empty"], "holds no file"),
    (["--data", "data", "--scores", "data"], "names the folder of the data"),
    (["--data", "data", "--out", "empty"], "no current release"),
    (["--data", "data", "--out", ".", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"],
     "the Dask cluster at 'tcp://127.0.0.1:9'"),
    (["--data", "data", "--out", ".", "--engine", "dask", "--scheduler", "nonsense://x"],
     "the Dask cluster at 'nonsense://x'")])
def test_bad_input_is_one_line_and_exit_2(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engine, "_SECONDS_TO_ANSWER", 1)
    for name in ("odd", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "odd" / "notes.txt").touch()
    release_into(tmp_path)
    write_part(tmp_path / "data" / "a.csv", ROWS[:9])
    assert main(["score", "--scores", "scores", *words]) == 2
    printed = capsys.readouterr().err
    assert said in printed.splitlines()[-1] and "Traceback" not in printed


def test_without_dask_the_extra_is_named(table, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert score(table, tmp_path, "--engine", "dask") == 2
    assert "install the extra [dask]" in capsys.readouterr().err


def test_a_file_at_which_workers_die_again_and_again_is_given_up(tmp_path):
    import distributed  # pylint: disable=import-outside-toplevel  # slow, for this test only

    with running_cluster(tmp_path) as cluster:
        cluster.add("one")
        with pytest.raises(engine.InputError, match="died again and again; .*score_part-3"):
            with engine.ENGINES["dask"](1, cluster.address):
                raise distributed.KilledWorker(
                    "score_part-3", SimpleNamespace(address=cluster.address), 4)


def test_a_worker_with_other_code_is_refused():
    ours = dict(engine.what_computes())
    engine._check_workers({"tcp://one": ours})  # pylint: disable=protected-access
    with pytest.raises(engine.InputError, match="tcp://two has another code and numpy"):
        engine._check_workers({  # pylint: disable=protected-access
            "tcp://one": ours, "tcp://two": {**ours, "code": "0", "numpy": "1.0"}})


def test_a_second_run_into_the_same_folder_is_told_to_wait(table, tmp_path):
    with engine.hold(tmp_path):
        assert score(table, tmp_path) == 75
