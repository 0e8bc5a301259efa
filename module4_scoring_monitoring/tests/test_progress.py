"""Progress is a bar on a terminal and plain lines elsewhere."""

import logging

import pytest

from riskwatch.progress import shown_progress


def test_without_a_terminal_each_step_is_two_plain_lines(caplog):
    caplog.set_level(logging.INFO)
    with shown_progress(1, is_terminal=False) as step:
        with step("load data"):
            pass
    begin, end = caplog.messages
    assert begin == "load data ..."
    assert end.startswith("load data: ") and end.endswith(" s")


def test_on_a_terminal_a_bar_counts_the_steps(capsys):
    with shown_progress(2, is_terminal=True) as step:
        with step("one"):
            pass
        with step("two"):
            pass
    assert "2/2" in capsys.readouterr().out


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_failing_step_is_named_and_the_fault_goes_on(is_terminal, caplog):
    caplog.set_level(logging.INFO)
    with pytest.raises(ZeroDivisionError):
        with shown_progress(1, is_terminal=is_terminal) as step:
            with step("divide"):
                raise ZeroDivisionError
    assert any(message.startswith("divide: failed after") for message in caplog.messages)
