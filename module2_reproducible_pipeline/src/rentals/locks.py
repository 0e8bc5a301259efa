"""Let one process at a time work in a folder.

In: a folder. Out: a lock on it. The lock is held by the process, not by a file's existence, so it
goes when the process goes, however that happens.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def lock_folder(folder: Path, *, wait: bool) -> int:
    """Return a descriptor that holds the lock of a folder until it is closed.

    Parameters
    ----------
    folder : Path
        Must exist.
    wait : bool
        Until whoever holds it lets go.

    Returns
    -------
    int

    Raises
    ------
    OSError
        There is no such folder; or another holds it, and ``wait`` is false.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def locked_folder(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a folder while the block lasts; see `lock_folder`."""
    descriptor = lock_folder(folder, wait=wait)
    try:
        yield
    finally:
        os.close(descriptor)
