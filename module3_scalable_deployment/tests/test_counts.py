"""Counts are right, add up, and do not depend on the order of rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.errors import InputError
from census.training.codes import encode
from census.training.counts import count, merge, outcomes, whole

GROUPS = ("NA", "None", "a", "nan")
ROWS = st.lists(st.tuples(st.sampled_from(GROUPS), st.integers(0, 1), st.integers(0, 1)),
                min_size=1, max_size=60)


def _count(rows):
    table = pd.DataFrame(rows, columns=["group", "label", "predicted"])
    return count(encode("group", table["group"]), outcomes(table["label"], table["predicted"]))


def _as_dict(counts):
    return {group.name: tuple(row) for group, row in zip(counts.groups, counts.table.tolist())}


def test_each_outcome_is_counted_in_its_column():
    rows = [("a", 0, 0)] * 1 + [("a", 0, 1)] * 2 + [("a", 1, 0)] * 3 + [("a", 1, 1)] * 4
    assert _as_dict(_count(rows)) == {"a": (1, 2, 3, 4)}  # tn, fp, fn, tp
    assert _count(rows).rows.tolist() == [10]


@given(ROWS)
def test_counts_are_those_of_counting_one_by_one(rows):
    wanted = {name: [0, 0, 0, 0] for name, _, _ in rows}
    for name, label, predicted in rows:
        wanted[name][2 * label + predicted] += 1
    assert _as_dict(_count(rows)) == {name: tuple(cells) for name, cells in wanted.items()}


@given(ROWS, st.lists(st.integers(0, 60), max_size=4))
def test_counts_of_parts_add_up_to_the_counts_of_the_whole(rows, cuts):
    ends = sorted({min(cut, len(rows)) for cut in cuts} | {0, len(rows)})
    parts = [_count(rows[start:end]) for start, end in zip(ends, ends[1:])]
    together = merge(parts)
    assert together.groups == _count(rows).groups
    assert (together.table == _count(rows).table).all()


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert _count(shuffled).groups == _count(rows).groups
    assert (_count(shuffled).table == _count(rows).table).all()


@given(ROWS, st.permutations(GROUPS))
def test_other_names_of_groups_move_the_counts_along(rows, names):
    renamed = dict(zip(GROUPS, names))
    found = _as_dict(_count([(renamed[name], *rest) for name, *rest in rows]))
    assert found == {renamed[name]: cells for name, cells in _as_dict(_count(rows)).items()}


def test_groups_that_do_not_occur_are_left_out():
    values = pd.Series(["b", "a"], dtype=pd.CategoricalDtype(["c", "b", "a"]))
    assert _as_dict(count(encode("x", values), outcomes([0, 1], [0, 1]))) == {
        "a": (0, 0, 0, 1), "b": (1, 0, 0, 0)}


def test_more_rows_than_a_block_are_all_counted():
    rng = np.random.default_rng(1)
    rows = 200_001
    names, label, predicted = rng.choice(GROUPS, rows), *rng.integers(0, 2, (2, rows))
    found = count(encode("x", pd.Series(names)), outcomes(label, predicted))
    wanted = pd.crosstab(names, [label, predicted])
    assert (found.table == wanted.to_numpy()).all() and found.table.sum() == rows


def test_the_whole_is_the_sum_of_the_groups():
    assert whole(_count([("a", 0, 0), ("NA", 1, 1), ("nan", 1, 1)])).tolist() == [[1, 0, 0, 2]]


@pytest.mark.parametrize("side", [[0, 2], [0, -1], [0, float("nan")], [0, 0.5], ["0", "1"],
                                  [0, None]])
def test_an_answer_that_is_neither_0_nor_1_is_refused(side):
    with pytest.raises(InputError, match="column label: every value must be 0 or 1"):
        outcomes(side, [0, 1])
    with pytest.raises(InputError, match="column predicted: every value must be 0 or 1"):
        outcomes([0, 1], side)


def test_as_many_answers_as_decisions_are_asked_for():
    with pytest.raises(InputError, match="3 labels but 2 predictions"):
        outcomes([0, 1, 1], [0, 1])


def test_counts_of_two_attributes_do_not_add_up():
    other = count(encode("other", pd.Series(["a"])), outcomes([0], [0]))
    with pytest.raises(InputError, match="of one attribute"):
        merge([_count([("a", 0, 0)]), other])
    with pytest.raises(InputError, match="of one attribute"):
        merge([])
