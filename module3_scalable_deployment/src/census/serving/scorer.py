"""Score rows with a serving form: one in microseconds, a million in a fraction of a second.

In: a serving form, and rows as values or as codes. Out: probabilities, equal for one row and
for many. Every tree is looked at once, when the tables are made; a row then costs one look-up
for each feature and one for each tree.

A tree's leaves are the bits of one word, from left to right. For each feature and each code of
its values a table holds, for all trees, the words in which the leaves are cleared that such a
value cannot reach. The words of a row's features are combined by AND; the lowest bit that is
left in a word is the leaf of that tree.

References
----------
Lucchese and others, "QuickScorer: a fast algorithm to rank documents with additive ensembles of
regression trees", SIGIR 2015.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from census.schema import BY_NAME, FEATURES
from census.serving.value_codes import codes_of, thresholds_of
from census.serving_form import Level, ServingForm, Tree, leaf_count

Codes = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
#: Decimals of a probability: more than any user needs, fewer than rounding errors reach.
DECIMALS = 9
_ROWS_AT_ONCE = 1024


class Scorer:
    """The tables of one model; they never change once made.

    Attributes
    ----------
    threshold : float
        Probability from which the answer is the positive label.
    reference : mapping of str to int or str
        An ordinary row.
    """

    def __init__(self, form: ServingForm) -> None:
        self.threshold, self.reference = form.threshold, form.reference
        self._baseline = form.baseline
        self._thresholds = [thresholds_of(form.trees, place) for place in range(len(FEATURES))]
        self._sizes = [len(BY_NAME[name].levels) or len(thresholds) + 1
                       for name, thresholds in zip(FEATURES, self._thresholds)]
        self._offsets = [0, *accumulate(self._sizes)][:-1]
        self._lookups = [codes_of(*facts)
                         for facts in zip(FEATURES, self._thresholds, self._offsets)]
        leaves = max(map(leaf_count, form.trees))
        word: Any = np.uint32 if leaves <= 32 else np.uint64
        self._words = np.full((sum(self._sizes), len(form.trees)), ~word(0), dtype=word)
        # From the exponent of a power of two, as a float stores it, to a place among the leaves.
        self._float, self._integer, self._shift, bias = (
            (np.float32, np.int32, 23, 127) if leaves <= 32 else (np.float64, np.int64, 52, 1023))
        self._firsts = (np.arange(len(form.trees)) * leaves - bias).astype(self._integer)
        self._leaves = np.zeros((len(form.trees), leaves))
        for number, tree in enumerate(form.trees):
            values = self._add(number, tree)
            self._leaves[number, :len(values)] = values

    @property
    def code_type(self) -> Any:
        """The smallest unsigned type that holds every code of `encode_column`."""
        return np.min_scalar_type(len(self._words) - 1)

    def lookup(self, name: str) -> Mapping[Any, int]:
        """Return the codes of a feature by value; a number is looked up when first asked for."""
        return self._lookups[FEATURES.index(name)]

    def probability(self, row: Sequence[Level]) -> float:
        """Return the probability of the positive label for one row.

        Parameters
        ----------
        row : sequence of int or str
            A value of the schema for each of its features, in their order.

        Returns
        -------
        float
            Rounded to nine decimals.
        """
        codes = [lookup[value] for lookup, value in zip(self._lookups, row)]
        words = np.bitwise_and.reduce(self._words.take(codes, 0), 0)
        return _probability(float(self._sums(words)))

    def probabilities(self, codes: Codes) -> Floats:
        """Return the probabilities of many rows.

        Parameters
        ----------
        codes : ndarray of int, shape (n_features, n_rows)
            As found in the lookups.

        Returns
        -------
        ndarray of float, shape (n_rows,)
            Rounded to nine decimals.
        """
        blocks = [self._block(codes[:, start:start + _ROWS_AT_ONCE])
                  for start in range(0, codes.shape[1], _ROWS_AT_ONCE)]
        return np.concatenate(blocks) if blocks else np.empty(0)

    def encode_columns(self, columns: Sequence[Sequence[Level]]) -> Codes:
        """Return the codes of many rows of values.

        Parameters
        ----------
        columns : sequence of sequence of int or str
            The values of each feature in the schema's order.

        Returns
        -------
        ndarray of int, shape (n_features, n_rows)
        """
        return np.array([list(map(lookup.__getitem__, values))
                         for lookup, values in zip(self._lookups, columns)], dtype=np.intp)

    def _block(self, codes: Codes) -> Floats:
        words = self._words.take(codes[0], 0)
        for feature_codes in codes[1:]:
            words &= self._words.take(feature_codes, 0)
        # Not numpy's exp: it can differ from math.exp in the last place, and one row must
        # equal many.
        return np.array(list(map(_probability, self._sums(words).tolist())))

    def _sums(self, words: Any) -> Any:
        """Return the log-odds; ``words`` is overwritten."""
        words &= ~words + words.dtype.type(1)  # the lowest bit alone: a power of two
        places = words.astype(self._float).view(self._integer)
        places >>= self._shift
        places += self._firsts
        return self._leaves.take(places).sum(-1) + self._baseline

    def _add(self, number: int, tree: Tree) -> list[float]:
        """Clear in the tables the leaves of one tree that values cannot reach."""
        first, last, values = _leaf_ranges(tree)
        for place, node in enumerate(tree):
            if len(node) == 1:
                continue
            feature, test, left, _ = node
            reached = (1 << last[left]) - (1 << first[left])
            cleared = np.invert(self._words.dtype.type(reached))
            if isinstance(test, tuple):
                codes = [code for code in range(self._sizes[feature]) if code not in test]
            else:
                codes = list(range(bisect_left(self._thresholds[feature], test) + 1,
                                   self._sizes[feature]))
            self._words[[self._offsets[feature] + code for code in codes], number] &= cleared
        return values


def _probability(log_odds: float) -> float:
    if log_odds >= 0:
        return round(1 / (1 + math.exp(-log_odds)), DECIMALS)
    grown = math.exp(log_odds)
    return round(grown / (1 + grown), DECIMALS)


def _leaf_ranges(tree: Tree) -> tuple[list[int], list[int], list[float]]:
    """Number the leaves from left to right: each node's first leaf, the one after its last."""
    first, last, values = [0] * len(tree), [0] * len(tree), []

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
