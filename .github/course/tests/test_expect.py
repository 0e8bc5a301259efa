"""A rubric's test says no with what was run, expected and got."""

import pandas as pd
import pytest

from coursekit.expect import (CriterionFailure, NotChecked, expect, expect_true, fail, last_lines,
                              not_checked)


def test_equal_values_say_nothing():
    expect([1, "a"], [1, "a"], "a list")


def test_another_value_is_shown_beside_the_expected_one():
    with pytest.raises(CriterionFailure) as failure:
        expect({"rows": 3}, {"rows": 4}, "rows of the frame")
    assert (failure.value.ran, failure.value.expected, failure.value.got) \
        == ("rows of the frame", "{'rows': 4}", "{'rows': 3}")


@pytest.mark.parametrize("got", [False, 0, None])
def test_a_sentence_that_does_not_hold_is_what_was_expected(got):
    expect(True, True, "three pictures")
    with pytest.raises(CriterionFailure) as failure:
        expect(got, True, "three pictures")
    assert (failure.value.ran, failure.value.expected, failure.value.got) \
        == ("", "three pictures", "it does not hold")


def test_a_condition_says_its_expectation_in_words():
    expect_true(True, "a", "b", "c")
    with pytest.raises(CriterionFailure, match="at least one"):
        expect_true(False, "tests", "at least one", 0)


def test_a_failure_is_an_assertion_and_not_checked_is_none():
    with pytest.raises(AssertionError):
        fail("a", 1, 2)
    with pytest.raises(NotChecked, match="no data"):
        not_checked("no data")
    assert not issubclass(NotChecked, AssertionError)


def test_frames_are_no_trap():
    with pytest.raises(ValueError, match="ambiguous"):
        expect(pd.DataFrame({"a": [1, 2]}), 3, "a frame")


def test_the_last_lines_are_whole_and_say_that_others_were_left_out():
    assert last_lines("") == "" and last_lines("one\ntwo\n") == "one\ntwo"
    assert last_lines("one\ntwo\nthree", count=2) == "…\ntwo\nthree"
    assert last_lines("a" * 30 + "\nshort\nlast", most=15) == "…\nshort\nlast"
    assert last_lines("first\n" + "b" * 30 + "end", most=10) == "…\n" + "b" * 7 + "end"
