"""Preparing: repeated rows go before the split, and the split is a function of data and seed."""

import pandas as pd
import pytest

from census.errors import InputError
from census.settings import build_settings
from census.training.prepare import prepare


def _settings(**values):
    return build_settings({"train": {"folds": 2}, **values})


def test_no_row_is_on_both_sides_even_when_it_stood_there_often(many_people):
    often = pd.concat([many_people, many_people, many_people.iloc[:60]], ignore_index=True)
    found = prepare(often, _settings())
    both = pd.concat([found.train, found.test])
    assert found.repeated == 300
    assert len(both) == 240 and not both.duplicated().any()


def test_a_repeated_row_counts_once_in_each_share(many_people):
    often = pd.concat([many_people] + [many_people.iloc[:1]] * 200, ignore_index=True)
    pd.testing.assert_frame_equal(prepare(often, _settings()).train,
                                  prepare(many_people, _settings()).train)


def test_both_sides_have_the_same_share_above_50k(many_people):
    found = prepare(many_people, _settings(prepare={"test_fraction": 0.25}))
    assert (len(found.train), len(found.test)) == (180, 60)
    for part in (found.train, found.test):
        assert (part["salary"] == ">50K").mean() == 0.25


def test_the_same_seed_splits_alike_and_another_otherwise(many_people):
    first, again, other = (prepare(many_people, _settings(seed=seed)).test for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert set(first["fnlgt"]) != set(other["fnlgt"])


def test_rows_keep_their_order_and_are_numbered_anew(many_people):
    found = prepare(many_people, _settings())
    for part in (found.train, found.test):
        assert part.index.equals(pd.RangeIndex(len(part)))
        assert part["fnlgt"].is_monotonic_increasing


def test_too_few_of_one_class_are_refused_with_the_number(many_people):
    few = many_people[(many_people["salary"] == "<=50K") | (many_people["fnlgt"] < 20_060)]
    with pytest.raises(InputError, match="15 distinct rows have salary >50K; training needs at "
                                         "least 20"):
        prepare(few, _settings())
    with pytest.raises(InputError, match="0 distinct rows have salary >50K"):
        prepare(many_people[many_people["salary"] == "<=50K"], _settings())
