"""One field of a drop: from its text to its canonical text, by the rule of its column.

In: a column of the schema and the text of a field. Out: the text as we keep it, or the rule
that it breaks. Files repeat themselves, so each different text is checked once.
"""

import re

from riskwatch.schema import CORPORATION_PATTERN, Column

_INTEGER = re.compile(r"-?[0-9]{1,400}")
_MOST_REMEMBERED = 50_000


class BadValue(ValueError):
    """The text of one field breaks the rule of its column."""


class Values(dict[str, str]):
    """Text of a field -> canonical text. Each different text is checked once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        value = self[text] = canonical_field(self.column, text)
        return value


def canonical_field(column: Column, text: str) -> str:
    """Return a field as it is kept.

    Parameters
    ----------
    column : Column
        The rule.
    text : str
        The field as it stands in the file, without quotes; empty means missing.

    Returns
    -------
    str
        Empty only where a value may be missing.

    Raises
    ------
    BadValue
        The text breaks the rule; the message says which.
    """
    if column.kind == "name":
        if not CORPORATION_PATTERN.fullmatch(text):
            raise BadValue(f"{_shown(text)} is not four letters from a to z")
        return text
    if not text:
        return text
    if not _INTEGER.fullmatch(text):
        raise BadValue(f"{_shown(text)} is not a whole number; leave a missing one empty")
    number = int(text)
    if text.startswith("-") or not column.minimum <= number <= column.maximum:
        raise BadValue(f"{_shown(text)} is not between {column.minimum} and {column.maximum}")
    if column.kind == "label" and len(text) > 1:
        raise BadValue(f"{_shown(text)} is not 0 or 1")
    return str(number)


def _shown(text: str) -> str:
    """Return user text safe to print: escaped and cut."""
    return ascii(text if len(text) <= 40 else text[:40] + "…")
