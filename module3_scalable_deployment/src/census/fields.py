"""One field of a table: from its text to its value, by the rule of its column.

In: a column of the schema and the text of a field. Out: the value, or the rule that it breaks.
Files repeat themselves, so each different text is parsed once and then remembered.
"""

import re

from census.schema import Column

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_MOST_REMEMBERED = 50_000


class BadValue(ValueError):
    """The text of one field breaks the rule of its column."""


class Values(dict[str, int | str]):
    """Text of a field, blanks around it or not, to its value. Each text is parsed once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, text: str) -> int | str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        value = self[text] = parse_value(self.column, text.strip(" "))
        return value


def parse_value(column: Column, text: str) -> int | str:
    """Return the value of one field.

    Parameters
    ----------
    column : Column
        The rule.
    text : str
        The field without quotes and without blanks around it.

    Returns
    -------
    int or str
        By ``column.kind``.

    Raises
    ------
    BadValue
        The text breaks the rule; the message says which.
    """
    if column.kind == "category":
        if text not in column.levels:
            raise BadValue(f"{_shown(text)} is not one of {', '.join(column.levels)}")
        return text
    if not _INTEGER.fullmatch(text):
        raise BadValue(f"{_shown(text)} is not a whole number")
    number = int(text)
    if not column.minimum <= number <= column.maximum:
        raise BadValue(f"{_shown(text)} is not between {column.minimum} "
                       f"and {column.maximum}")
    return number


def _shown(text: str) -> str:
    """Return user text safe to print: escaped and cut."""
    return ascii(text if len(text) <= 40 else text[:40] + "…")
