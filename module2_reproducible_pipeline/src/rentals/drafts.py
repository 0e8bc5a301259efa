"""Folders to work in, which vanish afterwards, or at the next work when a run was killed.

In: the folder in which to make one. Out: an empty folder that no other process touches.
A killed run cannot tidy up. Its draft was locked while it lived, so whoever comes next can tell
what a living run still needs from what a dead one left.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from rentals.files import faults_named, make_folder

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
    with faults_named(parent), _locked(parent, wait=True):
        _remove_dead(parent)
        folder = Path(mkdtemp(prefix=_PREFIX, dir=parent))
        # Opened before the lock of the parent goes, so nobody can take it for dead.
        descriptor = _lock(folder, wait=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_dead(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError), _locked(folder, wait=False):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, *, wait: bool) -> Iterator[None]:
    descriptor = _lock(folder, wait=wait)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path, *, wait: bool) -> int:
    """Return a descriptor that holds the lock of a folder until it is closed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
