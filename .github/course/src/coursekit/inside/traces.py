"""Take away what a job left behind where the next one could find it.

In: folders. Out: the same folders, as they were before the first job. A suite of tests that can
count its runs knows which of them has a bug.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping

from coursekit.inside.outcome import snapshot

#: Both stay out of what is mounted below, as an environment may be.
REMOVE = ["rm", "-rf", *(["--one-file-system"] if sys.platform == "linux" else []), "--"]
UNLOCK = ["-xdev", "-type", "d", "!", "-perm", "-u+rwx", "-exec", "chmod", "u+rwx", "{}", ";"]


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
        all_of_it = [entry.path for entry in os.scandir(folder)]
        # A job may have locked a folder of its own, or put thousands into each other.
        for before, after in ((REMOVE, []), (["find"], UNLOCK), (REMOVE, [])):
            left = [path for path in all_of_it if os.path.lexists(path)]
            if left:
                subprocess.run([*before, *left, *after], check=False, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for path, data in kept.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
