"""Groups get codes: no two groups become one, and their order is their own."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.errors import InputError
from census.training.codes import bin_names, combine, encode, encode_bins


def _names(coded):
    return [coded.groups[code].name for code in coded.codes]


@pytest.mark.parametrize("kind", [object, "category"])
def test_groups_named_na_none_nan_and_nothing_stay_apart(kind):
    texts = ["NA", "None", "nan", "", "NaN", "null", "?", "NA"]
    coded = encode("race", pd.Series(texts, dtype=kind))
    assert _names(coded) == texts and len(coded.groups) == 7


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
@pytest.mark.parametrize("kind", [object, "category"])
def test_a_missing_value_is_refused_and_its_row_named(missing, kind):
    with pytest.raises(InputError, match="column race, row 2"):
        encode("race", pd.Series(["White", "Black", missing], dtype=kind))


def test_a_bin_holds_its_upper_edge():
    coded = encode_bins("age", pd.Series([17, 25, 26, 35, 36, 90]), (25, 35))
    assert _names(coded) == ["up to 25", "up to 25", "26 to 35", "26 to 35", "over 35", "over 35"]


def test_edges_between_whole_numbers_mean_the_one_below():
    assert _names(encode_bins("age", pd.Series([25, 26]), (25.9,))) == ["up to 25", "over 25"]


def test_bins_sort_by_number_and_not_by_text():
    coded = encode_bins("capital-gain", pd.Series([0, 500, 10_000]), (0, 7000))
    assert [group.name for group in sorted(coded.groups)] == ["up to 0", "1 to 7000",
                                                              "over 7000"]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6, unique=True),
       st.integers(-100, 100))
def test_every_number_is_in_the_one_bin_whose_words_fit(edges, value):
    edges = sorted(edges)
    word = _names(encode_bins("x", pd.Series([value]), edges))[0]
    if word.startswith("up to"):
        assert value <= edges[0]
    elif word.startswith("over"):
        assert value > edges[-1]
    else:
        low, *high = (int(part) for part in word.split(" to "))
        assert low <= value <= (high[0] if high else low)


@given(st.lists(st.integers(-9, 9) | st.integers(-10**9, 10**9), min_size=1, max_size=9))
def test_numbers_far_apart_have_the_bins_of_numbers_close_together(values):
    alone = [_names(encode_bins("x", pd.Series([value]), (-5, 0, 5)))[0] for value in values]
    assert _names(encode_bins("x", pd.Series(values), (-5, 0, 5))) == alone


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "int32", "int64", "uint64"])
def test_bins_do_not_depend_on_how_wide_the_numbers_are_stored(kind):
    values = pd.Series([0, 25, 26, 120, 127], dtype=kind)
    assert _names(encode_bins("x", values, (25, 120))) == ["up to 25", "up to 25", "26 to 120",
                                                           "26 to 120", "over 120"]
    if kind.startswith("int"):
        values = pd.Series([-100, 100, 50, -50], dtype=kind)
        assert _names(encode_bins("x", values, (0, 60))) == ["up to 0", "over 60", "1 to 60",
                                                             "up to 0"]


@pytest.mark.parametrize("edges", [(35, 25), (25, 25), (25.1, 25.9)])
def test_edges_that_do_not_rise_are_refused(edges):
    with pytest.raises(InputError, match="bins of age"):
        encode_bins("age", pd.Series([1]), edges)


def test_only_whole_numbers_have_bins():
    with pytest.raises(InputError, match="column age: every value must be a whole number"):
        encode_bins("age", pd.Series([1.5]), (25,))


def test_no_edges_are_one_bin_of_all():
    assert bin_names([]) == ["all"]
    assert _names(encode_bins("age", pd.Series([1, 99]), ())) == ["all", "all"]


def test_a_pair_has_one_group_for_each_two():
    first = encode("sex", pd.Series(["F", "M", "F"]))
    second = encode("race", pd.Series(["W", "W", "B"]))
    pair = combine(first, second)
    assert pair.attribute == "sex & race"
    assert _names(pair) == ["F & W", "M & W", "F & B"]


def test_pairs_of_few_and_many_groups_stay_apart_either_way_round():
    few = encode("x", pd.Series(["a", "b"] * 3))
    many = encode("y", pd.Series(["1", "1", "2", "2", "3", "3"]))
    assert _names(combine(few, many)) == ["a & 1", "b & 1", "a & 2", "b & 2", "a & 3", "b & 3"]
    assert _names(combine(many, few)) == ["1 & a", "1 & b", "2 & a", "2 & b", "3 & a", "3 & b"]


def test_pairs_of_many_groups_do_not_overflow():
    many = encode("x", pd.Series([str(number) for number in range(300)], dtype="category"))
    assert many.codes.dtype == np.int16
    pair = combine(many, many)
    assert _names(pair)[-1] == "299 & 299"
