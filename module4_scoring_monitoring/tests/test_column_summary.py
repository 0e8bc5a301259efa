"""A column in few words: rows, gaps, levels, quantiles; whole or in parts."""

import numpy as np
import pandas as pd
import pytest

from riskwatch.column_summary import EXACT_ROWS, FEW_VALUES, joined, summarised


def test_numbers_and_gaps_are_counted() -> None:
    found = summarised(pd.Series([3.0, np.nan, 1.0, 3.0]))
    assert (found.rows, found.present, found.kind) == (4, 3, "number")
    assert found.levels == {1.0: 1, 3.0: 2} and found.different == 2
    assert found.sketch is not None and found.sketch.edges.tolist() == [1.0, 3.0]


def test_text_keeps_levels_that_look_missing() -> None:
    found = summarised(pd.Series(["NA", None, "", "NA"], dtype=object))
    assert (found.present, found.kind, dict(found.levels or {})) == (3, "text", {"NA": 2, "": 1})


@pytest.mark.parametrize("dtype", ["Int64", "float32", "bool", "int8"])
def test_other_dtypes_are_numbers(dtype: str) -> None:
    assert summarised(pd.Series([0, 1, 1]).astype(dtype)).levels == {0.0: 1, 1.0: 2}


def test_many_values_are_no_levels_though_they_come_late() -> None:
    values = pd.Series([0.0] * 2000 + list(range(FEW_VALUES + 1)))
    found = summarised(values)
    assert found.levels is None and found.different == FEW_VALUES + 1


def test_the_current_side_is_counted_at_the_edges_of_the_reference() -> None:
    before = summarised(pd.Series(np.arange(100.0)))
    after = summarised(pd.Series([0.5, 200.0]), before)
    assert before.sketch is not None and after.sketch is not None
    assert (after.sketch.edges == before.sketch.edges).all()
    assert after.sketch.upto[[0, 1, 99]].tolist() == [0, 1, 1] and after.sketch.rows == 2


def test_large_columns_keep_a_thousand_edges_and_a_sample() -> None:
    found = summarised(pd.Series(np.random.default_rng(1).normal(size=EXACT_ROWS + 1)))
    assert found.sketch is not None and len(found.sketch.edges) == 1001
    assert 5000 <= len(found.sample) < 6000


def test_parts_join_to_the_whole() -> None:
    values = pd.Series(np.random.default_rng(1).integers(0, 9, 500)).astype(float)
    values[::7] = np.nan
    whole, parts = summarised(values), joined(summarised(values[:200]), summarised(values[200:]))
    assert (parts.rows, parts.present, parts.levels) == (whole.rows, whole.present, whole.levels)
    assert whole.sketch is not None and parts.sketch is not None
    assert (parts.sketch.upto == whole.sketch.upto).all()
    text = joined(summarised(pd.Series(["a", "b"])), summarised(pd.Series(["b"])))
    assert (text.rows, text.levels) == (3, {"a": 1, "b": 2})
