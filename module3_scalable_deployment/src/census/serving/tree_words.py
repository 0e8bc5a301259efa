"""Tables in which every tree has been looked at once, so that a row only looks up.

In: trees. Out: tables of words, and the sum of the leaves that a row reaches. A tree's leaves
are the bits of one word, from left to right. For each code of each feature the table holds, for
all trees, the words in which the leaves are cleared that such a value cannot reach. The words of
a row's features are combined by AND; the lowest bit that is left is the leaf of that tree.

References
----------
Lucchese and others, "QuickScorer: a fast algorithm to rank documents with additive ensembles of
regression trees", SIGIR 2015.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from census.serving.value_codes import ValueCodes
from census.serving_form import Tree, leaf_count

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TreeWords:
    """The tables of a model.

    Attributes
    ----------
    words : ndarray of uint32 or uint64, shape (n_codes, n_trees)
    leaves : ndarray of float, shape (n_trees, n_leaves)
        Values of the leaves; a tree with fewer has zeros at the end.
    firsts : ndarray of int, shape (n_trees,)
        Where each tree's leaves begin, less the bias of a float's exponent.
    floats : type
        Whose exponent says which bit a power of two is.
    shift : int
        Bits of such a float below its exponent.
    """

    words: Any
    leaves: Floats
    firsts: Any
    floats: Any
    shift: int

    def sums(self, words: Any) -> Any:
        """Return the sum of the leaves that are left; ``words`` is overwritten.

        Parameters
        ----------
        words : ndarray, shape (..., n_trees)
            Rows of the table combined by AND.

        Returns
        -------
        ndarray of float, shape (...)
        """
        words &= np.negative(words)  # the lowest bit alone: a power of two
        places = words.astype(self.floats).view(self.firsts.dtype)
        places >>= self.shift
        places += self.firsts
        return np.add.reduce(self.leaves.take(places), -1)


def build_words(trees: Sequence[Tree], codes: ValueCodes) -> TreeWords:
    """Return the tables of some trees.

    Parameters
    ----------
    trees : sequence of Tree
        Of at most 64 leaves each.
    codes : ValueCodes
        Of the same trees.

    Returns
    -------
    TreeWords
    """
    leaf_bits = 32 if max(map(leaf_count, trees)) <= 32 else 64
    word, floats, integer, shift, bias = (
        (np.uint32, np.float32, np.int32, 23, 127) if leaf_bits == 32
        else (np.uint64, np.float64, np.int64, 52, 1023))
    words: Any = np.full((sum(codes.sizes), len(trees)), np.iinfo(word).max, dtype=word)
    leaves = np.zeros((len(trees), leaf_bits))
    for number, tree in enumerate(trees):
        values = _clear(words[:, number], tree, codes)
        leaves[number, :len(values)] = values
    firsts = (np.arange(len(trees)) * leaf_bits - bias).astype(integer)
    return TreeWords(words, leaves, firsts, floats, shift)


def _clear(words: Any, tree: Tree, codes: ValueCodes) -> list[float]:
    """Clear in one column the leaves that values cannot reach; return the leaves' values."""
    first, last, values = _leaf_ranges(tree)
    for node in tree:
        if len(node) == 1:
            continue
        feature, test, left, _ = node
        size, offset = codes.sizes[feature], codes.offsets[feature]
        if isinstance(test, tuple):
            go_right = [code for code in range(size) if code not in test]
        else:
            go_right = list(range(bisect_left(codes.thresholds[feature], test) + 1, size))
        leaves_left = (1 << last[left]) - (1 << first[left])
        words[[offset + code for code in go_right]] &= np.invert(words.dtype.type(leaves_left))
    return values


def _leaf_ranges(tree: Tree) -> tuple[list[int], list[int], list[float]]:
    """Number the leaves from left to right: each node's first leaf, the one after its last."""
    first, last = [0] * len(tree), [0] * len(tree)
    values: list[float] = []

    def walk(place: int) -> None:
        node = tree[place]
        first[place] = len(values)
        if len(node) == 1:
            values.append(node[0])
        else:
            walk(node[2])
            walk(node[3])
        last[place] = len(values)

    walk(0)
    return first, last, values
