"""Open a text table and cut it into rows of fields; no byte is passed over.

In: a path and limits. Out: an open file, pieces of whole lines, rows of text.
What a field may hold is not known here; that is `census.reader`.
"""

import csv
import os
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from census.errors import InputError, TableError
from census.settings import PrepareSettings


def open_regular(path: Path, max_bytes: int) -> BufferedReader:
    """Open a regular file for reading bytes; pipes, devices and folders are refused at once.

    Parameters
    ----------
    path : Path
        Of the file; symbolic links are followed.
    max_bytes : int
        The largest size accepted.

    Returns
    -------
    BufferedReader
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
                         " (setting prepare.max_file_bytes)")
    return os.fdopen(descriptor, "rb")


def read_pieces(path: Path, stream: BufferedReader, limits: PrepareSettings) -> Iterator[bytes]:
    """Yield the first line, then blocks of whole lines; only a line too long is cut."""
    try:
        yield stream.readline(limits.max_line_bytes + 1)
        while block := stream.read(limits.block_bytes):
            block += stream.readline(limits.max_line_bytes + 1)
            if not stream.peek(1):
                block = _without_blank_end(block)
            if block:
                yield block
    except OSError as err:  # a disk or a network folder can fail half-way
        raise InputError(f"{path}: cannot be read: {err.strerror}; copy the file afresh") from err


def _without_blank_end(block: bytes) -> bytes:
    """Cut one blank line off the last block of a file."""
    start, newline, last = block[:-1].rpartition(b"\n")
    is_blank = block.endswith(b"\n") and last in (b"", b"\r")
    return start + newline if is_blank else block


def split_rows(path: Path, block: bytes, first: int, limits: PrepareSettings,
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


def _line_of(block: bytes, wanted: bytes, first: int) -> int:
    return first + block.count(b"\n", 0, block.index(wanted))
