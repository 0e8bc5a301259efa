"""The benchmarks: that what they compare is the same work, and that a failure is no figure."""

import json
import os

import pytest
from quick import WORDS, quick_settings

from benchmarks import bare, other_tools, run
from benchmarks.cost import CommandFailed, Cost, cost_of, interleaved, total
from rentals.artifacts import Store
from rentals.contents import content_of
from rentals.plan import units


def test_the_bare_work_makes_the_bytes_of_the_pipeline(home, tmp_path):
    assert bare.main(["--out", str(tmp_path / "bare"), *WORDS]) == 0
    store = Store(home / "out" / "artifacts")
    names = [name for unit in units(quick_settings()) for name in unit.outputs]
    assert {name: content_of(tmp_path / "bare" / name).digest for name in names} == {
        name: store.find(f"{name}:latest").digest for name in names}


def test_the_small_steps_are_all_steps_with_two_candidates():
    titles = [unit.title for unit in units(quick_settings(*run.SMALL))]
    assert titles == ["fetch", "explore", "clean", "check", "split", "train median",
                      "train ridge", "select", "evaluate", "release"]


def test_a_dvc_project_has_a_stage_for_each_unit_with_what_it_reads_and_makes(tmp_path):
    plan = units(quick_settings())
    assert other_tools.write_dvc_project(tmp_path, WORDS) == len(plan)
    stages = json.loads((tmp_path / "dvc.yaml").read_text("utf-8"))["stages"]
    assert [stage["outs"] for stage in stages.values()] == [list(unit.outputs) for unit in plan]
    assert [set(stage["deps"]) for stage in stages.values()] == [
        {one.reference.partition(":")[0] for one in unit.inputs} for unit in plan]
    assert "--unit 'train ridge' data.rows=700" in stages["train-ridge"]["cmd"]


def test_the_cost_of_a_command_counts_its_children(tmp_path):
    burn = "t = __import__('time'); e = t.process_time() + {}\nwhile t.process_time() < e: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn.format(.4)!r}])"
    cost = cost_of(["-c", child], tmp_path)
    assert 0.4 <= cost.cpu_seconds < 5
    assert cost.peak_megabytes > 5
    assert cost_of(["-c", ""], tmp_path).cpu_seconds < cost.cpu_seconds


def test_a_command_that_fails_has_no_cost_and_says_what_it_printed(tmp_path):
    with pytest.raises(CommandFailed, match="(?s)exit 3: -c .*out of paper"):
        cost_of(["-c", "print('out of paper'); raise SystemExit(3)"], tmp_path)


def test_works_take_turns_and_the_median_of_each_counts(tmp_path):
    order = []

    def work(name, seconds):
        def measured(place):
            order.append((name, place.name, len(os.listdir(place))))
            return Cost(seconds[len(order) // 2 % 3], 1, 1)
        return measured

    found = interleaved({"a": work("a", [1, 9, 2]), "b": work("b", [5, 5, 5])}, 3, tmp_path)
    assert [name for name, _, _ in order] == ["a", "b"] * 3
    assert [place for _, place, _ in order[::2]] == ["round 0", "round 1", "round 2"]
    assert found["a"].cpu_seconds == 2 and found["b"].cpu_seconds == 5
    assert total([Cost(1, 2, 3), Cost(1, 2, 1)]) == Cost(2, 4, 3)
