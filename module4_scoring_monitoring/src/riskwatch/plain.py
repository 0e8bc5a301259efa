"""Read ordinary drops at a glance: a megabyte becomes numbers by a handful of passes.

In: a block of whole lines. Out: its rows as numbers, or None: not plain, read it carefully.
Every byte and every value is checked all the same; what is refused here is not refused for
good, only handed to `riskwatch.reader`, which accepts oddities and can name a fault.

A line is plain when it is four letters and four commas, with one to nine digits or nothing
behind each of the first three commas, and 0, 1 or nothing behind the last.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskwatch.schema import FEATURES, HEADER, LAST_MONTH, LAST_YEAR

PLAIN_HEADER = f"{HEADER}\n".encode()
#: Stands for a missing number; no number of the schema is negative.
MISSING = -1
_MARKS = b",,,,\n"
_WORD = 8
_PADDING = b"0" * _WORD
_MOST_DIGITS = 9
_WIDEST = (4, _MOST_DIGITS, _MOST_DIGITS, _MOST_DIGITS, 1)
#: Signs below the digits: the marks, and much that is not allowed.
_ZERO = 0x30
# Of four letters at once: a byte's high bit shows what is not from a to z.
_HIGH_BITS, _UP_FROM_A, _UP_TO_Z = (np.uint32(part * 0x01010101) for part in (0x80, 0x1F, 0x05))


@dataclass(frozen=True)
class Rows:
    """Rows of drops, checked, as numbers; `MISSING` where there is none.

    Attributes
    ----------
    names : array of uint32, shape (n,)
        The four letters, the first one the highest byte.
    counts : array of int32, shape (3, n)
        The features in the schema's order.
    labels : array of int8, shape (n,)
    """

    names: NDArray[np.uint32]
    counts: NDArray[np.int32]
    labels: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.names)


@dataclass
class Counts:
    """What is noteworthy about the rows of a file."""

    rows: int = 0
    impossible_rows: int = 0
    missing_values: int = 0
    unlabelled_rows: int = 0

    def add(self, rows: Rows) -> None:
        """Count more rows."""
        month, year = (rows.counts[FEATURES.index(name)] for name in (LAST_MONTH, LAST_YEAR))
        self.rows += len(rows)
        # What is missing is less than every number, so it only matters in the year's place.
        self.impossible_rows += int(np.count_nonzero((month > year) & (year != MISSING)))
        self.missing_values += int(np.count_nonzero(rows.counts == MISSING))
        self.unlabelled_rows += int(np.count_nonzero(rows.labels == MISSING))


def read_plain(block: bytes) -> Rows | None:
    """Return the rows of a block if all of its lines are plain.

    Parameters
    ----------
    block : bytes
        Of a drop, without its header.

    Returns
    -------
    Rows or None
    """
    padded = _PADDING + block  # so that there are eight bytes before every mark
    text = np.frombuffer(padded, dtype=np.uint8)
    marks = np.flatnonzero(text < _ZERO)
    count = len(marks) // len(_MARKS)
    if not count or padded[-1:] != b"\n" or text[marks].tobytes() != _MARKS * count:
        return None
    # A row of the array for each field; the fields of a line stand above one another.
    ends = np.ascontiguousarray(marks.reshape(count, len(_MARKS)).T)
    starts = np.empty_like(ends)
    starts[0, 0], starts[0, 1:], starts[1:] = _WORD, ends[-1, :-1] + 1, ends[:-1] + 1
    widths = ends - starts
    if widths[0].min() < 4 or (widths.max(axis=1) > _WIDEST).any():
        return None
    names = _words(padded, starts[0], ">u4").astype(np.uint32)
    # The names are letters, so the other fields hold all the digits that there are; if these
    # are as many as the fields are wide together, they hold nothing else.
    digits = np.count_nonzero((text - _ZERO) <= 9) - len(_PADDING)
    if not _are_letters(names) or digits != widths[1:].sum():
        return None
    labels = text[ends[-1] - 1].view(np.int8) - np.int8(_ZERO)
    labels[widths[-1] == 0] = MISSING
    if labels.max() > 1:
        return None
    return Rows(names, _numbers(padded, ends[1:-1], widths[1:-1]), labels)


def _words(padded: bytes, places: NDArray[np.int64], kind: str) -> NDArray[np.unsignedinteger]:
    """Return the words that begin at the places, which need not be aligned."""
    size = np.dtype(kind).itemsize
    every = np.ndarray((len(padded) - size + 1,), kind, padded, 0, (1,))
    words: NDArray[np.unsignedinteger] = every[places]
    return words


def _are_letters(names: NDArray[np.uint32]) -> bool:
    bad = names | (names + _UP_TO_Z) | ~(names + _UP_FROM_A)
    return not np.bitwise_or.reduce(bad) & _HIGH_BITS


def _numbers(padded: bytes, ends: NDArray[np.int64], widths: NDArray[np.int64]
             ) -> NDArray[np.int32]:
    """Return what the digits before the ends say: eight digits of all numbers at once.

    Neighbours are joined, first digits to pairs, then pairs to fours, then fours to eight.
    """
    word = _words(padded, ends - _WORD, "<u8").astype(np.uint64)
    # The last digit is the highest byte; what stands before the number is masked out.
    word &= np.uint64(0x0F0F0F0F0F0F0F0F) << (
        8 * (_WORD - np.minimum(widths, _WORD))).astype(np.uint64)
    for factor, bits, mask in ((10, 8, 0x00FF00FF00FF00FF), (100, 16, 0x0000FFFF0000FFFF),
                               (10_000, 32, 0x00000000FFFFFFFF)):
        right = word >> np.uint64(bits)
        word *= np.uint64(factor)
        word += right
        word &= np.uint64(mask)
    numbers = word.astype(np.int32)
    is_long = widths == _MOST_DIGITS
    if is_long.any():
        text = np.frombuffer(padded, dtype=np.uint8)
        numbers[is_long] += (text[ends[is_long] - _MOST_DIGITS].astype(np.int32) - _ZERO) * 10**8
    numbers[widths == 0] = MISSING
    return numbers
