"""The worst test decides, and long texts are cut."""

import base64

import pytest
from test_report import DOT

from coursekit.states import (ERROR, FAIL, MOST_PICTURE_BYTES, NOT_CHECKED, PASS, Failure, Outcome,
                              cut)


@pytest.mark.parametrize(("given", "state"), [
    ([PASS, PASS], PASS), ([PASS, FAIL, PASS], FAIL), ([FAIL, ERROR], ERROR),
    ([PASS, NOT_CHECKED], NOT_CHECKED), ([NOT_CHECKED, FAIL], FAIL)])
def test_the_worst_state_stays(given, state):
    outcome = Outcome("M1-01")
    for one in given:
        outcome.add(one)
    assert outcome.state == state


def test_the_reason_is_that_of_the_worst():
    outcome = Outcome("M1-01")
    outcome.add(NOT_CHECKED, "not built")
    outcome.add(ERROR, "broke off")
    outcome.add(PASS, "fine")
    assert outcome.as_dict()["reason"] == "broke off"


def test_what_is_no_picture_or_too_large_is_told_and_not_shown():
    outcome, dot = Outcome("M1-01"), base64.b64decode(DOT)
    outcome.show("dot.png", dot)
    outcome.show("page.png", b"<svg onload=alert(1)>")
    outcome.show("bomb.png", dot[:16] + (60_000).to_bytes(4) * 2 + dot[24:])
    outcome.show("large.png", dot + bytes(MOST_PICTURE_BYTES))
    found = outcome.as_dict()
    assert found["pictures"] == [{"name": "dot.png", "png": DOT}]
    assert [line.partition(":")[0] for line in found["evidence"]] \
        == ["page.png", "bomb.png", "large.png"]


def test_a_long_text_keeps_its_beginning_and_its_end():
    lines = cut("\n".join(f"line {number}" for number in range(100))).splitlines()
    assert len(lines) == 20 and lines[0] == "line 0" and lines[-1] == "line 99"
    assert "81 lines left out" in lines[6]


def test_long_lines_are_cut():
    assert len(cut("x" * 10_000)) < 310


def test_a_failure_is_cut_in_each_part():
    parts = Failure("t", "a\n" * 50, "b\n" * 50, "c\n" * 50).as_dict()
    assert all(len(parts[name].splitlines()) <= 20 for name in ("ran", "expected", "got"))
