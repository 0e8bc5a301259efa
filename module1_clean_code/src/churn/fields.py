"""One field of a table: from its text to its value, by the rule of its column.

In: a column of the schema and the text of a field. Out: the value, or the rule that it breaks.
Files repeat themselves, so each different text is parsed once and then remembered.
"""

import math
import re

from churn.schema import Column

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?")
_MOST_REMEMBERED = 50_000


class BadValue(ValueError):
    """The text of one field breaks the rule of its column."""


class Values(dict[str, int | float | str]):
    """Text of a field -> checked value. Each different text is parsed once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, text: str) -> int | float | str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        value = self[text] = parse_value(self.column, text)
        return value


def parse_value(column: Column, text: str) -> int | float | str:
    """Return the value of one field.

    Parameters
    ----------
    column : Column
        The rule.
    text : str
        The field as it stands in the file, without quotes.

    Returns
    -------
    int, float or str
        By ``column.kind``.

    Raises
    ------
    BadValue
        The text breaks the rule; the message says which.
    """
    if column.kind == "category":
        if text not in column.allowed:
            raise BadValue(f"{_shown(text)} is not one of {', '.join(column.allowed)}")
        return text
    if column.kind == "integer":
        if not _INTEGER.fullmatch(text):
            raise BadValue(f"{_shown(text)} is not a whole number")
        number: int | float = int(text)
    else:
        if not _DECIMAL.fullmatch(text) or not math.isfinite(float(text)):
            raise BadValue(f"{_shown(text)} is not a finite decimal number")
        number = float(text)
    if not column.minimum <= number <= column.maximum:
        raise BadValue(f"{_shown(text)} is not between {column.minimum:g} "
                       f"and {column.maximum:g}")
    return number


def _shown(text: str) -> str:
    """Return user text safe to print: escaped and cut."""
    return ascii(text if len(text) <= 40 else text[:40] + "…")
