"""The strict reader: what is no table is refused, and the size of blocks does not matter."""

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rentals.data import find_layout, load_listings
from rentals.errors import InputError, RentalsError, TableError
from rentals.reader import open_regular, read_blocks
from rentals.schema import NAMES
from rentals.settings import ReadingSettings

HEADER = ",".join(NAMES) + "\n"
ROW = "{},{},5,Ada,Bronx,Belmont,40.85,-73.88,Private room,60,2,0,,,1,100\n"


def written(folder: Path, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / "listings.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("block_bytes", [100, 137, 500, 10_000])
def test_any_block_size_gives_the_same_table_with_titles_over_lines(
        tmp_path: Path, block_bytes: int) -> None:
    titles = ['"a\nb ""c"" d\n\n"', "e", '"f, g"', '"\n\n\n"', '"h ""\n"']
    path = written(tmp_path, HEADER + "".join(
        ROW.format(number + 1, titles[number % 5]) for number in range(60)))
    whole = load_listings(path)
    pd.testing.assert_frame_equal(
        load_listings(path, ReadingSettings(block_bytes=block_bytes)), whole)
    assert whole["name"].iloc[:5].tolist() == ['a\nb "c" d\n\n', "e", "f, g", "\n\n\n", 'h "\n']


def test_the_index_of_a_block_is_the_line_at_which_a_row_begins(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW.format(1, '"a\nb"') + ROW.format(2, "c") * 2)
    blocks = read_blocks(path, find_layout, ReadingSettings(block_bytes=100))
    assert [line for block in blocks for line in block.index] == [2, 4, 5]


def test_a_fault_after_titles_over_lines_names_its_own_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW.format(1, '"a\nb"') * 9 + ROW.format("x", "c"))
    for block_bytes in (100, 10_000):
        with pytest.raises(TableError, match="line 20, column id: 'x' is not a whole number"):
            load_listings(path, ReadingSettings(block_bytes=block_bytes))


def test_a_quote_that_is_never_closed_is_refused_before_all_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW.format(1, '"a') + ROW.format(2, "b") * 2000)
    with pytest.raises(TableError, match="line 2: not comma-separated values"):
        load_listings(path, ReadingSettings(block_bytes=100, max_line_bytes=1000))


@pytest.mark.parametrize("content, rule", [
    ("", "is empty"), (HEADER, "no rows"), ("\ufeff" + HEADER, "byte order mark"),
    (HEADER.encode("utf-16"), "NUL byte"), (HEADER + "\n", "0 fields"),
    (HEADER + ROW.format(1, "a")[:-5] + "\n", "fields, the header has 16"),
    (HEADER + ROW.format(1, "a" * 20_000), "longer than 10000 bytes")])
def test_what_is_no_table_of_listings_is_refused(
        tmp_path: Path, content: str | bytes, rule: str) -> None:
    with pytest.raises(TableError, match=rule):
        load_listings(written(tmp_path, content))


def test_only_a_regular_file_of_bounded_size_is_opened(tmp_path: Path) -> None:
    pipe, loop = tmp_path / "pipe", tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path in (pipe, loop, tmp_path, tmp_path / "missing", Path("nul\0")):
        with pytest.raises(InputError):
            open_regular(path, 10**9)
    with pytest.raises(InputError, match="more than the limit of 10 "):
        load_listings(written(tmp_path, HEADER), ReadingSettings(max_file_bytes=10))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None,
          max_examples=300)
@given(st.data())
def test_a_changed_byte_gives_a_table_or_one_plain_refusal(
        tmp_path: Path, data: st.DataObject) -> None:
    good = bytearray((HEADER + ROW.format(1, '"a\nb"') + ROW.format(2, "c")).encode())
    place = data.draw(st.integers(0, len(good) - 1))
    good[place] = data.draw(st.integers(0, 255))
    try:
        found = load_listings(written(tmp_path, bytes(good)))
    except RentalsError as err:
        assert "\n" not in str(err) and str(err).isprintable()
    else:
        assert list(found.columns) == list(NAMES) and len(found) in (1, 2)
