"""Values cross the sandbox as text and arrive as they were."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.inside.values import Opaque, decode, encode

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner))


def there_and_back(value):
    """Send a value through JSON text."""
    return decode(json.loads(json.dumps(encode(value))))


@settings(max_examples=300, deadline=None)
@given(PLAIN)
def test_plain_values_come_back_equal(value):
    assert there_and_back(value) == value


@given(st.lists(st.floats(width=64), max_size=30))
def test_floats_come_back_to_the_last_bit(values):
    found = there_and_back(np.array(values, dtype=float))
    assert found.dtype == float and np.array_equal(found, values, equal_nan=True)


def test_frames_keep_types_order_index_and_holes():
    frame = pd.DataFrame({"n": [1, 2, 3], "x": [0.1, math.nan, 3.0], "s": ["a", None, "NA"],
                          "b": [True, False, True], "c": pd.Categorical(["u", "v", "u"])},
                         index=[5, 3, 9])
    found = there_and_back(frame)
    assert list(found.columns) == list(frame.columns) and list(found.index) == [5, 3, 9]
    assert [str(kind) for kind in found.dtypes] == [str(kind) for kind in frame.dtypes]
    pd.testing.assert_frame_equal(found, frame, check_categorical=False, check_column_type=False)


def test_two_columns_of_one_name_both_arrive():
    found = there_and_back(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    assert found.shape == (1, 2) and list(found.columns) == ["a", "a"]


def test_series_scalars_tuples_and_paths():
    series = there_and_back(pd.Series([1.5, 2.5], name="x"))
    assert series.name == "x" and series.tolist() == [1.5, 2.5]
    assert there_and_back((np.int64(3), np.bool_(True), Path("a/b"))) == [3, True, "a/b"]
    assert there_and_back({(1, "a"): {3, 1}}) == {(1, "a"): [1, 3]}


def test_what_has_no_form_stays_inside_as_a_description():
    class Model:  # pylint: disable=too-few-public-methods
        """A model."""

        def __repr__(self):
            raise RuntimeError("no")

    found = there_and_back([Model(), object])
    assert all(isinstance(item, Opaque) for item in found)
    assert "Model" in found[0].type


def test_a_value_that_holds_itself_ends():
    value = []
    value.append(value)
    assert "nested too deep" in json.dumps(encode(value))


@pytest.mark.parametrize("text", [
    '{"$frame": {}}', '{"$frame": [1]}', '{"$nothing": 1}', '{"a": 1, "b": 2}', '{"$items": [1]}',
    '{"$array": {"dtype": "object", "shape": [2], "data": [1]}}', '{"$float": "x"}',
    '{"$frame": {"columns": ["a"], "dtypes": [], "index": [], "data": []}}'])
def test_a_forged_value_is_refused(text):
    with pytest.raises(ValueError):
        decode(json.loads(text))
