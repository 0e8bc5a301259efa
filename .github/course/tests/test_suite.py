"""The run of a submission's tests inside: what each said, in which order, and what it called."""

import itertools
import json
import os
import subprocess
import sys

import pytest
from small_rubric import BUGS, LIBRARY

from coursekit.inside import suite

COUNT = itertools.count()
TESTS = '''
import pytest
from {name} import double

def test_passes():
    assert double(2) == 4

def test_fails():
    assert double(2) == 5, "the text of a failure"

def test_skips():
    pytest.skip("no")

@pytest.fixture
def broken():
    raise ValueError("in the set-up")

def test_error(broken):
    pass

@pytest.fixture
def untidy():
    yield 1
    assert False, "left untidy"

def test_untidy(untidy):
    double(untidy)

@pytest.mark.parametrize("number", range(5))
def test_many(number):
    assert True
'''
PROGRAM = ("import json, sys; sys.path[:0] = [sys.argv[1], sys.argv[2]]; "
           "from coursekit.inside import suite; job = json.loads(sys.argv[3]); "
           "found = suite.run_tests(job, sys.argv[2]); print('FOUND' + json.dumps(found))")
INSIDE = suite.__file__.rpartition("/coursekit/")[0]


@pytest.fixture(name="run")
def _run(tmp_path):
    """Return a function that runs the tests of a submission in a process of their own."""
    name = f"tested{next(COUNT)}"
    (tmp_path / f"{name}.py").write_text(LIBRARY, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(TESTS.replace("{name}", name), encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}

    def run(tests=("test_it.py",), **more):
        job = {"tests": list(tests), "functions": {"double": [f"{name}:double"]}, "bugs": BUGS,
               **more}
        done = subprocess.run([sys.executable, "-c", PROGRAM, INSIDE, str(tmp_path),
                               json.dumps(job)], capture_output=True, text=True, timeout=60,
                              check=True, env=environment, cwd=tmp_path)
        return json.loads(done.stdout.rpartition("FOUND")[2])

    return run


def by_state(found):
    """Return the names of the tests by what they said."""
    states = {}
    for name, state in found["outcomes"].items():
        states.setdefault(state, []).append(name.partition("::")[2])
    return states


def test_each_test_says_how_it_ended(run):
    found = run()
    states = by_state(found)
    assert states.pop("passed") == ["test_passes", *(f"test_many[{n}]" for n in range(5))]
    assert states == {"failed": ["test_fails"], "skipped": ["test_skips"],
                      "error": ["test_error", "test_untidy"]}
    assert found["exit_code"] == 1 and found["errors"] == 0 and not any(found["calls"].values())
    told = "\n".join(found["texts"])
    assert "the text of a failure" in told and "in the set-up" in told


def test_the_first_failure_ends_it_when_asked(run):
    assert set(run(stop=True)["outcomes"]) == {"test_it.py::test_passes", "test_it.py::test_fails"}


def test_who_calls_a_function_is_noted(run):
    calls = {name.partition("::")[2]: seen for name, seen in run(trace=True)["calls"].items()}
    assert {name for name, seen in calls.items() if seen == ["double"]} == {
        "test_passes", "test_fails", "test_untidy"}


@pytest.mark.parametrize(("seeded", "state"), [
    (["bug", "adds_one"], "failed"), (["control", "the_same"], "passed"),
    (["sentinel", "double"], "failed")])
def test_a_wrapper_is_in_place_before_the_tests_are_collected(run, seeded, state):
    found = run(["test_it.py::test_passes"], seeded=seeded)
    assert by_state(found) == {state: ["test_passes"]}
    if seeded[0] == "sentinel":
        assert "SentinelError: double was called" in found["texts"][0]


def test_the_order_comes_from_the_seed(run):
    first, again, other = (list(run(order_seed=seed)["outcomes"]) for seed in (3, 3, 4))
    plain = list(run()["outcomes"])
    assert first == again != other and plain not in (first, other)
    assert sorted(first) == sorted(other) == sorted(plain)


def test_what_cannot_be_collected_is_counted(run, tmp_path):
    (tmp_path / "test_broken.py").write_text("import nowhere_at_all\n", encoding="utf-8")
    found = run(["test_it.py", "test_broken.py"])
    assert found["errors"] == 1 and "nowhere_at_all" in found["texts"][0]
    assert found["exit_code"] == 2


def test_nothing_is_written_into_the_copy(run, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    run()
    assert sorted(tmp_path.rglob("*")) == before
