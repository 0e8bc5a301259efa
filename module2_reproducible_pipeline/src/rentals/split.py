"""Set rows aside: seeded, stratified by borough, and the same listing always on the same side.

In: listings, a share, a seed. Out: two frames that share no listing.
The side of a listing follows from its id, not from its place in the file, so another order of
the rows, or a second drop that repeats a listing, does not move it.
"""

import hashlib

import numpy as np
import pandas as pd

from rentals.errors import InputError
from rentals.schema import ID

STRATUM = "neighbourhood_group"


def set_aside(listings: pd.DataFrame, fraction: float, seed: int, *,
              earlier_aside: "pd.Series[int] | None" = None,
              earlier_kept: "pd.Series[int] | None" = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split listings into those that are kept and those that are set aside.

    Parameters
    ----------
    listings : DataFrame, shape (n, k)
        Ids must be unique.
    fraction : float
        Share set aside in each borough.
    seed : int
    earlier_aside, earlier_kept : Series of int, optional
        Ids whose side an earlier split decided.

    Returns
    -------
    kept, aside : DataFrame
        In the order of ``listings``.

    Raises
    ------
    InputError
        An id repeats, or a side would be empty.
    """
    ids = listings[ID]
    if ids.duplicated().any():
        raise InputError(f"listing {ids[ids.duplicated()].iloc[0]} stands in the table twice; "
                         "it could fall on both sides")
    must = ids.isin([] if earlier_aside is None else earlier_aside).to_numpy()
    must_not = ids.isin([] if earlier_kept is None else earlier_kept).to_numpy() & ~must
    draws = np.array([_draw(seed, number) for number in ids])
    # Sides that are decided come first or last, whatever is drawn.
    draws[must], draws[must_not] = -1.0, 2.0
    is_aside = np.zeros(len(listings), dtype=bool)
    for _, rows in pd.Series(np.arange(len(listings))).groupby(
            listings[STRATUM].to_numpy(), sort=True):
        places = rows.to_numpy()
        wanted = max(round(fraction * len(places)), int(must[places].sum()))
        wanted = min(wanted, len(places) - int(must_not[places].sum()))
        is_aside[places[np.lexsort((ids.to_numpy()[places], draws[places]))[:wanted]]] = True
    if is_aside.all() or not is_aside.any():
        raise InputError(f"{len(listings)} rows are too few to set {fraction:g} of them aside")
    return listings[~is_aside], listings[is_aside]


def _draw(seed: int, number: int) -> float:
    """Return a number from 0 to 1 that follows from the seed and the listing alone."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
