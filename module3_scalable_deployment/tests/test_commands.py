"""Every command can be loaded, and says what it does."""

import argparse
import inspect

import pytest

from census.commands import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_function_exists_and_takes_what_it_is_given(name):
    command = COMMANDS[name]
    parameters = inspect.signature(command.load()).parameters
    assert len(parameters) == (2 if command.kind == "stage" else 1)
    assert command.help and not command.help.endswith(".")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_words_of_help(name):
    parser = argparse.ArgumentParser()
    COMMANDS[name].add_to(parser)
    assert all(words["help"] for words in COMMANDS[name].options.values())
