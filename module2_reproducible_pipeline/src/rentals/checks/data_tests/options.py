"""Options of the data tests, one for each field of ``CheckSettings``.

In: pytest's parser or its parsed options. Out: ``--kl-threshold`` and the like, and settings.
They stand in a plugin, because pytest sees the options of a conftest.py only when it is named by
its path. Three ways to start, of which the first works anywhere and leaves nothing behind:
``python -m rentals.checks.data_tests --csv=new.csv --reference=old.csv --min-price=10``,
``python -m pytest src/rentals/checks/data_tests --csv=…``, and
``python -m pytest -p rentals.checks.data_tests.options --pyargs rentals.checks.data_tests …``.
"""

from argparse import ArgumentTypeError
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any

import pytest

from rentals.settings import CheckSettings


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--csv``, ``--reference`` and the settings; a wrong value is refused."""
    group = parser.getgroup("rentals", "checks of listings")
    group.addoption("--csv", metavar="FILE", help="the table to check")
    group.addoption("--reference", metavar="FILE", help="a table that was found good before")
    for field in fields(CheckSettings):
        group.addoption(_option(field.name), type=_value_of(field), default=field.default,
                        metavar="NUMBER",
                        help=f"setting checks.{field.name}, by default {field.default}")


def chosen_settings(config: pytest.Config) -> CheckSettings:
    """Return the settings that the command line asked for."""
    return CheckSettings(**{field.name: config.getoption(_option(field.name))
                            for field in fields(CheckSettings)})


def _value_of(field: "Field[Any]") -> Callable[[str], float]:
    """Return the function that reads a setting's text, by its type and range."""
    number, rules = type(getattr(CheckSettings(), field.name)), field.metadata

    def value_of(text: str) -> float:
        try:
            value: float = number(text)
        except ValueError as err:
            raise ArgumentTypeError(f"{text!a} is no {number.__name__}") from err
        if not rules["least"] <= value <= rules["most"]:  # NaN fails too
            raise ArgumentTypeError(f"{value} is not between {rules['least']} and "
                                    f"{rules['most']}")
        return value
    return value_of


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
