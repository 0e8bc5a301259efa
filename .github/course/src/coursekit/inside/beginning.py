"""What the server does before its first job: give root up, and load what is heavy.

In: a user id, names of libraries. Out: a process that owns little and forks fast.
"""

import ctypes
import gc
import importlib
import importlib.metadata
import os
import sys

PR_SET_DUMPABLE = 4


def become_nobody(user: int) -> None:
    """Give up root for a user id that nothing else has."""
    if os.geteuid() == 0 and user:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def set_dumpable(yes: int) -> None:
    """Say whether processes of the same user may look into this one (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, yes, 0, 0, 0)


def preload(names: list[str]) -> None:
    """Import what is there of the heavy libraries, and the plugins that pytest will load."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    plugins = [entry.value.partition(":")[0]
               for entry in importlib.metadata.entry_points(group="pytest11")]
    for name in [*names, *plugins]:
        try:
            importlib.import_module(name)
        except (Exception, SystemExit):  # pylint: disable=broad-exception-caught  # a package's
            pass
    # Nothing of this is garbage: collections in the forks need not look at it again.
    gc.collect()
    gc.freeze()
