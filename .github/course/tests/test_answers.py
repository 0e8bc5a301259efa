"""Whatever comes out of the sandbox is read without harm to the grader."""

import base64
import json
import math
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.answers import WORDS, Result, read_answer
from coursekit.expect import GraderFault, SubmissionFault
from coursekit.inside.values import FORMS

JOBS = [{"kind": kind} for kind in ("call", "run", "resolve", "tests", "command")]
NUMBERS = st.integers() | st.floats() | st.just(10 ** 400) | st.booleans()
LEAVES = st.none() | NUMBERS | st.text(max_size=8)
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
    st.text(max_size=4), inner, max_size=4), max_leaves=8)
#: What looks like a value of `encode`, with anything in its parts.
DTYPES = st.sampled_from([
    "int64", "int8", "uint8", "float64", "bool", "str", "object", "category", "Int64", "interval",
    "datetime64[ns]", "datetime64[Y]", "int8,int8", "int8,(500000000,)f8", "float99", "boolean",
    "string[x]", "uint7", "", "datetime64[ns, Nowhere/X]", "int64\0"])
FORGED = st.recursive(LEAVES, lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*FORMS, "$x"]), inner,
                                                 max_size=2),
    st.lists(st.lists(inner, min_size=2, max_size=2), max_size=3).map(lambda it: {"$items": it}),
    st.fixed_dictionaries({"dtype": DTYPES | inner, "shape": st.lists(
        st.integers(-2, 3) | inner, max_size=3), "data": st.lists(inner, max_size=4)}).map(
            lambda it: {"$array": it}),
    st.fixed_dictionaries({"dtype": DTYPES | inner, "index": st.lists(inner, max_size=3),
                           "name": inner, "data": st.lists(inner, max_size=3)}).map(
                               lambda it: {"$series": it}),
    st.integers(0, 2).flatmap(lambda rows: st.fixed_dictionaries({
        "columns": st.lists(inner, max_size=2), "dtypes": st.lists(DTYPES | inner, max_size=2),
        "index": st.lists(inner, min_size=rows, max_size=rows) | inner,
        "data": st.lists(st.lists(inner, min_size=rows, max_size=rows), max_size=2)})).map(
            lambda it: {"$frame": it})), max_leaves=12)
INNER = st.one_of(
    FORGED.map(lambda value: {"ok": True, "value": value}), ANYTHING,
    st.fixed_dictionaries({"ok": ANYTHING, "kind": ANYTHING, "type": ANYTHING, "text": ANYTHING}))
ANSWERS = st.fixed_dictionaries({}, optional={
    "answer": INNER.map(json.dumps) | ANYTHING, "ended": st.sampled_from(
        ["done", "timeout", "output", "killed", "x"]) | ANYTHING,
    "stdout": ANYTHING, "stderr": ANYTHING, "code": NUMBERS | ANYTHING,
    "seconds": NUMBERS | ANYTHING, "cpu": NUMBERS | ANYTHING,
    "files": st.dictionaries(st.text(max_size=6), ANYTHING, max_size=3) | ANYTHING})


def through_json(answer):
    """Return an answer as the grader reads it from the server's line."""
    return json.loads(json.dumps(answer))


@settings(max_examples=400, deadline=None)
@given(ANSWERS, st.sampled_from(JOBS))
def test_no_answer_breaks_the_grader(answer, job):
    found = read_answer(through_json(answer), job, "ran", 1.0)
    assert isinstance(found, Result)
    assert isinstance(found.stdout, str) and isinstance(found.stderr, str)
    assert isinstance(found.exit_code, int)
    assert 0 <= found.seconds < math.inf and 0 <= found.cpu_seconds < math.inf
    assert all(isinstance(name, str) and isinstance(data, bytes)
               for name, data in found.files.items())
    assert found.fault is None or isinstance(found.fault, SubmissionFault)
    # What a report is made of can be written.
    json.dumps([found.stdout, found.exit_code, found.seconds, found.cpu_seconds],
               allow_nan=False)


def done(value, **more):
    """Return an answer of a job that went well."""
    return {"ended": "done", "answer": json.dumps({"ok": True, "value": value}), "code": 0,
            "seconds": 1.5, "cpu": 0.5, "stdout": "o", "stderr": "e", **more}


