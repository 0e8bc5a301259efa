"""Read drops strictly: every byte, field and value is checked before it is used.

In: an open file. Out: its rows as canonical lines, block by block, or the rule that is broken
with line and column. This is the careful way, for files that `riskwatch.plain` cannot judge at
a glance: those with quotes or CRLF, and those with a fault that must be named.
"""

import csv
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from riskwatch.errors import InputError, TableError
from riskwatch.fields import BadValue, Values, canonical_field
from riskwatch.schema import COLUMNS, NAMES, Column
from riskwatch.settings import ReadingSettings

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def canonical_blocks(path: Path, stream: BinaryIO, limits: ReadingSettings
                     ) -> Iterator[tuple[bytes, int]]:
    """Yield the rows of a drop block by block; a fault anywhere ends the reading.

    Parameters
    ----------
    path : Path
        Names the file in messages.
    stream : BinaryIO
        The file, at its start.
    limits : ReadingSettings
        Bytes of a line, and of a block.

    Yields
    ------
    lines : bytes
        ``corporation,1,2,3,0`` and a newline for each row; a missing value is empty.
    rows : int

    Raises
    ------
    InputError
        The file cannot be read to its end.
    TableError
        The content breaks a rule; the text names file, line and column.
    """
    pieces = _pieces(path, stream, limits)
    _check_header(path, _header(path, next(pieces, b""), limits))
    memory = [Values(column) for column in COLUMNS]
    row = 2
    for block in pieces:
        rows = _split_rows(path, block, row, limits, len(COLUMNS))
        yield _canonical(path, rows, row, memory), len(rows)
        row += len(rows)
    if row == 2:
        raise TableError(path, "has a header but no rows")


def open_regular(path: Path, max_bytes: int) -> BinaryIO:
    """Open a regular file for reading bytes; links, pipes, devices and folders are refused.

    Parameters
    ----------
    path : Path
        Of the file. A link is not followed: whoever may put a file into the inbox shall not
        be able to point at another one.
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
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (OSError, ValueError) as err:
        is_link = os.path.islink(path)
        reason = "it is a link" if is_link else getattr(err, "strerror", None) or str(err)
        raise InputError(f"{path}: cannot be opened: {reason}; put a regular file there") from err
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise InputError(f"{path}: is not a regular file; put one there")
    if status.st_size > max_bytes:
        os.close(descriptor)
        raise InputError(f"{path}: has {status.st_size} bytes, more than the limit of {max_bytes}"
                         " (setting reading.max_file_bytes)")
    return os.fdopen(descriptor, "rb")


def _pieces(path: Path, stream: BinaryIO, limits: ReadingSettings) -> Iterator[bytes]:
    """Yield the first line, then blocks of whole lines; only a line too long is cut."""
    try:
        yield stream.readline(limits.max_line_bytes + 1)
        while block := stream.read(limits.block_bytes):
            yield block + stream.readline(limits.max_line_bytes + 1)
    except OSError as err:  # a disk or a network folder can fail half-way
        raise InputError(f"{path}: cannot be read: {err.strerror}; copy the file afresh") from err


def _header(path: Path, line: bytes, limits: ReadingSettings) -> list[str]:
    if not line:
        raise TableError(path, "is empty")
    if line.startswith(_BYTE_ORDER_MARK):
        raise TableError(path, "begins with a byte order mark; save it as plain UTF-8", row=1)
    rows = _split_rows(path, line, 1, limits)
    return rows[0]


def _split_rows(path: Path, block: bytes, first: int, limits: ReadingSettings,
                width: int | None = None) -> list[list[str]]:
    """Cut a block of whole lines into rows of fields; the block starts at line ``first``."""
    # In bytes, and first: a line that was cut shows whatever else by chance.
    sizes = list(map(len, block.split(b"\n")))
    if max(sizes) > limits.max_line_bytes:
        number = next(n for n, size in enumerate(sizes) if size > limits.max_line_bytes)
        raise TableError(path, f"the line is longer than {limits.max_line_bytes} bytes",
                         row=first + number)
    if b"\0" in block:
        raise TableError(path, "holds a NUL byte; is it text?", row=_line_of(block, b"\0", first))
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError as err:
        raise TableError(path, "is not UTF-8 text", row=first + block.count(b"\n", 0, err.start)
                         ) from err
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    rows: list[list[str]] = []
    parser = csv.reader(lines, strict=True)
    try:
        for fields in parser:
            if parser.line_num != len(rows) + 1:
                raise csv.Error("a quoted field goes over the end of the line")
            # Here and not later, because four million blank lines would first fill the memory.
            if width is not None and len(fields) != width:
                raise TableError(path, f"has {len(fields)} fields, the header has {width}",
                                 row=first + len(rows))
            rows.append(fields)
    except csv.Error as err:
        raise TableError(path, f"not comma-separated values: {err}", row=first + len(rows)
                         ) from err
    return rows


def _check_header(path: Path, found: list[str]) -> None:
    if found == list(NAMES):
        return
    missing = [name for name in NAMES if name not in found]
    foreign = [name for name in found if name not in NAMES]
    if missing:
        rule = f"the header lacks {missing[0]}"
    elif foreign:
        rule = f"the header has an unknown column {ascii(foreign[0][:40])}"
    elif len(found) > len(NAMES):
        rule = "the header names a column twice"
    else:
        rule = "the header's columns are in another order"
    raise TableError(path, f"{rule}; it must be {','.join(NAMES)}", row=1)


def _canonical(path: Path, rows: list[list[str]], first: int, memory: list[Values]) -> bytes:
    texts: list[Sequence[str]] = list(zip(*rows))
    checked = []
    for column, column_texts, values in zip(COLUMNS, texts, memory):
        try:
            checked.append(list(map(values.__getitem__, column_texts)))
        except BadValue as err:
            number = next(n for n, text in enumerate(column_texts) if _is_bad(column, text))
            raise TableError(path, str(err), row=first + number, column=column.name) from err
    return "".join(",".join(fields) + "\n" for fields in zip(*checked)).encode()


def _is_bad(column: Column, text: str) -> bool:
    try:
        canonical_field(column, text)
    except BadValue:
        return True
    return False


def _line_of(block: bytes, wanted: bytes, first: int) -> int:
    return first + block.count(b"\n", 0, block.index(wanted))
