"""How much memory all processes of a job take together: a limit of each is not one of all.

In: the numbers of the processes that do not belong to the job. Out: bytes, shared pages once.
"""

import os

PAGE = os.sysconf("SC_PAGE_SIZE")


def memory_of_all(but: set[int]) -> int:
    """Return the bytes that all other processes of this namespace hold in memory."""
    return sum(memory_of(int(name)) for name in os.listdir("/proc")
               if name.isdigit() and int(name) not in but)


def memory_of(process: int) -> int:
    """Return a process's proportional share; all that it maps when it hides that; 0 when gone."""
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(b"Pss:"))
    except (OSError, StopIteration):
        pass
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
