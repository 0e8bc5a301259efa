"""Let one run at a time write into a folder of results.

In: a folder. Out: a lock that the operating system drops when the process ends, however it ends.
A file whose existence means "locked" would outlive a killed run; a held ``flock`` cannot.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskwatch.errors import BusyError, OutputError


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while the context lasts.

    Parameters
    ----------
    folder : Path
        Made when missing; the lock is its file ``.lock``.

    Raises
    ------
    BusyError
        Another process holds it.
    OutputError
        The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = open(folder / ".lock", "ab")
    except OSError as err:
        raise OutputError(f"{folder}: cannot be written: {err.strerror}; "
                          "choose another folder with --out") from err
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            raise BusyError(f"{folder}: another run writes here; wait for it, or choose another "
                            "folder with --out") from err
        except OSError as err:
            raise OutputError(f"{folder}: cannot be locked: {err.strerror}; "
                              "choose a folder on a local disk with --out") from err
        yield
