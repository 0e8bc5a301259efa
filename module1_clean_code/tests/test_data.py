"""Customer tables: three layouts in, one frame out, and nothing that leaks into the features."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from customer_tables import (BAYES, HEADER, LAYOUTS, NAMES, many_rows, table_text, with_field,
                             without_target)
from hypothesis import given, settings
from hypothesis import strategies as st

from churn.data import customer_blocks, find_layout, load_customers, split_target
from churn.errors import TableError
from churn.schema import BY_NAME, COLUMNS, FEATURES
from churn.settings import ReadingSettings

INTEGERS = [column for column in COLUMNS if column.kind == "integer"]
CATEGORIES = [column for column in COLUMNS if column.kind == "category"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_frame(layout: str, customers: pd.DataFrame,
                                           write_table: Callable[..., Path]) -> None:
    found = load_customers(write_table(table_text(layout)))
    pd.testing.assert_frame_equal(found, customers)
    assert list(found.columns) == NAMES
    assert set(map(str, found.dtypes)) == {"int64", "float64", "str"}


def test_rows_are_numbered_from_zero_over_all_blocks(write_table: Callable[..., Path]) -> None:
    path = write_table(table_text(rows=many_rows(30)))
    found = load_customers(path, ReadingSettings(block_bytes=300))
    assert found.index.tolist() == list(range(30))


def test_group_called_unknown_is_a_group_and_no_hole(write_table: Callable[..., Path]) -> None:
    found = load_customers(write_table())
    assert (found["Income_Category"] == "Unknown").sum() == 2
    assert not found.isna().any(axis=None)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_index_id_or_naive_bayes_column_reaches_the_features(
        layout: str, write_table: Callable[..., Path]) -> None:
    customers = load_customers(write_table(table_text(layout)))
    features, _ = split_target(customers)
    assert list(features.columns) == NAMES[2:] == list(FEATURES)


def test_columns_planted_into_a_frame_do_not_reach_the_features(customers: pd.DataFrame) -> None:
    leaking = customers.assign(**{"": range(12), "Unnamed: 0": range(12), "Churn": 1,
                                  BAYES[0]: 0.1, BAYES[1]: 0.9})
    features, has_left = split_target(leaking)
    assert list(features.columns) == NAMES[2:]
    assert list(split_target(leaking[leaking.columns[::-1]])[0].columns) == NAMES[2:]
    assert has_left.tolist() == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0]


def test_answer_is_one_where_the_customer_left(customers: pd.DataFrame) -> None:
    _, has_left = split_target(customers.iloc[:3])
    assert has_left.tolist() == [0, 1, 0]
    assert (has_left.name, has_left.dtype.kind) == ("has_left", "i")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_blocks_without_target_leave_it_out_where_it_stands(
        layout: str, write_table: Callable[..., Path]) -> None:
    path = write_table(table_text(layout))
    block, = customer_blocks(path, ReadingSettings(), with_target=False)
    assert list(block.columns) == [name for name in NAMES if name != "Attrition_Flag"]


def test_blocks_without_target_need_none(customers: pd.DataFrame,
                                         write_table: Callable[..., Path]) -> None:
    path = write_table(without_target(table_text()))
    block, = customer_blocks(path, ReadingSettings(), with_target=False)
    expected = customers.drop(columns="Attrition_Flag")
    pd.testing.assert_frame_equal(block.reset_index(drop=True), expected)
    with pytest.raises(TableError, match="the header lacks Attrition_Flag"):
        load_customers(path)


def test_target_outside_the_schema_does_not_disturb_scoring(
        write_table: Callable[..., Path]) -> None:
    path = write_table(with_field(3, "Attrition_Flag", "not known yet"))
    block, = customer_blocks(path, ReadingSettings(), with_target=False)
    assert len(block) == 12


def test_repeated_customer_is_found_across_blocks(write_table: Callable[..., Path]) -> None:
    path = write_table(with_field(13, "CLIENTNUM", "700000001"))
    for size in (100, 300, 10**6):
        with pytest.raises(TableError, match="line 13, column CLIENTNUM: the customer stands"):
            load_customers(path, ReadingSettings(block_bytes=size))


def test_first_broken_row_is_named_by_its_line_in_a_later_block(
        write_table: Callable[..., Path]) -> None:
    path = write_table(with_field(9, "Avg_Open_To_Buy", "17"))
    for size in (100, 450, 10**6):
        with pytest.raises(TableError, match="line 9, column Avg_Open_To_Buy: is not"):
            load_customers(path, ReadingSettings(block_bytes=size))


@pytest.mark.parametrize(("header", "message"), [
    ([], "lacks CLIENTNUM; 21 columns"), ([""], "lacks CLIENTNUM"),
    (NAMES[:-1], "lacks Avg_Utilization_Ratio"), ([*NAMES, "x"], "unknown column 'x'"),
    ([*NAMES, "Gender"], "twice"), (["", "", *NAMES], "unknown column ''"),
    ([*NAMES, BAYES[0]], "unknown column 'Naive_Bayes"),
    ([*NAMES, *BAYES, ""], "unknown column 'Naive_Bayes"),
    (NAMES[::-1], "another order; it must begin CLIENTNUM, Attrition_Flag, Customer_Age"),
    ([*NAMES, "\x1b" * 99], r"unknown column '(\\x1b){40}'$")])
def test_message_names_the_first_difference_of_the_header(header: list[str],
                                                          message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_layout(header, with_target=True)


@st.composite
def valid_rows(draw: st.DrawFn) -> dict[str, object]:
    """Draw one customer that obeys every rule, out to the ends of the ranges."""
    row: dict[str, object] = {column.name: draw(st.sampled_from(column.allowed))
                              for column in CATEGORIES}
    row |= {column.name: draw(st.integers(int(column.minimum), int(column.maximum)))
            for column in INTEGERS}
    limit = draw(st.one_of(st.just(0.0), st.floats(0.01, 1e8)))
    revolving = draw(st.integers(0, int(limit)))
    row |= {"Credit_Limit": limit, "Total_Revolving_Bal": revolving,
            "Avg_Open_To_Buy": limit - revolving,
            "Avg_Utilization_Ratio": round(revolving / limit, 3) if limit else 0.0}
    for name in ("Total_Amt_Chng_Q4_Q1", "Total_Ct_Chng_Q4_Q1"):
        row[name] = draw(st.floats(0, BY_NAME[name].maximum))
    return row


@settings(max_examples=60)
@given(rows=st.lists(valid_rows(), min_size=1, max_size=6, unique_by=lambda row: row["CLIENTNUM"]))
def test_what_is_written_is_read_back_in_every_layout(
        rows: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "round_trip.csv"
    written = pd.DataFrame(rows)[NAMES].astype(
        {column.name: "int64" if column.kind == "integer" else
         "float64" if column.kind == "decimal" else "str" for column in COLUMNS})
    leaking = written.assign(**{BAYES[0]: 0.5, BAYES[1]: 0.5})
    for table, has_index in ((written, False), (written, True), (leaking, False), (leaking, True)):
        table.to_csv(path, index=has_index)
        pd.testing.assert_frame_equal(load_customers(path), written, check_exact=True)


@pytest.mark.realdata
def test_true_file_loads_unchanged(real_data: Path) -> None:
    path = real_data / "churn" / "bank_data.csv"
    found, text = load_customers(path), path.read_text(encoding="utf-8")
    assert text.startswith("," + HEADER + "\n")
    assert found.shape == (10_127, 21)
    expected = pd.read_csv(io.StringIO(text), keep_default_na=False, index_col=0)
    pd.testing.assert_frame_equal(found, expected.rename_axis(None), check_exact=True)
    assert np.bincount(split_target(found)[1]).tolist() == [8_500, 1_627]
