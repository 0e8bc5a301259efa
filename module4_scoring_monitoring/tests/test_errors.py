"""The tree of errors."""

from pathlib import Path

import pytest

from riskwatch import errors


def test_every_error_is_answered_by_the_one_base_class():
    found = [kind for kind in vars(errors).values()
             if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(found) >= 7
    assert all(issubclass(kind, errors.RiskwatchError) for kind in found)


@pytest.mark.parametrize(("place", "text"), [
    ({}, "a.csv: rule"),
    ({"row": 3}, "a.csv, line 3: rule"),
    ({"row": 3, "column": "Gender"}, "a.csv, line 3, column Gender: rule"),
])
def test_a_table_error_names_file_line_and_column(place, text):
    assert str(errors.TableError(Path("a.csv"), "rule", **place)) == text


@pytest.mark.parametrize("name", ["two\nlines", "\x1b[2J", "caf\udce9", "no\0thing", "\u202egpj"])
def test_a_hostile_file_name_cannot_break_the_line(name):
    text = str(errors.TableError(Path(name), "rule"))
    assert text.isprintable() and text.endswith(": rule")
    assert str(errors.InputError(f"{name}: rule")) == text
