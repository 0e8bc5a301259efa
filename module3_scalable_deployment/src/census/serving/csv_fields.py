"""One column of a CSV upload: from the texts of its fields to their codes, by the schema's rule.

In: texts, blanks around them or not. Out: codes, or a `ValueError` that says the rule and never
the text. Files repeat themselves, so a text is looked at once and then remembered.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from census.schema import Column

_WHOLE = re.compile(r" *(?:0|-?[1-9][0-9]{0,14}) *")
_WHOLES = re.compile(rf"(?:{_WHOLE.pattern},)*{_WHOLE.pattern}")
_MOST_REMEMBERED, _LONGEST = 20_000, 100


class FieldCodes(dict[str, int]):
    """Text of a field to the code of its value.

    Parameters
    ----------
    column : Column
        The rule.
    codes : mapping of int or str to int, or None
        The code of each value; None where only the rule matters.
    """

    def __init__(self, column: Column, codes: Mapping[Any, int] | None) -> None:
        super().__init__()
        self._column, self._codes = column, codes

    def __missing__(self, text: str) -> int:
        value = self.check(text)
        code = self._codes[value] if self._codes is not None else 0
        if len(self) < _MOST_REMEMBERED and len(text) < _LONGEST:
            self[text] = code
        return code

    def check(self, text: str) -> int | str:
        """Return the value of a text; `ValueError` says the rule that it breaks."""
        column = self._column
        if column.levels:
            level = text.strip(" ")
            if level not in column.levels:
                raise ValueError(f"one of {', '.join(column.levels)}")
            return level
        if _WHOLE.fullmatch(text) and column.minimum <= int(text) <= column.maximum:
            return int(text)
        raise ValueError(f"a whole number from {column.minimum} to {column.maximum}")


def whole_numbers_hold(column: Column, texts: Sequence[str]) -> bool:
    """Return whether every text is a whole number within the range of its column.

    Parameters
    ----------
    column : Column
    texts : sequence of str
        Not empty.

    Returns
    -------
    bool
    """
    if not _WHOLES.fullmatch(",".join(texts)):
        return False
    numbers = list(map(int, texts))
    return column.minimum <= min(numbers) and max(numbers) <= column.maximum
