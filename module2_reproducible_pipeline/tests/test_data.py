"""Tables of listings: strict in, canonical out, and the same bytes again."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rentals.data import find_layout, load_listings, write_listings
from rentals.errors import OutputError, TableError
from rentals.schema import BOROUGHS, NAMES, ROOM_TYPES

ROWS = [["2539", "Cozy, \"clean\"\nroom", "2787", "Ada", "Brooklyn", "Kensington", "40.64749",
         "-73.97237", "Private room", "149", "1", "9", "2018-10-19", "0.21", "6", "365"],
        ["3647", "", "4632", "", "Manhattan", "Harlem", "40.742709999999995", "-73.9419",
         "Entire home/apt", "0", "3", "0", "", "", "1", "0"]]
DTYPES = ["int64", "str", "int64", "str", "str", "str", "float64", "float64", "str", "int64",
          "int64", "int64", "str", "float64", "int64", "int64"]


def text_of(rows: list[list[str]], header: tuple[str, ...] = NAMES) -> str:
    """Return a table as text, not made by the code under test."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


@pytest.fixture(name="path")
def path_fixture(tmp_path: Path) -> Path:
    """A file of two good listings, one of them with everything missing that may be."""
    path = tmp_path / "listings.csv"
    path.write_text(text_of(ROWS), encoding="utf-8", newline="")
    return path


def test_columns_have_their_order_and_types_and_rows_are_numbered(path: Path) -> None:
    found = load_listings(path)
    assert list(found.columns) == list(NAMES)
    assert [str(dtype) for dtype in found.dtypes] == DTYPES
    assert found.index.tolist() == [0, 1]


def test_missing_is_empty_text_and_not_a_number_only_in_the_rate(path: Path) -> None:
    found = load_listings(path)
    assert found.loc[1, ["name", "host_name", "last_review"]].tolist() == ["", "", ""]
    assert found.columns[found.isna().any()].tolist() == ["reviews_per_month"]


def test_values_are_those_of_the_file(path: Path) -> None:
    found = load_listings(path)
    assert found["name"].tolist() == ['Cozy, "clean"\nroom', ""]
    assert found["latitude"].tolist() == [40.64749, 40.742709999999995]
    assert found["price"].tolist() == [149, 0]


def test_writing_gives_the_bytes_back(path: Path, tmp_path: Path) -> None:
    write_listings(load_listings(path), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == path.read_bytes()


def test_foreign_columns_and_the_index_are_not_written(path: Path, tmp_path: Path) -> None:
    found = load_listings(path)
    changed = found.assign(x=1).set_index(pd.Index([7, 9]))[["x", *NAMES[::-1]]]
    write_listings(changed, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == path.read_bytes()


def test_a_table_that_cannot_be_written_says_so(path: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_listings(load_listings(path), tmp_path / "no\0folder" / "x.csv")


@pytest.mark.parametrize("header, rule", [
    (NAMES[1:], "lacks id; 16 columns"), (("", *NAMES), "unknown column ''"),
    ((*NAMES, "price"), "names a column twice"),
    ((*NAMES[:-2], NAMES[-1], NAMES[-2]), "another order"),
    (tuple(name.upper() for name in NAMES), "lacks id")])
def test_a_wrong_header_is_refused_with_the_first_difference(
        header: tuple[str, ...], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        find_layout(header)


@pytest.mark.parametrize("column, text", [
    ("id", ""), ("host_id", "x"), ("neighbourhood_group", "Hoboken"), ("neighbourhood", ""),
    ("latitude", "nan"), ("longitude", "181"), ("room_type", "Hotel room"), ("price", "80.5"),
    ("minimum_nights", "0"), ("number_of_reviews", "-1"), ("last_review", "8 July 2019"),
    ("reviews_per_month", "inf"), ("calculated_host_listings_count", "0"),
    ("availability_365", "1000")])
def test_a_bad_field_refuses_the_file_and_is_named(
        tmp_path: Path, column: str, text: str) -> None:
    rows = [list(row) for row in ROWS]
    rows[1][NAMES.index(column)] = text
    path = tmp_path / "bad.csv"
    path.write_text(text_of(rows), encoding="utf-8", newline="")
    with pytest.raises(TableError, match=f"bad.csv, line 4, column {column}: "):
        load_listings(path)


LISTINGS = st.lists(st.fixed_dictionaries({
    "id": st.integers(1, 10**9),
    "name": st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\r\t"),
                    max_size=30),
    "neighbourhood_group": st.sampled_from(BOROUGHS), "room_type": st.sampled_from(ROOM_TYPES),
    "latitude": st.floats(-90, 90), "price": st.integers(0, 10_000),
    "reviews_per_month": st.floats(0, 100) | st.just(np.nan)}), min_size=1, max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None,
          max_examples=150)
@given(LISTINGS)
def test_what_is_written_is_read_back(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    listings = pd.DataFrame(rows).assign(
        host_id=1, host_name="Ada", neighbourhood="Harlem", longitude=-73.9, minimum_nights=1,
        number_of_reviews=0, last_review="", calculated_host_listings_count=1,
        availability_365=0)[list(NAMES)]
    write_listings(listings, tmp_path / "any.csv")
    pd.testing.assert_frame_equal(load_listings(tmp_path / "any.csv"), listings)
