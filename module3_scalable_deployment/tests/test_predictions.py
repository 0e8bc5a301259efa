"""Predictions are read strictly, in parts, and no text becomes a missing value."""

import os

import pandas as pd
import pytest
from audit_tables import by, random_predictions, write

from census.errors import InputError, TableError
from census.training.predictions import categorical_columns, read_predictions

NAMES = {"NA": (1, 1, 0, 0), "None": (1, 0, 1, 0), "nan": (0, 0, 0, 2), "": (1, 0, 0, 0)}


@pytest.fixture(name="good")
def good_fixture(tmp_path):
    """A file of predictions whose groups have the names of missing values."""
    return write(tmp_path / "predictions.csv", by("race", NAMES))


def _spoilt(good, old, new, line=2):
    lines = good.read_text(encoding="utf-8").splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    good.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return good


def test_groups_named_na_none_nan_and_nothing_stay_apart(good):
    part = next(iter(list(read_predictions(good))))
    assert part["race"].astype(str).tolist() == ["NA"] * 2 + ["None"] * 2 + ["nan"] * 2 + [""]


@pytest.mark.parametrize("part_rows", [1, 3, 100])
def test_parts_together_are_the_table(tmp_path, part_rows):
    table = random_predictions(10, seed=1)
    parts = list(read_predictions(write(tmp_path / "p.csv", table), part_rows))
    assert max(len(part) for part in parts) == min(part_rows, 10)
    together = pd.concat([part.astype(str) for part in parts])
    pd.testing.assert_frame_equal(together, table.astype(str))


def test_columns_are_not_asked_for_beyond_the_features(tmp_path):
    table = random_predictions(5, seed=2).drop(columns=["fnlgt", "education"])
    part = next(iter(list(read_predictions(write(tmp_path / "p.csv", table.assign(row=1))))))
    assert "row" not in part.columns
    assert categorical_columns(part) == ("workclass", "marital-status", "occupation",
                                         "relationship", "race", "sex", "native-country")


@pytest.mark.parametrize("column", ["sex", "age", "label", "score", "predicted"])
def test_a_lacking_column_is_named(tmp_path, column):
    path = write(tmp_path / "p.csv", random_predictions(3, seed=1).drop(columns=[column]))
    with pytest.raises(TableError, match=f"line 1: the header lacks {column}"):
        list(read_predictions(path))


@pytest.mark.parametrize("column, value", [
    ("label", 2), ("label", -1), ("predicted", 7), ("score", 1.5), ("score", -0.1),
    ("score", "inf")])
@pytest.mark.parametrize("part_rows", [2, 100])
def test_a_value_out_of_range_is_refused_with_its_line(tmp_path, column, value, part_rows):
    table = random_predictions(6, seed=1).astype({column: object})
    table.loc[3, column] = value
    with pytest.raises(TableError, match=f"line 5, column {column}: must be"):
        list(read_predictions(write(tmp_path / "p.csv", table), part_rows))


@pytest.mark.parametrize("old, new", [(",0,0.1,0", ",,0.1,0"), (",0,0.1,0", ",x,0.1,0"),
                                      (",0,0.1,0", ",0,nan,0"), ("40,", "4.5,"),
                                      (",0,0.1,0", ",0,0.1")])
def test_a_value_of_another_kind_is_refused_in_one_line(good, old, new):
    with pytest.raises(InputError, match="is no table of predictions") as caught:
        list(read_predictions(_spoilt(good, old, new)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", [2, 3, 8])
def test_fields_without_a_header_are_refused(good, line):
    old = good.read_text(encoding="utf-8").splitlines()[line - 1][-6:]
    with pytest.raises(InputError, match=f"line {line}|no table of predictions"):
        list(read_predictions(_spoilt(good, old, old + ",9,9", line)))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\x00" * 50, b"sex\n\xc3\x28\n"])
def test_what_is_no_table_is_refused(tmp_path, content):
    (tmp_path / "p.csv").write_bytes(content)
    with pytest.raises(InputError):
        list(read_predictions(tmp_path / "p.csv"))


def test_a_column_that_is_there_twice_is_refused(good):
    with pytest.raises(TableError, match="line 1: the header has sex twice"):
        list(read_predictions(_spoilt(good, "race", "sex", line=1)))


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "p.csv")
    with pytest.raises(InputError, match="not a regular file"):
        list(read_predictions(tmp_path / "p.csv"))


def test_a_file_that_is_not_there_says_what_to_run(tmp_path):
    with pytest.raises(InputError, match="run `census evaluate` first"):
        list(read_predictions(tmp_path / "absent.csv"))
    with pytest.raises(InputError):
        list(read_predictions(tmp_path))


def test_a_table_without_rows_yields_nothing_to_count(tmp_path):
    parts = list(read_predictions(write(tmp_path / "p.csv", random_predictions(3, seed=1)[:0])))
    assert sum(map(len, parts)) == 0
