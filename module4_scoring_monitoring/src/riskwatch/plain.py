"""Check ordinary drops at a glance: a megabyte is judged by a handful of passes over its bytes.

In: a block of whole lines. Out: how many rows it has, or None: not plain, read it carefully.
Every byte and every value is checked all the same; what is refused here is not refused for
good, only handed to `riskwatch.reader`, which accepts oddities and can name a fault.

A line is plain when it is four letters and four commas, with one to nine digits or nothing
behind each of the first three commas, and 0, 1 or nothing behind the last.
"""

import numpy as np

from riskwatch.schema import HEADER

PLAIN_HEADER = f"{HEADER}\n".encode()
_LETTERS, _DIGITS = b"abcdefghijklmnopqrstuvwxyz", b"0123456789"
_SHAPES = bytes.maketrans(_LETTERS + _DIGITS, b"a" * 26 + b"0" * 10)
_LINE = b"aaaa,,,,\n"
_NEWLINE, _COMMA, _ZERO, _ONE = b"\n,01"
_TOO_MANY_DIGITS = b"0" * 10


def count_plain_rows(block: bytes) -> int | None:
    """Return the number of lines of a block if all of them are plain.

    Parameters
    ----------
    block : bytes
        Of a drop, without its header.

    Returns
    -------
    int or None
    """
    text = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(text == _NEWLINE)
    if not block.endswith(b"\n"):
        return None
    shapes = block.translate(_SHAPES)
    # Without its digits each line must be the same nine bytes; now lines have commas to count.
    if shapes.translate(None, b"0") != _LINE * len(ends) or _TOO_MANY_DIGITS in shapes:
        return None
    starts = np.concatenate([[0], ends[:-1] + 1])
    last, before = text[ends - 1], text[ends - 2]
    has_label = ((last == _ZERO) | (last == _ONE)) & (before == _COMMA)
    # A comma in the fifth place is the first one, so the four letters stand before it.
    if not ((text[starts + 4] == _COMMA) & ((last == _COMMA) | has_label)).all():
        return None
    return len(ends)
