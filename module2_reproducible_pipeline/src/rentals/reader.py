"""Read text tables strictly: every byte, field and value is checked before it is used.

In: a path, a function that chooses the columns from the header, limits. Out: frames, block by
block. ``pandas.read_csv`` is made to succeed: it fills ragged rows, guesses types and takes a
column called ``NA`` for holes. A model must not be trained on a guess, so we refuse instead.
A quoted field may go over several lines, as titles written by people do.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from rentals.errors import InputError, TableError
from rentals.fields import BadValue, Values, is_value
from rentals.records import split_rows
from rentals.schema import Column
from rentals.settings import ReadingSettings

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Layout:
    """Where the wanted columns stand in a file of ``width`` fields a row."""

    width: int
    positions: tuple[tuple[int, Column], ...]


def read_blocks(path: Path, choose_layout: Callable[[Sequence[str]], Layout],
                limits: ReadingSettings) -> Iterator[pd.DataFrame]:
    """Yield the table block by block; a fault anywhere ends the reading.

    Parameters
    ----------
    path : Path
        A regular UTF-8 file of comma-separated values with one header line.
    choose_layout : callable
        Takes the header's fields, returns the layout; raises ``ValueError`` with the rule
        when the header is wrong.
    limits : ReadingSettings
        Bytes of the file, of a line, and of a block.

    Yields
    ------
    DataFrame
        One column a wanted column (int64, float64 or str); the index is the number of the
        row's first line in the file, the header being line 1.

    Raises
    ------
    InputError
        The path is no readable regular file, or too large.
    TableError
        The content breaks a rule; the text names file, line and column.
    """
    with open_regular(path, limits.max_file_bytes) as stream:
        pieces = _pieces(path, stream, limits)
        header = _header(path, next(pieces, b""), limits)
        try:
            layout = choose_layout(header)
        except ValueError as err:
            raise TableError(path, str(err), row=1) from err
        memory = [Values(column) for _, column in layout.positions]
        row = 2
        for block in pieces:
            rows, lines = split_rows(path, block, row, limits, layout.width)
            yield _frame(path, rows, lines, layout, memory)
            row += block.count(b"\n") + (not block.endswith(b"\n"))
    if row == 2:
        raise TableError(path, "has a header but no rows")


def open_regular(path: Path, max_bytes: int) -> BinaryIO:
    """Open a regular file for reading bytes; pipes, devices and folders are refused at once.

    Parameters
    ----------
    path : Path
        Of the file; symbolic links are followed.
    max_bytes : int
        The largest size accepted.

    Returns
    -------
    BinaryIO
        At its start.

    Raises
    ------
    InputError
        Missing, unreadable, not a regular file, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        raise InputError(f"{path}: cannot be opened: {reason}; give the path of a file") from err
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise InputError(f"{path}: is not a regular file; give the path of a file")
    if status.st_size > max_bytes:
        os.close(descriptor)
        raise InputError(f"{path}: has {status.st_size} bytes, more than the limit of {max_bytes}"
                         " (setting reading.max_file_bytes)")
    return os.fdopen(descriptor, "rb")


def _pieces(path: Path, stream: BinaryIO, limits: ReadingSettings) -> Iterator[bytes]:
    """Yield the first line, then blocks of whole rows; only a line too long is cut."""
    try:
        yield stream.readline(limits.max_line_bytes + 1)
        while block := stream.read(limits.block_bytes):
            block += stream.readline(limits.max_line_bytes + 1)
            yield block + _rest_of_row(stream, block.count(b'"'), limits.max_line_bytes)
    except OSError as err:  # a disk or a network folder can fail half-way
        raise InputError(f"{path}: cannot be read: {err.strerror}; copy the file afresh") from err


def _rest_of_row(stream: BinaryIO, quotes: int, most: int) -> bytes:
    """Read on while a quote is open: then their number is odd, as ``""`` counts for two."""
    rest = b""
    while quotes % 2 and len(rest) <= most and (line := stream.readline(most + 1)):
        rest += line
        quotes += line.count(b'"')
    return rest


def _header(path: Path, line: bytes, limits: ReadingSettings) -> list[str]:
    if not line:
        raise TableError(path, "is empty")
    if line.startswith(_BYTE_ORDER_MARK):
        raise TableError(path, "begins with a byte order mark; save it as plain UTF-8", row=1)
    rows, _ = split_rows(path, line, 1, limits)
    return rows[0]


def _frame(path: Path, rows: list[list[str]], lines: list[int], layout: Layout,
           memory: list[Values]) -> pd.DataFrame:
    texts = list(zip(*rows))
    checked = {}
    for (position, column), values in zip(layout.positions, memory):
        try:
            checked[column.name] = _array(texts[position], column, values)
        except BadValue as err:
            number = next(place for place, text in enumerate(texts[position])
                          if not is_value(column, text))
            raise TableError(path, str(err), row=lines[number], column=column.name) from err
    return pd.DataFrame(checked, index=pd.Index(lines, dtype="int64"))


def _array(texts: Sequence[str], column: Column, values: Values) -> "np.ndarray | pd.Series[str]":
    found = map(values.__getitem__, texts)
    if column.kind in ("category", "text", "date"):
        return pd.Series(list(found), dtype="str").array  # type: ignore[return-value]
    return np.fromiter(found, dtype=np.int64 if column.kind == "integer" else np.float64,
                       count=len(texts))
