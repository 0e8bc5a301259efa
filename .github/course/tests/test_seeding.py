"""Marks of a ``bugs.py`` are kept in their order, and a sentinel raises whatever it is given."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_rubric import BUGS

from coursekit.inside import seeding
from coursekit.suites import read_marks

ROOT = Path(__file__).resolve().parents[3]
ANY = st.none() | st.integers() | st.text(max_size=3)


@pytest.fixture(autouse=True)
def _no_marks(monkeypatch):
    monkeypatch.setattr(seeding, "MARKED", [])


def test_what_is_run_inside_is_what_is_read_outside():
    exec(compile(BUGS, "<bugs>", "exec"), {})  # pylint: disable=exec-used
    marked = [(mark.kind, mark.name, mark.function, mark.title) for mark in seeding.MARKED]
    assert marked == [(mark.kind, mark.name, mark.function, mark.title)
                      for mark in read_marks(BUGS)]
    assert [mark[0] for mark in marked] == ["bug", "control"]


@pytest.mark.parametrize("file", sorted(ROOT.glob("module*/rubric/bugs.py")),
                         ids=lambda file: file.parent.parent.name)
def test_a_rubric_has_a_control_for_each_function_with_faults(file):
    marks = read_marks(file.read_text("utf-8"))
    functions = {kind: {mark.function for mark in marks if mark.kind == kind}
                 for kind in ("bug", "control")}
    assert functions["bug"] <= functions["control"]
    assert sum(mark.kind == "bug" for mark in marks) >= 15
    assert len({mark.title for mark in marks}) == len({mark.name for mark in marks}) == len(marks)


def test_a_mark_leaves_the_function_as_it_is():
    def wrapper(original, *args, **kwargs):
        return original(*args, **kwargs) + 1

    assert seeding.bug("double", "adds one")(wrapper) is wrapper
    assert seeding.MARKED == [seeding.Seeded("bug", "wrapper", "double", "adds one", wrapper)]
    assert wrapper(abs, -2) == 3


@given(st.lists(ANY, max_size=3), st.dictionaries(st.text(max_size=3), ANY, max_size=3))
def test_a_sentinel_never_calls_the_function(args, kwargs):
    called = []
    entry = seeding.sentinel("double")
    with pytest.raises(seeding.SentinelError, match="double was called"):
        entry.wrapper(lambda *_, **__: called.append(1), *args, **kwargs)
    assert not called and (entry.kind, entry.name, entry.function) == (
        "sentinel", "double", "double")


def test_a_sentinel_is_no_error_that_code_is_wont_to_catch():
    assert not issubclass(seeding.SentinelError, (OSError, ValueError, LookupError, TypeError,
                                                  AssertionError, ArithmeticError))
