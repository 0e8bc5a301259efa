"""Read text tables strictly: every byte, field and value is checked before it is used.

In: a path, a function that chooses the columns from the header, limits. Out: columns, block by
block. ``pandas.read_csv`` is made to succeed: it fills ragged rows, guesses types and takes a
level called ``NA`` for holes. A model must not be trained on a guess, so we refuse instead.

Two habits of the public file are taken on purpose: blanks around a field are cut off, and one
blank line may end the file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from census.errors import TableError
from census.fields import BadValue, Values, parse_value
from census.lines import open_regular, read_pieces, split_rows
from census.schema import Column
from census.settings import PrepareSettings

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Layout:
    """Where the wanted columns stand in a file of ``width`` fields a row."""

    width: int
    positions: tuple[tuple[int, Column], ...]


@dataclass(frozen=True)
class Block:
    """Rows that were read: whole numbers as int64, categories as text; ``line`` of the first."""

    line: int
    rows: int
    columns: Mapping[str, NDArray[np.int64] | list[str]]


def read_blocks(path: Path, choose_layout: Callable[[Sequence[str]], Layout],
                limits: PrepareSettings) -> Iterator[Block]:
    """Yield the table block by block; a fault anywhere ends the reading.

    Parameters
    ----------
    path : Path
        A regular UTF-8 file of comma-separated values with one header line.
    choose_layout : callable
        Takes the header's fields, returns the layout; raises ``ValueError`` with the rule
        when the header is wrong.
    limits : PrepareSettings
        Bytes of the file, of a line, and of a block.

    Yields
    ------
    Block
        The wanted columns of at least one row; lines are counted from 1, the header's.

    Raises
    ------
    InputError
        The path is no readable regular file, or too large.
    TableError
        The content breaks a rule; the text names file, line and column.
    """
    with open_regular(path, limits.max_file_bytes) as stream:
        pieces = read_pieces(path, stream, limits)
        header = _header(path, next(pieces, b""), limits)
        try:
            layout = choose_layout(header)
        except ValueError as err:
            raise TableError(path, str(err), row=1) from err
        memory = [Values(column) for _, column in layout.positions]
        row = 2
        for block in pieces:
            rows = split_rows(path, block, row, limits, layout.width)
            yield Block(row, len(rows), _columns(path, rows, row, layout, memory))
            row += len(rows)
    if row == 2:
        raise TableError(path, "has a header but no rows")


def _header(path: Path, line: bytes, limits: PrepareSettings) -> list[str]:
    if not line:
        raise TableError(path, "is empty")
    if line.startswith(_BYTE_ORDER_MARK):
        raise TableError(path, "begins with a byte order mark; save it as plain UTF-8", row=1)
    rows = split_rows(path, line, 1, limits)
    return [name.strip(" ") for name in rows[0]]


def _columns(path: Path, rows: list[list[str]], first: int, layout: Layout,
             memory: list[Values]) -> dict[str, NDArray[np.int64] | list[str]]:
    texts = list(zip(*rows))
    checked: dict[str, NDArray[np.int64] | list[str]] = {}
    for (position, column), values in zip(layout.positions, memory):
        try:
            found = map(values.__getitem__, texts[position])
            checked[column.name] = (
                [str(value) for value in found] if column.kind == "category"
                else np.fromiter(found, dtype=np.int64, count=len(rows)))
        except BadValue as err:
            number = next(n for n, text in enumerate(texts[position]) if _is_bad(column, text))
            raise TableError(path, str(err), row=first + number, column=column.name) from err
    return checked


def _is_bad(column: Column, text: str) -> bool:
    try:
        parse_value(column, text.strip(" "))
    except BadValue:
        return True
    return False
