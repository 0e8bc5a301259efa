"""Which staged rows may say the same as another one: found by hashes, without the engine.

In: staged rows. Out: those that share a hash with another one; whoever calls compares them in
full, so no row is ever lost to a collision. A million rows cost a sort of a million numbers.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from riskwatch.staging import Staging

#: Row hashes that are held and sorted together.
HASHES_AT_ONCE = 8_000_000


def rows_alike(staged: Staging) -> NDArray[np.bool_]:
    """Return, of each row, whether another one has its hash.

    Parameters
    ----------
    staged : Staging

    Returns
    -------
    array of bool, shape (n,)
    """
    is_alike = np.zeros(staged.rows, dtype=np.bool_)
    # A power of two, so that a hash's part is found without a division.
    part_count = 1 << ((staged.rows - 1) // HASHES_AT_ONCE).bit_length()
    # The low bits of a hash make room for the row's number, so one sort brings both together.
    low = np.uint64((1 << staged.rows.bit_length()) - 1)
    for part in range(part_count):
        keys = np.concatenate(list(_keys(staged, part, part_count, low)))
        keys.sort()
        is_same = (keys[1:] ^ keys[:-1]) <= low
        keys &= low
        is_alike[keys[1:][is_same]] = True
        is_alike[keys[:-1][is_same]] = True
        del keys  # before the next part needs the memory
    return is_alike


def _keys(staged: Staging, part: int, part_count: int, low: np.uint64
          ) -> Iterator[NDArray[np.uint64]]:
    """Yield, of each row whose hash belongs to the part, high bits of it and the number."""
    for start, stop in staged.parts():
        hashes = staged.hashes(start, stop)
        numbers = np.arange(start, stop, dtype=np.uint64)
        if part_count > 1:
            is_here = hashes & np.uint64(part_count - 1) == part
            hashes, numbers = hashes[is_here], numbers[is_here]
        hashes &= ~low
        hashes |= numbers
        yield hashes
