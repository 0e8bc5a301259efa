"""Rows on their way in: checked, as numbers, column by column in files of a folder.

In: rows of one file after the other. Out: the same rows in parts, and their hashes. Memory
holds a part at a time, and the engine gets numbers that it need not read from text again.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskwatch.files import faults_named
from riskwatch.plain import Rows
from riskwatch.schema import CORPORATION, FEATURES, TARGET

#: So many rows are held at a time, and stand in one file of rows in the end.
ROWS_AT_ONCE = 2_000_000
_LARGE_BYTES = 30_000_000
_HASH = "hash"
_KINDS = {name: np.dtype(kind) for name, kind in (
    (CORPORATION, np.uint32), *((name, np.int32) for name in FEATURES), (TARGET, np.int8),
    (_HASH, np.uint64))}
#: Odd numbers without a pattern; so many bits of each field that they fill the hash.
_MULTIPLIERS = np.array((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93,
                         0xA0761D6478BD642F), dtype=np.uint64)


class Staging:
    """Files for rows; open while the context lasts, and removed with their folder.

    Parameters
    ----------
    folder : Path
        Empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.rows = folder, 0
        self._files: dict[str, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "Staging":
        keep_large_blocks()
        with faults_named(self.folder):
            for name in _KINDS:
                self._files[name] = self._stack.enter_context(open(self.folder / name, "w+b"))
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files and remove them; they have done their work."""
        with faults_named(self.folder):
            self._stack.close()
            for name in self._files:
                (self.folder / name).unlink(missing_ok=True)

    def append(self, rows: Rows) -> None:
        """Take rows."""
        with faults_named(self.folder):
            for file, values in zip(self._files.values(), (
                    rows.names, *rows.counts, rows.labels, hashes_of(rows)), strict=True):
                file.write(values.tobytes())
        self.rows += len(rows)

    def truncate(self, rows: int) -> None:
        """Forget all rows but the first ones."""
        if rows == self.rows:
            return
        with faults_named(self.folder):
            for name, kind in _KINDS.items():
                self._files[name].seek(rows * kind.itemsize)
                self._files[name].truncate()
        self.rows = rows

    def parts(self) -> Iterator[tuple[int, int]]:
        """Yield the bounds of parts of at most `ROWS_AT_ONCE` rows."""
        for start in range(0, self.rows, ROWS_AT_ONCE):
            yield start, min(start + ROWS_AT_ONCE, self.rows)

    def part(self, start: int, stop: int) -> Rows:
        """Return the rows from ``start`` up to ``stop``."""
        counts = np.empty((len(FEATURES), stop - start), dtype=np.int32)
        for name, values in zip(FEATURES, counts):
            self._read(name, start, values)
        return Rows(self._column(CORPORATION, start, stop), counts,
                    self._column(TARGET, start, stop))

    def hashes(self, start: int, stop: int) -> NDArray[np.uint64]:
        """Return the hashes of the rows from ``start`` up to ``stop``."""
        return self._column(_HASH, start, stop)

    def _column(self, name: str, start: int, stop: int) -> NDArray[Any]:
        values = np.empty(stop - start, dtype=_KINDS[name])
        self._read(name, start, values)
        return values

    def _read(self, name: str, start: int, values: NDArray[Any]) -> None:
        with faults_named(self.folder):
            self._files[name].seek(start * values.itemsize)
            self._files[name].readinto(values.data.cast("B"))


def keep_large_blocks() -> None:
    """Let the process keep memory that it gives back for a moment.

    The C library (of GNU) gets each large block anew from the system, page by page, until a
    larger one was given back; this one is never touched, so it costs nothing.
    """
    np.empty(_LARGE_BYTES, dtype=np.uint8)


def hashes_of(rows: Rows) -> NDArray[np.uint64]:
    """Return a hash of what makes rows speak of the same thing; labels have no part in it.

    Parameters
    ----------
    rows : Rows

    Returns
    -------
    array of uint64, shape (n,)
        Equal where names and counts are equal; elsewhere nearly always different.
    """
    hashes = rows.names.astype(np.uint64)
    hashes *= _MULTIPLIERS[0]
    for counts, multiplier in zip(rows.counts, _MULTIPLIERS[1:]):
        hashes += counts.astype(np.uint64) * multiplier
    # A sum of products is a straight line; folding the high bits down bends it.
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MULTIPLIERS[0]
    hashes ^= hashes >> np.uint64(29)
    return hashes
