"""Tests of reading a table as text, faults and all."""

from pathlib import Path

import numpy as np
import pytest
from check_tables import LIMITS, good_rows, table_of, text_table

from rentals.checks.table import read_text_table
from rentals.errors import InputError, TableError
from rentals.schema import NAMES
from rentals.settings import ReadingSettings


def test_fields_are_kept_as_they_stand(tmp_path: Path) -> None:
    rows = good_rows()
    rows[4]["name"], rows[5]["name"], rows[5]["price"] = "NA", " x, \"y\" ", "007"
    table = text_table(tmp_path, rows)
    assert table.header == NAMES
    assert table.texts.to_dict("records") == rows


def test_rows_are_numbered_by_the_lines_of_the_file(tmp_path: Path) -> None:
    """The header is line 1, and the second row goes over two lines."""
    table = text_table(tmp_path, good_rows())
    assert table.lines.tolist() == [2, 3, 5, 6, 7, 8]


def test_numbers_are_finite_or_missing(tmp_path: Path) -> None:
    rows = good_rows()
    for row, text in zip(rows, ("1.5", "", "north", "inf", "nan", "-2e1")):
        row["latitude"] = text
    np.testing.assert_array_equal(text_table(tmp_path, rows).numbers("latitude"),
                                  [1.5, np.nan, np.nan, np.nan, np.nan, -20.0])


def test_listings_have_numbers_and_text_by_the_schema(tmp_path: Path) -> None:
    rows = [{**row, "foreign": "1"} for row in good_rows()]
    for row in rows:
        del row["minimum_nights"]
    listings = text_table(tmp_path, rows).listings()
    assert list(listings) == [name for name in NAMES if name != "minimum_nights"]
    assert listings["price"].tolist() == [80.0, 81.0, 82.0, 83.0, 84.0, 85.0]
    assert listings["reviews_per_month"].isna().tolist() == [False, False, True] + [False] * 3
    assert listings["room_type"].tolist()[:2] == ["Entire home/apt", "Private room"]


def test_long_and_unprintable_fields_are_shown_safely(tmp_path: Path) -> None:
    rows = good_rows(1)
    rows[0]["id"], rows[0]["name"] = "\x1b[2J", "é" * 50
    row = text_table(tmp_path, rows).offending(np.array([True]), "name")[0]
    assert row.listing_id == "\\x1b[2J"
    assert row.value == "name " + "\\xe9" * 40 + "..."


@pytest.mark.parametrize(("content", "place"), [
    (b"", "line 1: has no header"),
    (b"\nx\n", "line 1: has no header"),
    (b"id,name\n", "has a header but no rows"),
    (b"id,name", "has a header but no rows"),
    (b"id,name\n1,a\n2\n", "line 3: has 1 fields, the header has 2"),
    (b"id,name\n1,\"a\nb\"\n2\n", "line 4: has 1 fields, the header has 2"),
    (b"id,name\n1,\"a\n", "line 2: not comma-separated values"),
    (b"id,name\n1,a\n2,\xff\n", "line 3: is not UTF-8 text"),
    (b"id,name\n1,a\0\n", "line 2: holds a NUL byte"),
    (b"id,name\n1," + b"a" * 200 + b"\n", "line 2: the line is longer than 100 bytes"),
])
def test_what_is_no_table_is_refused_with_its_line(tmp_path: Path, content: bytes,
                                                   place: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(TableError) as caught:
        read_text_table(path, ReadingSettings(max_line_bytes=100))
    assert place in str(caught.value)


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = table_of(tmp_path, good_rows())
    with pytest.raises(InputError, match="more than the limit of 50"):
        read_text_table(path, ReadingSettings(max_file_bytes=50))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_text_table(tmp_path / "none.csv", LIMITS)
    with pytest.raises(InputError, match="is not a regular file"):
        read_text_table(tmp_path, LIMITS)
