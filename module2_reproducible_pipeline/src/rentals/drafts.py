"""Folders to work in, which vanish afterwards, or at the next work when a run was killed.

In: the folder in which to make one. Out: an empty folder that no other process touches.
A killed run cannot tidy up. Its draft was locked while it lived, so whoever comes next can tell
what a living run still needs from what a dead one left.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from rentals.files import faults_named, make_folder
from rentals.locks import lock_folder, locked_folder

_PREFIX = ".draft-"


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """Yield an empty folder below ``parent`` that is removed when the block ends.

    Parameters
    ----------
    parent : Path
        Made when missing. Drafts of dead processes are removed from it.

    Yields
    ------
    Path

    Raises
    ------
    OutputError
        There is no room or no right to make one.
    """
    make_folder(parent)
    with faults_named(parent), locked_folder(parent):
        _remove_dead(parent)
        folder = Path(mkdtemp(prefix=_PREFIX, dir=parent))
        # Opened before the lock of the parent goes, so nobody can take it for dead.
        descriptor = lock_folder(folder, wait=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_dead(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError), locked_folder(folder, wait=False):
            shutil.rmtree(folder, ignore_errors=True)
