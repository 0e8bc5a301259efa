"""Codes by address are the codes by text, whichever way the objects are shared."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.training.text_codes import text_codes

TEXTS = ["NA", "None", "nan", "", "White", "Black", "a longer text, not interned"]


def _objects(texts):
    found = np.empty(len(texts), dtype=object)
    found[:] = texts
    return found


def _own(text):
    """Return an equal text at an address of its own."""
    return "".join(list(text)) if len(text) > 1 else text


def _values(values):
    codes, distinct = text_codes(_objects(values))
    assert len(distinct) == len(set(distinct)) and (codes >= 0).all()
    return [distinct[code] for code in codes]


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.booleans()), max_size=80))
def test_every_row_gets_back_its_text(rows):
    values = [_own(text) if is_own else text for text, is_own in rows]
    assert _values(values) == values


def test_equal_texts_at_two_addresses_are_one_group():
    values = [text for _ in range(30) for text in ("White", _own("White"), "Black")]
    assert len({id(value) for value in values}) > 2
    codes, distinct = text_codes(_objects(values))
    assert sorted(distinct) == ["Black", "White"] and len(set(codes)) == 2


@pytest.mark.parametrize("is_shared", [True, False])
def test_many_rows_have_the_codes_of_pandas(is_shared):
    rng = np.random.default_rng(1)
    values = _objects(TEXTS)[rng.integers(0, len(TEXTS), 30_000)]
    if not is_shared:
        values = _objects([_own(text) for text in values])
    codes, distinct = text_codes(values)
    assert (_objects(distinct)[codes] == values).all() and len(distinct) == len(TEXTS)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
@pytest.mark.parametrize("repeats", [1, 50])
def test_a_missing_value_has_no_code(missing, repeats):
    codes, distinct = text_codes(_objects(["a", missing, "b"] * repeats))
    assert (codes[1::3] == -1).all() and (codes[::3] >= 0).all() and sorted(distinct) == ["a", "b"]


def test_an_array_with_gaps_is_read_rightly():
    values = _objects(["a", "x", "b", "y"] * 50)
    codes, distinct = text_codes(values[::2])
    assert [distinct[code] for code in codes] == ["a", "b"] * 50


def test_no_row_has_no_code():
    codes, distinct = text_codes(_objects([]))
    assert len(codes) == 0 and not distinct
