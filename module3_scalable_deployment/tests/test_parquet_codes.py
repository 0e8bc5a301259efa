"""Parquet is read as strictly as CSV, and means the same."""

import numpy as np
import pandas as pd
import pytest
from part_files import whole_rows, write_part
from served_models import form

from census.errors import InputError, TableError
from census.parquet_codes import parquet_blocks
from census.schema import FEATURES
from census.serving.scorer import Scorer

ROWS = whole_rows(40, seed=5)
SCORER = Scorer(form())


def codes_of(path):
    """Return the codes of all rows of a file."""
    return np.concatenate(list(parquet_blocks(path, SCORER)), axis=1)


def test_codes_are_those_of_the_values(tmp_path):
    found = codes_of(write_part(tmp_path / "a.parquet", ROWS))
    columns = [ROWS[name].tolist() for name in FEATURES]
    assert np.array_equal(found, SCORER.encode_columns(columns))


@pytest.mark.parametrize("change", [
    lambda rows: rows[rows.columns[::-1]],
    lambda rows: rows.rename(columns=lambda name: f" {name}"),
    lambda rows: rows.assign(sex=" " + rows["sex"] + " "),
    lambda rows: rows.assign(sex=rows["sex"].astype("category")),
    lambda rows: rows.astype({"age": "int8"}),
    lambda rows: rows[list(FEATURES)],
    lambda rows: rows.assign(salary=">50K")])
def test_order_blanks_types_and_columns_beside_change_nothing(change, tmp_path):
    before = codes_of(write_part(tmp_path / "a.parquet", ROWS))
    assert np.array_equal(codes_of(write_part(tmp_path / "b.parquet", change(ROWS))), before)


@pytest.mark.parametrize(("column", "value", "said"), [
    ("sex", "X", "row 8, column sex: must be one of Female, Male"),
    ("sex", None, "row 8, column sex: is missing"),
    ("age", 16, "row 8, column age: must be a whole number from 17 to 120"),
    ("age", 30.5, "row 8, column age|row 1, column age"),
    ("age", np.nan, "column age"),
    ("fnlgt", 0, "row 8, column fnlgt"),
    ("salary", "much", "row 8, column salary: must be one of <=50K, >50K"),
    ("education", "Preschool", "row 8, column education-num: is not the number")])
def test_a_wrong_value_is_named_by_row_and_column(column, value, said, tmp_path):
    rows = ROWS.assign(salary=">50K")
    rows[column] = rows[column].astype(object)
    rows.loc[7, "education-num"], rows.loc[7, "education"] = 9, "HS-grad"
    rows.loc[7, column] = value
    rows = rows.infer_objects() if not isinstance(value, float) else rows.assign(
        **{column: rows[column].astype(float)})
    with pytest.raises(InputError, match=said):
        codes_of(write_part(tmp_path / "a.parquet", rows))


@pytest.mark.parametrize(("change", "said"), [
    (lambda rows: rows.drop(columns="race"), "lacks the column race"),
    (lambda rows: rows.assign(iq=100), "unknown column 'iq'"),
    (lambda rows: rows.assign(**{" sex": rows["sex"]}), "names a column twice"),
    (lambda rows: rows[:0], "has no rows")])
def test_a_wrong_table_is_named(change, said, tmp_path):
    with pytest.raises(TableError, match=said):
        codes_of(write_part(tmp_path / "a.parquet", change(ROWS)))


def test_what_is_no_parquet_is_refused(tmp_path):
    path = write_part(tmp_path / "a.parquet", ROWS)
    content = path.read_bytes()
    for broken in (b"", b"age,sex\n", content[:-100], content[:200] + content[300:]):
        path.write_bytes(broken)
        with pytest.raises(InputError, match="cannot be read as Parquet"):
            codes_of(path)


def test_rows_are_counted_over_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("census.parquet_codes._ROWS_AT_ONCE", 16)
    rows = pd.concat([ROWS[:39], ROWS[39:].assign(sex="X")])
    path = write_part(tmp_path / "a.parquet", ROWS)
    assert [block.shape[1] for block in parquet_blocks(path, SCORER)] == [16, 16, 8]
    with pytest.raises(InputError, match="row 40, column sex"):
        codes_of(write_part(tmp_path / "b.parquet", rows))
