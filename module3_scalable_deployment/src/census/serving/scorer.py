"""Score rows with a serving form: one in microseconds, a million in a fraction of a second.

In: a serving form, and rows as values or as codes. Out: probabilities, equal to the last bit for
one row and for many. A row costs one look-up for each feature and one for each tree; see
`census.serving.tree_words`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from census.schema import FEATURES
from census.serving.tree_words import Floats, build_words
from census.serving.value_codes import build_codes
from census.serving_form import Level, ServingForm

Codes = npt.NDArray[np.intp]
#: Probabilities are rounded to parts of this: finer than any use, coarser than rounding errors.
_UNITS = 1e9
_ROWS_AT_ONCE = 1024


class Scorer:
    """The tables of one model; they never change once made.

    Parameters
    ----------
    form : ServingForm

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
        codes = build_codes(form.trees)
        self._lookups = codes.lookups
        self._tables = build_words(form.trees, codes)

    @property
    def code_type(self) -> Any:
        """The smallest unsigned type that holds every code."""
        return np.min_scalar_type(len(self._tables.words) - 1)

    def lookup(self, name: str) -> Mapping[Any, int]:
        """Return the codes of a feature by value; a number's is found when it is asked for."""
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
        words = np.bitwise_and.reduce(self._tables.words.take(codes, 0), 0)
        return _probability(float(self._tables.sums(words)) + self._baseline)

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
        words = self._tables.words.take(codes[0], 0)
        for feature_codes in codes[1:]:
            words &= self._tables.words.take(feature_codes, 0)
        return _probabilities(self._tables.sums(words) + self._baseline)


def _probability(log_odds: float) -> float:
    """Return what `_probabilities` would, to the last bit: its exp is numpy's too."""
    grown = float(np.exp(-abs(log_odds)))
    return round((1 if log_odds >= 0 else grown) / (1 + grown) * _UNITS) / _UNITS


def _probabilities(log_odds: Floats) -> Floats:
    grown = np.exp(-np.abs(log_odds))
    rounded: Floats = np.rint(np.where(log_odds >= 0, 1, grown) / (1 + grown) * _UNITS) / _UNITS
    return rounded
