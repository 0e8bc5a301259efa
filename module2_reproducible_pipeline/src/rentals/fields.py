"""One field of a table: from its text to its value, by the rule of its column.

In: a column of the schema and the text of a field. Out: the value, or the rule that it breaks.
Files repeat themselves, so each different text is parsed once and then remembered.
"""

import math
import re
import unicodedata
from datetime import date

from rentals.schema import Column

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPACES_OF_TEXT = frozenset("\t\n\r")
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
        By ``column.kind``; a missing decimal is NaN, a missing text or date is empty.

    Raises
    ------
    BadValue
        The text breaks the rule; the message says which.
    """
    if not text and column.optional:
        return math.nan if column.kind == "decimal" else ""
    if column.kind == "category":
        if text not in column.allowed:
            raise BadValue(f"{_shown(text)} is not one of {', '.join(column.allowed)}")
        return text
    if column.kind == "text":
        return _checked_text(column, text)
    if column.kind == "date":
        return _checked_date(text)
    return _checked_number(column, text)


def is_value(column: Column, text: str) -> bool:
    """Does the text of a field keep the rule of its column?"""
    try:
        parse_value(column, text)
    except BadValue:
        return False
    return True


def _checked_number(column: Column, text: str) -> int | float:
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


def _checked_text(column: Column, text: str) -> str:
    if not column.minimum <= len(text) <= column.maximum:
        raise BadValue(f"{_shown(text)} has {len(text)} characters, not between "
                       f"{column.minimum:g} and {column.maximum:g}")
    # Words of people hold every letter and sign; commands to a terminal are none.
    if not text.isprintable() and any(
            unicodedata.category(char) == "Cc" and char not in _SPACES_OF_TEXT for char in text):
        raise BadValue(f"{_shown(text)} holds a control character")
    return text


def _checked_date(text: str) -> str:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError as err:
        raise BadValue(f"{_shown(text)} is not a date such as 2019-07-08") from err
    return text


def _shown(text: str) -> str:
    """Return user text safe to print: escaped and cut."""
    escaped = ascii(text[:40])
    return escaped if len(escaped) <= 60 and len(text) <= 40 else f"{escaped[:60]}…"
