"""One job: what it gives, and what the submission raises, are both an answer."""

import itertools
import json
import os
import sys

import pytest

from coursekit.inside import jobs
from coursekit.inside.values import decode

COUNT = itertools.count()
LIBRARY = '''
import sys

class Loud(Exception):
    def __str__(self):
        raise ValueError("no text")

def double(number, *, times=2):
    return number * times

def fails(how):
    if how == "loud":
        raise Loud
    if how == "exit":
        sys.exit("goodbye")
    if how == "interrupt":
        raise KeyboardInterrupt
    if how == "memory":
        raise MemoryError
    if how == "deep":
        return fails(how)
    raise ValueError("x" * 100_000 + " the end")
'''


@pytest.fixture(name="job")
def _job(tmp_path, monkeypatch):
    """Return a function that runs a job on a small submission."""
    name = f"library_of_jobs_{next(COUNT)}"
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / f"{name}.py").write_text(LIBRARY, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.chdir(tmp_path)
    functions = {"double": [f"{name}:double"], "fails": [f"{name}:fails"],
                 "lost": [f"{name}:lost"]}

    def job(kind, **more):
        given = {"path": ["src", "nowhere"], "functions": functions, "args": [], "kwargs": {},
                 **more, "kind": kind}
        # As it crosses the sandbox.
        return json.loads(json.dumps(jobs.run_job(given, str(tmp_path))))

    yield job
    sys.modules.pop(name, None)


def test_a_call_is_given_its_arguments(job):
    assert job("call", name="double", args=[4]) == {"ok": True, "value": 8}
    assert job("call", name="double", args=["ab"], kwargs={"times": 3})["value"] == "ababab"
    assert sys.path[0].endswith("/src") and not any("nowhere" in path for path in sys.path)


@pytest.mark.parametrize(("how", "kind", "name", "text"), [
    ("raise", "exception", "ValueError", "the end"), ("loud", "exception", "Loud", "Loud"),
    ("exit", "exit", "SystemExit", "goodbye"), ("memory", "memory", "MemoryError", "fails"),
    ("interrupt", "exception", "KeyboardInterrupt", "fails"),
    ("deep", "exception", "RecursionError", "maximum recursion")])
def test_whatever_is_raised_becomes_an_answer(job, how, kind, name, text):
    found = job("call", name="fails", args=[how])
    assert (found["ok"], found["kind"], found["type"]) == (False, kind, name)
    assert text in found["text"] and len(found["text"]) <= jobs.MOST_TRACE
    assert not found.get("inside_probe")


def test_a_function_that_is_not_there_says_where_it_was_sought(job):
    found = job("call", name="lost")
    assert found["type"] == "LookupError" and ":lost: AttributeError" in found["text"]


@pytest.mark.parametrize(("body", "is_the_probes"), [
    ("return 1 / 0", True), ("return contract.fails('raise')", False),
    ("return contract.lost(1)", True), ("return contract.double()", True)])
def test_the_last_frame_says_whose_fault_it_was(job, body, is_the_probes):
    source = f"def tried(contract):\n    {body}\n"
    assert job("run", name="tried", source=source)["inside_probe"] is is_the_probes


def test_a_probe_gives_values_of_every_form(job):
    source = "def tried(contract, number):\n    return (contract.double(number), {1: None})\n"
    found = job("run", name="tried", source=source, kwargs={"number": 1.5})
    assert decode(found["value"]) == [3.0, {1: None}]


def test_names_are_resolved_with_their_signatures(job):
    found = {entry[0]: entry[1:] for entry in job("resolve")["value"]}
    assert found["double"][0].endswith(":double") and found["double"][1:] == [
        None, "(number, *, times=2)"]
    assert found["lost"][0] is None and "AttributeError" in found["lost"][1]


def test_a_command_finds_the_submissions_modules_and_gives_its_code(job, tmp_path):
    name = next((tmp_path / "src").glob("*.py")).stem
    code = f"import os, {name}; open('made', 'w').write(os.getcwd()); raise SystemExit(4)"
    assert job("command", argv=["python", "-c", code]) == {"ok": True, "value": 4}
    assert (tmp_path / "made").read_text(encoding="utf-8") == os.path.realpath(tmp_path)
    assert job("command", argv=["no-such-program"])["type"] == "FileNotFoundError"
