"""Take away what a job left behind where the next one could find it.

In: folders. Out: the same folders, as they were before the first job. A suite of tests that can
count its runs knows which of them has a bug.
"""

import os
import shutil
from collections.abc import Iterable, Mapping

from coursekit.inside.outcome import snapshot


def remember(folder: str) -> dict[str, bytes]:
    """Return the files below a folder: what is to lie there before each job."""
    found = {}
    for name in snapshot(folder):
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            found[path] = file.read()
    return found


def clear(folders: Iterable[str], kept: Mapping[str, bytes]) -> None:
    """Empty folders, and write again what is to lie there.

    Parameters
    ----------
    folders : iterable of str
        They stay themselves.
    kept : mapping of str to bytes
        As `remember` returned it.
    """
    for folder in folders:
        for entry in list(os.scandir(folder)):
            if entry.is_dir(follow_symlinks=False):
                _remove(entry.path)
            else:
                os.unlink(entry.path)
    for path, data in kept.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


def _remove(folder: str) -> None:
    os.chmod(folder, 0o700)
    for here, names, _ in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)
            # A job may have locked a folder of its own.
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
