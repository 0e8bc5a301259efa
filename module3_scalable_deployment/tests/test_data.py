"""Census tables: two layouts in, one frame out, and nothing that leaks into the features."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from census_tables import (HEADER, LAYOUTS, NAMES, NUMBERS, many_rows, table_text, with_field,
                           without_target)
from hypothesis import given, settings
from hypothesis import strategies as st

from census.data import find_layout, load_rows, row_blocks, split_target
from census.errors import TableError
from census.schema import COLUMNS, EDUCATION_LEVELS, FEATURES
from census.settings import PrepareSettings


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_frame(layout: str, people: pd.DataFrame,
                                           write_table: Callable[..., Path]) -> None:
    found = load_rows(write_table(table_text(layout)))
    pd.testing.assert_frame_equal(found, people)
    assert {name for name in found if found[name].dtype == "int64"} == set(NUMBERS)


def test_the_order_of_a_files_columns_does_not_matter(people: pd.DataFrame,
                                                      write_table: Callable[..., Path]) -> None:
    turned = people[people.columns[::-1]].to_csv(index=False)
    pd.testing.assert_frame_equal(load_rows(write_table(turned)), people)


def test_rows_are_numbered_from_zero_over_all_blocks(write_table: Callable[..., Path]) -> None:
    path = write_table(table_text(rows=many_rows(30)))
    found = load_rows(path, PrepareSettings(block_bytes=300))
    assert found.index.tolist() == list(range(30))


def test_a_question_mark_is_a_group_and_no_hole(write_table: Callable[..., Path]) -> None:
    found = load_rows(write_table())
    assert (found["workclass"] == "?").sum() == 1
    assert not found.isna().any(axis=None)


def test_weight_and_education_text_do_not_reach_the_features(people: pd.DataFrame) -> None:
    features, label = split_target(people.assign(salary_copy=people["salary"], index=range(12)))
    assert list(features.columns) == list(FEATURES)
    assert not {"fnlgt", "education", "salary"} & set(features.columns)
    assert label.tolist() == [0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1]


def test_features_keep_their_order_whatever_the_frames(people: pd.DataFrame) -> None:
    turned, _ = split_target(people[people.columns[::-1]])
    pd.testing.assert_frame_equal(turned, split_target(people)[0])


@pytest.mark.parametrize("text", [table_text(), without_target(table_text())])
def test_rows_to_score_need_no_target_and_lose_it_where_it_stands(
        text: str, people: pd.DataFrame, write_table: Callable[..., Path]) -> None:
    found = load_rows(write_table(text), with_target=False)
    pd.testing.assert_frame_equal(found, people.drop(columns="salary"))


def test_rows_to_learn_from_need_the_target(write_table: Callable[..., Path]) -> None:
    with pytest.raises(TableError, match="line 1: the header lacks salary"):
        load_rows(write_table(without_target(table_text())))


@pytest.mark.parametrize("number", range(1, 17))
def test_the_two_education_columns_must_agree(number: int,
                                              write_table: Callable[..., Path]) -> None:
    path = write_table(with_field(2, "education-num", str(number)))
    if number == 13:
        assert len(load_rows(path)) == 12
        return
    with pytest.raises(TableError, match="line 2, column education-num: is not the number of "
                                         "education Bachelors, which is 13"):
        load_rows(path)


def test_the_first_contradiction_is_named_by_its_line_in_a_later_block(
        write_table: Callable[..., Path]) -> None:
    path = write_table(with_field(9, "education", "Doctorate"))
    for size in (100, 450, 10**6):
        with pytest.raises(TableError, match="line 9, column education-num: is not the number"):
            load_rows(path, PrepareSettings(block_bytes=size))


@pytest.mark.parametrize(("header", "message"), [
    ([], "lacks age; 15 columns"), (NAMES[:-1], "lacks salary"),
    ([*NAMES, "x"], "unknown column 'x'"), ([*NAMES, "sex"], "twice"),
    (["", *NAMES], "unknown column ''"), ([name.replace("-", "_") for name in NAMES],
                                          "lacks education-num"),
    ([*NAMES, "\x1b" * 99], r"unknown column '(\\x1b){40}'$")])
def test_message_names_the_first_difference_of_the_header(header: list[str],
                                                          message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_layout(header, with_target=True)


@st.composite
def valid_rows(draw: st.DrawFn) -> dict[str, object]:
    """Draw one person that obeys every rule, out to the ends of the ranges."""
    row: dict[str, object] = {
        column.name: draw(st.sampled_from(column.levels)) if column.levels
        else draw(st.integers(column.minimum, column.maximum)) for column in COLUMNS}
    row["education"] = EDUCATION_LEVELS[int(str(row["education-num"])) - 1]
    return row


@settings(max_examples=60)
@given(rows=st.lists(valid_rows(), min_size=1, max_size=6))
def test_what_is_written_is_read_back(rows: list[dict[str, object]],
                                      tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "round_trip.csv"
    written = pd.DataFrame(rows)[NAMES]
    tidy = written.to_csv(index=False)
    for text in (tidy, tidy.replace(",", ", ") + "\n"):
        path.write_text(text, encoding="utf-8")
        pd.testing.assert_frame_equal(load_rows(path), written, check_exact=True)


def test_blocks_follow_each_other_by_their_lines(write_table: Callable[..., Path]) -> None:
    path = write_table(table_text("public", many_rows(24)))
    blocks = list(row_blocks(path, PrepareSettings(block_bytes=500), with_target=True))
    assert len(blocks) > 4
    assert [line for block in blocks for line in block.index] == list(range(2, 26))


@pytest.mark.realdata
def test_true_file_loads_unchanged_stripped_or_not(real_data: Path,
                                                   write_table: Callable[..., Path]) -> None:
    path = real_data / "census" / "census.csv"
    found, text = load_rows(path), path.read_text(encoding="utf-8")
    assert text.startswith(HEADER.replace(",", ", ") + "\n") and text.endswith("\n\n")
    expected = pd.read_csv(io.StringIO(text), keep_default_na=False, skipinitialspace=True)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    pd.testing.assert_frame_equal(load_rows(write_table(text.replace(", ", ",").rstrip() + "\n")),
                                  expected)
    assert found.shape == (32_561, 15) and found.duplicated().sum() == 24
    assert np.bincount(split_target(found)[1]).tolist() == [24_720, 7_841]
