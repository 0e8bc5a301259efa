"""The strict reader: blocks do not matter, lines are named rightly, mutations are seen."""

import csv
import errno
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from census_tables import NAMES, ROWS, many_rows, table_text, with_field
from hypothesis import given, settings
from hypothesis import strategies as st

from census.data import row_blocks, load_rows
from census.errors import CensusError, InputError, TableError
from census.reader import Block, Layout, read_blocks
from census.schema import BY_NAME, Column
from census.settings import PrepareSettings

NUMBER = Column("Number", "integer", "feature", "a number", 0, 99)
WORD = Column("Word", "category", "feature", "a word", levels=("a", "NA", "é"))
LONG_ROWS = many_rows(24)
GOOD = table_text()
MUTATIONS = 600


def _layout(header: Sequence[str]) -> Layout:
    """Take the columns Number and Word, in this order, from wherever they stand."""
    if "Number" not in header:
        raise ValueError("the header lacks Number")
    return Layout(len(header), tuple((list(header).index(column.name), column)
                                     for column in (NUMBER, WORD)))


def _read(path: Path, **limits: int) -> list[Block]:
    return list(read_blocks(path, _layout, PrepareSettings(**limits)))


def test_frame_has_the_wanted_columns_their_types_and_line_numbers(
        write_table: Callable[..., Path]) -> None:
    block, = _read(write_table("Word,other,Number\nNA,x,7\né,y,0\n"))
    assert (block.line, block.rows, list(block.columns)) == (2, 2, ["Number", "Word"])
    assert np.array_equal(block.columns["Number"], np.array([7, 0], dtype=np.int64))
    assert block.columns["Word"] == ["NA", "é"]


def test_ignored_columns_may_hold_anything(write_table: Callable[..., Path]) -> None:
    block, = _read(write_table('other,Number,Word\n"x, ""y""",1,a\n=1+1,2,a\n,3,a\n'))
    assert list(block.columns["Number"]) == [1, 2, 3]


def test_wrong_header_is_a_fault_of_line_1(write_table: Callable[..., Path]) -> None:
    with pytest.raises(TableError, match="line 1: the header lacks Number"):
        _read(write_table("Word\na\n"))


@pytest.mark.parametrize("layout", ["tidy", "public"])
def test_any_block_size_gives_the_same_table(layout: str,
                                             write_table: Callable[..., Path]) -> None:
    text = table_text(layout, LONG_ROWS)
    path = write_table(text)
    expected = load_rows(path)
    assert len(expected) == len(LONG_ROWS)
    for size in (*range(100, 420, 19), *range(420, len(text) + 900, 997)):
        pd.testing.assert_frame_equal(
            load_rows(path, PrepareSettings(block_bytes=size)), expected)


def test_blocks_follow_each_other_by_their_line_numbers(write_table: Callable[..., Path]) -> None:
    path = write_table(table_text(rows=LONG_ROWS))
    blocks = list(row_blocks(path, PrepareSettings(block_bytes=500), with_target=True))
    assert len(blocks) > 4
    assert [line for block in blocks for line in block.index] == list(range(2, 26))


FAULTS = {
    "value": lambda line: with_field(line, "sex", "X", LONG_ROWS),
    "late column": lambda line: with_field(line, "salary", "50K", LONG_ROWS),
    "extra field": lambda line: with_field(line, "sex", "Male,Male", LONG_ROWS),
    "open quote": lambda line: with_field(line, "sex", '"Male', LONG_ROWS),
    "quoted newline": lambda line: with_field(line, "sex", '"Male\n"', LONG_ROWS),
    "blank line": lambda line: with_field(line, "age", "\n", LONG_ROWS),
    "NUL": lambda line: with_field(line, "sex", "\0", LONG_ROWS),
    "long line": lambda line: with_field(line, "sex", "é" * 400, LONG_ROWS),
    "not UTF-8": lambda line: with_field(line, "sex", "\udcff", LONG_ROWS),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_any_block_size_names_the_same_line(fault: str, write_table: Callable[..., Path]) -> None:
    for line in (2, 12, 25):
        path = write_table(FAULTS[fault](line).encode("utf-8", "surrogateescape"))
        texts = set()
        for size in (100, 117, 233, 360, 1000, 10**6):
            with pytest.raises(TableError) as caught:
                load_rows(path, PrepareSettings(block_bytes=size, max_line_bytes=700))
            assert caught.value.row == line
            texts.add(str(caught.value))
        # An open quote ends at the end of its block or of the next line: both are said.
        assert len(texts) == 1 or "quote" in fault


def test_line_may_be_as_long_as_the_limit_and_no_longer(write_table: Callable[..., Path]) -> None:
    text = "Number,Word,other\n1,a," + "x" * 196 + "\n2,a,y\n"
    for size in (100, 150, 199, 200, 201, 202, 1000):
        blocks = _read(write_table(text), max_line_bytes=200, block_bytes=size)
        assert [number for block in blocks for number in block.columns["Number"]] == [1, 2]
        with pytest.raises(TableError, match="line 2: the line is longer than 199 bytes"):
            _read(write_table(text), max_line_bytes=199, block_bytes=size)


def test_long_line_is_never_cut_into_two_good_rows(write_table: Callable[..., Path]) -> None:
    # Cut after its 301st byte behind the block, this line would look like two good rows.
    row = "1,a," + "é" * 48
    assert len(row.encode()) == 100
    path = write_table("Number,Word,other\n" + row + "é" * 150 + "1,a,x\n")
    with pytest.raises(TableError, match="line 2: the line is longer than 300 bytes"):
        _read(path, max_line_bytes=300, block_bytes=100)


def test_disk_that_fails_half_way_is_an_input_error(write_table: Callable[..., Path],
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        """Good for its first line only."""

        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    path = write_table()
    monkeypatch.setattr("census.reader.open_regular", lambda *_: Failing(path.read_bytes()))
    with pytest.raises(InputError, match="cannot be read: Input/output error; copy the file"):
        load_rows(path)


def _plain_reading(content: bytes) -> list[dict[str, str]]:
    """Read a table as the csv module alone does: the second opinion of the mutation test."""
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    rows.fieldnames = [name.strip(" ") for name in rows.fieldnames or ()]
    return list(rows)


def _mutated(content: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    for place, kind, piece in changes:
        at = int(place * len(content))
        gap = {"replace": len(piece), "insert": 0, "delete": 1}[kind]
        content = content[:at] + (b"" if kind == "delete" else piece) + content[at + gap:]
    return content


CHANGES = st.lists(st.tuples(
    st.floats(0, 1, exclude_max=True), st.sampled_from(["replace", "insert", "delete"]),
    st.one_of(st.binary(min_size=1, max_size=1),
              st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"-", b".", b"e", b" ", b"0"]))),
    min_size=1, max_size=4)


@settings(max_examples=MUTATIONS)
@given(changes=CHANGES, size=st.sampled_from([300, 10**6]))
def test_mutated_file_is_refused_or_read_as_it_stands(
        changes: list[tuple[float, str, bytes]], size: int,
        tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.csv"
    content = _mutated(GOOD.encode(), changes)
    path.write_bytes(content)
    try:
        found = load_rows(path, PrepareSettings(block_bytes=size))
    except CensusError as err:
        assert str(err).isprintable() and str(path) in str(err)
        return
    expected = _plain_reading(content)
    assert len(found) == len(expected) == len(ROWS)
    for name in NAMES:
        texts = [row[name].strip(" ") for row in expected]
        kind = {"integer": int, "category": str}[BY_NAME[name].kind]
        assert found[name].tolist() == list(map(kind, texts))
