"""The tables reach the same leaf as a walk through the tree, node by node."""

import numpy as np
import pytest
from served_models import form, random_rows

from census.schema import BY_NAME, FEATURES
from census.serving.tree_words import build_words
from census.serving.value_codes import build_codes
from census.serving_form import Tree


def walk(tree: Tree, row: dict[str, object]) -> float:
    """Return the leaf that a row reaches, in the plainest way."""
    node = tree[0]
    while len(node) == 4:
        feature, test, left, right = node
        value = row[FEATURES[feature]]
        goes_left = (BY_NAME[FEATURES[feature]].levels.index(value) in test  # type: ignore
                     if isinstance(test, tuple) else value <= test)  # type: ignore[operator]
        node = tree[left if goes_left else right]
    return node[0]


@pytest.mark.parametrize("leaves", [2, 31, 64])
def test_each_tree_is_walked_alike(leaves: int) -> None:
    trees = form(0, leaves).trees
    rows = random_rows(300, 6).to_dict("records")
    for tree in trees[:5]:
        codes = build_codes([tree])
        tables = build_words([tree], codes)
        for row in rows:
            found = [lookup[row[name]] for lookup, name in zip(codes.lookups, FEATURES)]
            words = np.bitwise_and.reduce(tables.words.take(found, 0), 0)
            assert tables.sums(words) == walk(tree, row)


def test_the_smallest_words_that_hold_the_leaves_are_taken() -> None:
    for leaves, kind in ((31, np.uint32), (64, np.uint64)):
        trees = form(0, leaves).trees
        assert build_words(trees, build_codes(trees)).words.dtype == kind


def test_a_tree_of_one_leaf_is_its_value() -> None:
    trees: list[Tree] = [((0.25,),), ((0.5,),)]
    tables = build_words(trees, build_codes(trees))
    assert tables.sums(tables.words[:3].copy()).tolist() == [0.75] * 3
