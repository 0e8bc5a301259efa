"""A column of numbers kept as a thousand quantiles: small, mergeable, with its error stated.

In: numbers, in chunks if need be. Out: edges with the rows below and up to each, from which the
Kolmogorov-Smirnov distance and the population stability index follow. Edges are values of the
column itself, never of equal width: on heavy tails bins of equal width see nothing.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EDGES = 1000
#: Values sorted at a time: they stay in the processor's cache.
_PIECE = 65_536
_PSI_BINS = 10


@dataclass(frozen=True, slots=True)
class QuantileSketch:
    """Rows below each edge, and up to it; edges rise, so atoms of any size are kept exactly.

    ``error`` bounds how far a cumulative share can be off between two edges.
    """

    edges: Floats
    below: Integers
    upto: Integers
    rows: int
    error: float = 0.0

    def shares(self) -> tuple[Floats, Floats]:
        """Return the cumulative shares just before each edge, and at it."""
        return self.below / max(self.rows, 1), self.upto / max(self.rows, 1)


def sketch_of(values: NDArray[Any], most_edges: int = EDGES) -> QuantileSketch:
    """Summarise numbers; where no more values differ than ``most_edges``, exactly.

    Parameters
    ----------
    values : array of float, shape (n,)
        Without NaN; infinities are values like any other.
    most_edges : int

    Returns
    -------
    QuantileSketch
        ``error`` is the largest share strictly between two edges, at most 1 / ``most_edges``.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    rows = len(ordered)
    if rows == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return QuantileSketch(ordered, nothing, nothing, 0)
    if rows <= most_edges:
        places = np.arange(rows)
    else:
        places = np.linspace(0, rows - 1, most_edges + 1).astype(np.int64)
    edges = ordered[places]
    edges = edges[np.append(True, edges[1:] > edges[:-1])]
    below = ordered.searchsorted(edges, "left")
    upto = ordered.searchsorted(edges, "right")
    between = below[1:] - upto[:-1]
    return QuantileSketch(edges, below, upto, rows, float(between.max(initial=0) / rows))


def counted_at(edges: Floats, values: NDArray[Any]) -> QuantileSketch:
    """Count numbers at the edges of another sketch.

    Parameters
    ----------
    edges : array of float, shape (k,)
        Rising.
    values : array of float, shape (n,)
        Without NaN.

    Returns
    -------
    QuantileSketch
        Exact at the edges, so its ``error`` is 0 there.
    """
    below, upto = np.zeros((2, len(edges)), dtype=np.int64)
    for start in range(0, len(values), _PIECE):
        piece = np.sort(np.asarray(values[start:start + _PIECE], dtype=np.float64))
        below += piece.searchsorted(edges, "left")
        upto += piece.searchsorted(edges, "right")
    return QuantileSketch(edges, below, upto, len(values))


def merged(first: QuantileSketch, second: QuantileSketch, most_edges: int = EDGES
           ) -> QuantileSketch:
    """Return the sketch of both parts together.

    Parameters
    ----------
    first, second : QuantileSketch
    most_edges : int
        More are thinned out, atoms last.

    Returns
    -------
    QuantileSketch
        Exact sums where the edges are the same; else shares between two edges are
        interpolated, and the errors of both add up, by their rows, in ``error``.
    """
    if first.rows == 0 or second.rows == 0:
        return second if first.rows == 0 else first
    rows = first.rows + second.rows
    error = (first.error * first.rows + second.error * second.rows) / rows
    if np.array_equal(first.edges, second.edges):
        return QuantileSketch(first.edges, first.below + second.below,
                              first.upto + second.upto, rows, error)
    edges = np.union1d(first.edges, second.edges)
    one, two = _at(first, edges), _at(second, edges)
    both = QuantileSketch(edges, one[0] + two[0], one[1] + two[1], rows, error)
    return _thinned(both, most_edges)


def ks_distance(reference: QuantileSketch, current: QuantileSketch) -> float:
    """Return the largest gap of the cumulative shares at common edges.

    Parameters
    ----------
    reference, current : QuantileSketch
        Of the same edges; both have rows.

    Returns
    -------
    float
        Never above the exact distance, and below it by at most the reference's ``error``.
    """
    gaps = [np.abs(one - two).max(initial=0.0)
            for one, two in zip(reference.shares(), current.shares())]
    return float(max(gaps))


def stability_index(reference: QuantileSketch, current: QuantileSketch) -> float:
    """Return the population stability index over the reference's tenths.

    Parameters
    ----------
    reference, current : QuantileSketch
        Of the same edges.

    Returns
    -------
    float
        At least 0; half a row is added to each bin, so that none is empty.

    References
    ----------
    Siddiqi, N. (2006). Credit Risk Scorecards, chapter 10.
    """
    wanted = np.arange(1, _PSI_BINS) / _PSI_BINS
    cuts = np.unique(np.searchsorted(reference.shares()[1], wanted)).clip(
        max=len(reference.edges) - 1)
    shares = []
    for side in (reference, current):
        counts = np.diff(side.upto[cuts], prepend=0, append=side.rows) + 0.5
        shares.append(counts / counts.sum())
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def _at(sketch: QuantileSketch, edges: Floats) -> tuple[Integers, Integers]:
    """Return the rows below and up to other edges, interpolated between the sketch's own."""
    place = sketch.edges.searchsorted(edges, "left")
    is_own = sketch.edges[place.clip(max=len(sketch.edges) - 1)] == edges
    left = np.append(0, sketch.upto)[place]  # up to the edge before
    right = np.append(sketch.below, sketch.rows)[place]  # below the edge after
    lower = np.append(edges[0], sketch.edges)[place]
    upper = np.append(sketch.edges, edges[-1])[place]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        part = np.nan_to_num((edges - lower) / (upper - lower), nan=0.5, posinf=0.5, neginf=0.5)
    middle = np.rint(left + part.clip(0, 1) * (right - left)).astype(np.int64)
    own = place.clip(max=len(sketch.edges) - 1)
    return (np.where(is_own, sketch.below[own], middle), np.where(is_own, sketch.upto[own],
                                                                  middle))


def _thinned(sketch: QuantileSketch, most_edges: int) -> QuantileSketch:
    """Keep about ``most_edges`` edges: the ends, atoms, and the rest at equal steps of rows."""
    if len(sketch.edges) <= most_edges + 1:
        return sketch
    step = sketch.rows / most_edges
    cell = np.floor(sketch.upto / step)
    kept = np.append(True, np.diff(cell) > 0)
    kept |= sketch.upto - sketch.below >= step
    kept[[0, -1]] = True
    # The edge before a wide step stays too, so that no cell holds more than a step.
    kept[:-1] |= (np.diff(sketch.upto) >= step)
    edges, below, upto = (part[kept] for part in (sketch.edges, sketch.below, sketch.upto))
    between = float((below[1:] - upto[:-1]).max(initial=0) / sketch.rows)
    return QuantileSketch(edges, below, upto, sketch.rows, max(sketch.error, between))
