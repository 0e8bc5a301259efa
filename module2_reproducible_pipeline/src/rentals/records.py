"""Cut a block of bytes into rows of fields, knowing the line at which each row begins.

In: whole rows as bytes. Out: their fields, and line numbers, so that a fault can be named.
A title may hold ends of lines, so a row of a table is not a line of its file.
"""

import csv
from pathlib import Path

from rentals.errors import TableError
from rentals.settings import ReadingSettings


def split_rows(path: Path, block: bytes, first: int, limits: ReadingSettings,
               width: int | None = None) -> tuple[list[list[str]], list[int]]:
    """Cut whole rows into fields.

    Parameters
    ----------
    path : Path
        Of the file, for the text of a fault.
    block : bytes
        Whole rows; a quoted field may hold ends of lines.
    first : int
        Number of the block's first line in the file.
    limits : ReadingSettings
        ``max_line_bytes`` is the longest line accepted.
    width : int, optional
        Fields that each row must have.

    Returns
    -------
    rows : list of list of str
        The fields of each row, without quotes.
    lines : list of int
        Number of the line at which each row begins.

    Raises
    ------
    TableError
        A line is too long, no UTF-8, no comma-separated values, or has other fields.
    """
    text = _decoded(path, block, first, limits)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = first
    parser = csv.reader((part + "\n" for part in text.removesuffix("\n").split("\n")),
                        strict=True)
    try:
        for fields in parser:
            # Here and not later, because four million blank lines would first fill the memory.
            if width is not None and len(fields) != width:
                raise TableError(path, f"has {len(fields)} fields, the header has {width}",
                                 row=line)
            rows.append(fields)
            lines.append(line)
            line = first + parser.line_num
    except csv.Error as err:
        raise TableError(path, f"not comma-separated values: {err}", row=line) from err
    return rows, lines


def _decoded(path: Path, block: bytes, first: int, limits: ReadingSettings) -> str:
    # In bytes, and first: a line that was cut shows whatever else by chance.
    sizes = list(map(len, block.split(b"\n")))
    if max(sizes) > limits.max_line_bytes:
        number = next(n for n, size in enumerate(sizes) if size > limits.max_line_bytes)
        raise TableError(path, f"the line is longer than {limits.max_line_bytes} bytes",
                         row=first + number)
    if b"\0" in block:
        raise TableError(path, "holds a NUL byte; is it text?", row=_line_of(block, b"\0", first))
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError as err:
        raise TableError(path, "is not UTF-8 text", row=first + block.count(b"\n", 0, err.start)
                         ) from err


def _line_of(block: bytes, wanted: bytes, first: int) -> int:
    return first + block.count(b"\n", 0, block.index(wanted))
