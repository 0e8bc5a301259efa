"""The benchmark measures what it says, and says no when a limit is missed."""

import json
import sys

import pytest
from small_rubric import needs_bubblewrap

from benchmarks import run
from coursekit.environment import CACHE, reference_environment
from coursekit.rubric import load_rubric


def test_a_fork_is_the_module_without_its_rubric(tmp_path):
    fork = run.write_fork(tmp_path / "fork")
    assert {path.name for path in fork.iterdir()} == set(run.PARTS)
    assert not list(fork.rglob("__pycache__"))


def test_a_command_is_timed_and_may_not_break_off():
    wall, cpu = run.timed([sys.executable, "-c", "sum(range(4_000_000))"])
    assert 0.02 < cpu <= wall + 0.1
    with pytest.raises(SystemExit, match="ended with 4"):
        run.timed([sys.executable, "-c", "raise SystemExit(4)"])


def test_the_quick_verbs_are_started():
    found = run.measure_verbs(1)
    assert set(found) == {"list_seconds", "hint_seconds"} and min(found.values()) > 0.02


@needs_bubblewrap
@pytest.mark.timeout(300)
@pytest.mark.skipif(not (run.MODULE / ".venv" / ".ready").exists(), reason="needs make setup-1")
def test_planted_faults_are_run_beside_fresh_processes(tmp_path, monkeypatch):
    names = ["loses_the_last_customer", "saves_no_picture"]
    monkeypatch.setattr(run.Desk, "suite", property(lambda desk, whole=run.Desk.suite.func:
                                                    few(desk, whole, names)))
    found = run.measure_faults(run.write_fork(tmp_path / "fork"), reference_environment(
        load_rubric(run.MODULE / "rubric"), CACHE).python, 1)
    assert found["faults"] == found["faults_found"] == 2
    assert 0.05 < found["fault_cpu_seconds_median"] <= found["fault_cpu_seconds_most"] < 5
    assert found["fresh_over_forked"] > 1.5


def few(desk, whole, names):
    """Return the suite of a desk with a few planted faults."""
    if "_few" not in vars(desk):
        suite = whole(desk)
        suite.bugs = type(suite.bugs)(names, suite.bugs.__getitem__)
        vars(desk)["_few"] = suite
    return vars(desk)["_few"]


@pytest.mark.parametrize(("seconds", "code"), [(42.0, 0), (91.0, 1)])
def test_a_missed_limit_is_said_and_told_by_the_exit_code(tmp_path, monkeypatch, capsys, seconds,
                                                          code):
    monkeypatch.setattr(run, "measure_grade", lambda *_: {"grade_seconds": seconds})
    monkeypatch.setattr(run, "measure_faults", lambda *_: {"fault_cpu_seconds": 0.5})
    monkeypatch.setattr(run, "measure_verbs", lambda *_: {"list_seconds": 0.1,
                                                          "hint_seconds": 0.1})
    assert run.main(["--out", str(tmp_path / "bench.json"), "--rounds", "1"]) == code
    assert ("MISSED" in capsys.readouterr().out) is bool(code)
    assert json.loads((tmp_path / "bench.json").read_text("utf-8"))["grade_seconds"] == seconds
