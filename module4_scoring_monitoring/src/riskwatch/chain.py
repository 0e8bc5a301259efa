"""The chain of digests that holds the rows of a table together.

In: the digest so far and a row. Out: the digest with that row. Whoever changes, removes or
inserts a row breaks the chain behind it.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

#: Digest of no rows.
EMPTY = "0" * 64


def link(chain: str, row: Mapping[str, Any]) -> str:
    """Return the sha256 of a row and of everything before it.

    Parameters
    ----------
    chain : str
        Digest of the rows before.
    row : mapping
        Column to value, without the column ``chain``.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    ValueError
        A number is not finite, which no database would give back as it was.
    """
    content = json.dumps(row, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(f"{chain}{content}".encode()).hexdigest()
