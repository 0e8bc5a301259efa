"""Give drawn listings their hosts and their numbers.

In: how many listings each listing's host has, and how new each listing is. Out: numbers.
Numbers grow with time, as on the true site, and the two drops have none in common, so that a
listing found in both is one that was repeated on purpose.
"""

import numpy as np

from rentals import calibration as facts
from rentals.fact_tables import Floats, Integers

_ROWS_PER_STRETCH = 4_000_000


def assign_hosts(rng: np.random.Generator, host_rows: Integers, visible_share: float) -> Integers:
    """Return the host of each listing, as a number from 0.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    host_rows : array of int, shape (n,)
        Listings that the host has in the whole city.
    visible_share : float
        Share of the city's listings that this table holds, up to 1: of a host with ten
        listings a table of two fifths of the city shows about four, and never more than ten.

    Returns
    -------
    array of int, shape (n,)
    """
    hosts = np.zeros(len(host_rows), dtype=np.int64)
    taken = 0
    for size in np.unique(host_rows).tolist():
        members = np.flatnonzero(host_rows == size)
        number = int(np.ceil(len(members) / (size * visible_share)))
        of_slot = rng.permutation(number * size)[:len(members)] // size
        _, compact = np.unique(of_slot, return_inverse=True)
        hosts[members] = taken + compact
        taken += int(compact.max()) + 1
    return hosts


def draw_listing_numbers(rng: np.random.Generator, newness: Floats, drop: int) -> Integers:
    """Return different numbers for listings, higher for newer ones.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    newness : array, shape (n,)
        Normal scores.
    drop : int
        1 takes odd numbers, 2 even ones.

    Returns
    -------
    array of int, shape (n,)
    """
    return _numbers(rng, newness, facts.LISTING_IDS, drop)


def draw_host_numbers(rng: np.random.Generator, newness: Floats, drop: int) -> Integers:
    """Return different numbers for hosts; a new listing may have an old host.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    newness : array, shape (hosts,)
        Of one listing of each host.
    drop : int
        As for `draw_listing_numbers`.

    Returns
    -------
    array of int, shape (hosts,)
    """
    score = 0.6 * newness + 0.8 * rng.normal(size=len(newness))
    return _numbers(rng, score, facts.HOST_IDS, drop)


def _numbers(rng: np.random.Generator, score: Floats, quantiles: tuple[float, ...],
             drop: int) -> Integers:
    """Give each rank its own stretch of the range, and take a number from within."""
    rows = len(score)
    rank = np.empty(rows, dtype=np.int64)
    rank[np.argsort(np.round(score, 9), kind="stable")] = np.arange(rows)
    # Past some millions of rows the true range has too few numbers, so it is stretched.
    edges = np.array(quantiles, dtype=np.int64) * (1 + rows // _ROWS_PER_STRETCH) // 2
    first, following = (_at_rank(edges, each, rows) for each in (rank, rank + 1))
    return 2 * rng.integers(first, following) + drop % 2


def _at_rank(edges: Integers, rank: Integers, rows: int) -> Integers:
    """Return the quantile at ``rank / rows``, by whole numbers alone."""
    at = np.rint(np.array(facts.SHARES) * 1000).astype(np.int64) * rows  # thousandths of ranks
    below = np.clip(np.searchsorted(at, rank * 1000, side="right") - 1, 0, len(at) - 2)
    rest = rank * 1000 - at[below]
    return np.asarray(edges[below] + rest * (edges[below + 1] - edges[below])
                      // (at[below + 1] - at[below]))
