"""Rows of fields: titles over several lines, and the line at which each row begins."""

from pathlib import Path

import pytest

from rentals.errors import TableError
from rentals.records import split_rows
from rentals.settings import ReadingSettings

PATH = Path("x.csv")
LIMITS = ReadingSettings(max_line_bytes=100)


def test_a_title_may_go_over_lines_and_rows_know_where_they_begin() -> None:
    rows, lines = split_rows(PATH, b'1,"a\nb\n",x\n2,c,y\n3,"d\ne",z\n', 2, LIMITS, 3)
    assert rows == [["1", "a\nb\n", "x"], ["2", "c", "y"], ["3", "d\ne", "z"]]
    assert lines == [2, 5, 6]


def test_quotes_and_commas_inside_a_title_stay() -> None:
    rows, _ = split_rows(PATH, b'1,"5"" bed, sunny"\n', 2, LIMITS)
    assert rows == [["1", '5" bed, sunny']]


def test_windows_line_ends_are_read_and_the_last_may_lack() -> None:
    assert split_rows(PATH, b"1,a\r\n2,b", 2, LIMITS, 2) == ([["1", "a"], ["2", "b"]], [2, 3])


@pytest.mark.parametrize("block, row, rule", [
    (b"1,a\n2,b,c\n", 3, "has 3 fields, the header has 2"),
    (b'1,"a\nb"\n\n', 4, "has 0 fields"),
    (b'1,a\n2,"b\n3,c\n', 3, "unexpected end of data"),
    (b'1,"a"b\n', 2, "comma-separated"),
    (b"1,a\n2,\xff\n", 3, "not UTF-8"),
    (b"1,a\n2,\0\n", 3, "NUL"),
    (b"1,a\n2," + b"x" * 200 + b"\n", 3, "longer than 100 bytes")])
def test_a_fault_names_its_line_and_rule(block: bytes, row: int, rule: str) -> None:
    with pytest.raises(TableError, match=rule) as caught:
        split_rows(PATH, block, 2, LIMITS, 2)
    assert caught.value.row == row
