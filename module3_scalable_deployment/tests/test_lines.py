"""Opening a table and cutting it into rows: the ends of a file, its size, and what is no file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from census_tables import table_text

from census.data import load_rows
from census.errors import InputError, TableError
from census.lines import open_regular, read_pieces, split_rows
from census.settings import PrepareSettings

TEXT = "a,b\n1,2\n3,4\n"


def _rows(path: Path, block_bytes: int) -> list[list[str]]:
    limits = PrepareSettings(block_bytes=block_bytes)
    with open_regular(path, 10**6) as stream:
        pieces = list(read_pieces(path, stream, limits))
    rows: list[list[str]] = []
    for piece in pieces:
        rows += split_rows(path, piece, len(rows) + 1, limits)
    return rows


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("size", range(100, 140))
def test_one_blank_line_at_the_end_is_no_row(end: str, size: int,
                                             write_table: Callable[..., Path]) -> None:
    body = "x,y\n" * 30
    rows = _rows(write_table("a,b\n" + body + end), size)
    assert rows == [["a", "b"], *[["x", "y"]] * 30]


def test_a_second_blank_line_is_a_row_without_fields(write_table: Callable[..., Path]) -> None:
    assert _rows(write_table(TEXT + "\n\n"), 1000)[-1] == []
    with pytest.raises(TableError, match="line 14: has 0 fields, the header has 15"):
        load_rows(write_table(table_text() + "\n\n"))


@pytest.mark.parametrize("size", range(100, 120))
def test_two_blank_lines_are_found_wherever_blocks_end(size: int,
                                                       write_table: Callable[..., Path]) -> None:
    assert _rows(write_table("a,b\n" + "x,y\n" * 28 + "\n\n"), size)[-1] == []


def test_a_blank_line_in_the_middle_is_refused(write_table: Callable[..., Path]) -> None:
    lines = table_text().splitlines()
    path = write_table("\n".join([*lines[:4], "", *lines[4:]]) + "\n")
    with pytest.raises(TableError, match="line 5: has 0 fields"):
        load_rows(path)


def test_crlf_with_its_blank_line_is_read(write_table: Callable[..., Path]) -> None:
    assert _rows(write_table("a,b\r\n1,2\r\n\r\n"), 1000) == [["a", "b"], ["1", "2"]]


def test_too_large_a_file_is_refused_before_it_is_read(write_table: Callable[..., Path]) -> None:
    path = write_table()
    size = path.stat().st_size
    assert len(load_rows(path, PrepareSettings(max_file_bytes=size))) == 12
    with pytest.raises(InputError, match=f"has {size} bytes, more than the limit of {size - 1}"):
        load_rows(path, PrepareSettings(max_file_bytes=size - 1))


def test_refused_path_leaves_no_open_file(tmp_path: Path,
                                          write_table: Callable[..., Path]) -> None:
    folder = Path("/dev/fd")
    path, before = write_table(), len(list(folder.iterdir()))
    os.mkfifo(tmp_path / "pipe")
    for place, limit in ((tmp_path, 10**9), (Path("/dev/null"), 10**9), (path, 10),
                         (tmp_path / "pipe", 10**9)):
        with pytest.raises(InputError):
            open_regular(place, limit)
    with pytest.raises(TableError):
        load_rows(write_table("age\n"))
    assert len(list(folder.iterdir())) == before