def test_a_good_answer_arrives():
    data = base64.b64encode(b"\x00x").decode()
    found = read_answer(done({"$float": "inf"}, files={"a/b": data}), {"kind": "call"}, "f()", 1)
    assert found == Result(math.inf, "o", "e", {"a/b": b"\x00x"}, 0, 1.5, 0.5, "f()")


def test_the_exit_code_of_a_command_is_its_value():
    assert read_answer(done(3), {"kind": "command"}, "x", 1).exit_code == 3


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "a\0b"])
def test_a_file_that_leads_elsewhere_is_dropped(name):
    assert not read_answer(done(1, files={name: "eA=="}), {"kind": "call"}, "x", 1).files


@pytest.mark.parametrize("text", ["x", "eA", "eA==\n!", "é"])
def test_a_file_that_is_not_base64_is_dropped(text):
    assert not read_answer(done(1, files={"a": text}), {"kind": "call"}, "x", 1).files


@pytest.mark.parametrize("ended", [*WORDS, "x"])
def test_an_end_before_time_is_told(ended):
    found = read_answer(done(1, ended=ended, stderr="the last words"), {"kind": "call"}, "x", 7)
    assert found.fault.kind == (ended if ended in WORDS else "killed")
    assert WORDS[found.fault.kind] in found.fault.text and "the last words" in found.fault.text
    assert ("7 s" in found.fault.text) == (ended == "timeout")


def test_what_the_submission_raised_is_its_fault():
    raised = {"ok": False, "kind": "exception", "type": "ValueError", "text": "no"}
    found = read_answer(done(1, answer=json.dumps(raised)), {"kind": "call"}, "f()", 1)
    assert (found.fault.kind, found.fault.type, found.fault.text) == ("exception", "ValueError",
                                                                      "no")


def test_a_fault_inside_of_a_probe_is_the_graders_and_only_there():
    raised = json.dumps({"ok": False, "kind": "exception", "type": "ValueError", "text": "no",
                         "inside_probe": True})
    with pytest.raises(GraderFault, match="the probe itself"):
        read_answer(done(1, answer=raised), {"kind": "run"}, "x", 1)
    assert read_answer(done(1, answer=raised), {"kind": "call"}, "x", 1).fault.text == "no"


def test_a_fault_of_the_server_is_the_graders():
    with pytest.raises(GraderFault, match="no space"):
        read_answer({"server_fault": "no space"}, {"kind": "call"}, "x", 1)


@pytest.mark.parametrize("depth", [200, 100_000])
def test_an_answer_nested_deep_is_not_readable(depth):
    for start, end in ("[", "]"), ('{"$items":[[1,', "]]}"):
        text = f'{{"ok": true, "value": {start * depth}1{end * depth}}}'
        found = read_answer(done(1, answer=text), {"kind": "call"}, "x", 1)
        assert depth == 200 or found.fault.type == "answer"


@pytest.mark.parametrize("value", [
    {"$array": {"dtype": "int64", "shape": [1], "data": [10 ** 30]}},
    {"$array": {"dtype": "uint8", "shape": [1], "data": [-1]}},
    {"$array": {"dtype": "float64", "shape": [1], "data": [10 ** 400]}},
    {"$array": {"dtype": "int64", "shape": [10 ** 12], "data": [1]}},
    {"$items": [[{"$items": []}, 1]]},
    {"$series": {"dtype": "int64", "index": [1, 2], "name": "x", "data": [1]}}])
def test_a_value_that_cannot_be_is_not_readable(value):
    assert read_answer(done(value), {"kind": "call"}, "x", 1).fault.type == "answer"


def test_a_type_that_takes_gigabytes_is_not_made():
    """One number of this type is as large as the memory of a machine."""
    value = {"$array": {"dtype": "int8,(900000000,)f8", "shape": [1], "data": [1]}}
    tracemalloc.start()
    found = read_answer(done(value), {"kind": "call"}, "x", 1)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000 and found.value.dtype == object


@pytest.mark.parametrize("kind", ["string[pyarrow]", "interval", "int8,int8", "float99",
                                  "datetime64[ns, Nowhere/X]"])
def test_a_column_of_an_unknown_type_arrives_as_objects(kind):
    value = {"$series": {"dtype": kind, "index": [0], "name": "x", "data": [1]}}
    found = read_answer(done(value), {"kind": "call"}, "x", 1)
    assert found.value.dtype == object and found.value.tolist() == [1]
