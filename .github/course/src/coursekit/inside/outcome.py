"""What a job leaves behind: its answer, its output, its files; all of it up to a limit.

In: the ends of pipes, a folder. Out: bytes, and files as text that JSON can hold.
"""

import base64
import os
import select
import stat
import time
from collections.abc import Callable

#: Closes an answer: JSON text holds no newline. Processes left behind may keep the pipe open.
END = b"\n"
#: So often the memory of all processes is looked at.
LOOK_SECONDS = 0.25
MOST_DEPTH = 50
MOST_OUTPUT, MOST_ANSWER, MOST_FILES, MOST_FILE_BYTES = 2_000_000, 64_000_000, 500, 32_000_000


def is_dead(name: str) -> bool:
    """Tell whether a process has gone or only waits to be reaped."""
    try:
        with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] in ("Z", "X")
    except (OSError, IndexError):
        return True


def drain(ends: list[int], deadline: float, is_too_large: Callable[[], bool]
          ) -> tuple[list[bytes], str]:
    """Read the answer, stdout and stderr until all are closed, too long, too late or too large.

    A daemon may keep the pipes open, so the end of the answer is what counts.
    """
    texts, most = {end: bytearray() for end in ends}, [MOST_ANSWER, MOST_OUTPUT, MOST_OUTPUT]
    total, ended, is_open = dict.fromkeys(ends, 0), "done", set(ends)
    look = time.monotonic() + LOOK_SECONDS
    while ends[0] in is_open and not texts[ends[0]].endswith(END):
        wait = min(look, deadline) - time.monotonic()
        ready, _, _ = select.select(list(is_open), [], [], max(0.0, wait))
        if time.monotonic() >= look:
            if is_too_large():
                ended = "memory"
                break
            look = time.monotonic() + LOOK_SECONDS
        if not ready and time.monotonic() >= deadline:
            ended = "timeout"
            break
        for end in ready:
            read_some(end, texts, total, is_open, most[ends.index(end)])
        if any(total[end] > 20 * MOST_OUTPUT for end in ends[1:]) or total[ends[0]] > MOST_ANSWER:
            ended = "output"
            break
    last = time.monotonic() + 0.2
    while is_open and ended == "done" and time.monotonic() < last:
        for end in select.select(list(is_open), [], [], 0.02)[0]:
            read_some(end, texts, total, is_open, most[ends.index(end)])
    for end in ends:
        os.close(end)
    return [bytes(texts[end]) for end in ends], ended


def read_some(end: int, texts: dict[int, bytearray], total: dict[int, int], is_open: set[int],
              most: int) -> None:
    """Read once from a pipe; what is beyond the limit is counted and dropped."""
    chunk = os.read(end, 65536)
    if not chunk:
        is_open.discard(end)
    total[end] += len(chunk)
    texts[end] += chunk[:max(0, most - len(texts[end]))]


def snapshot(folder: str) -> dict[str, tuple[int, int]]:
    """Return size and time of each regular file below the folder, to a depth."""
    found = {}
    for here, folders, names in os.walk(folder):
        if os.path.relpath(here, folder).count(os.sep) >= MOST_DEPTH:
            folders.clear()
        for name in names:
            path = os.path.join(here, name)
            try:
                facts = os.lstat(path)
            except OSError:
                continue
            if stat.S_ISREG(facts.st_mode):
                found[os.path.relpath(path, folder)] = (facts.st_size, facts.st_mtime_ns)
    return found


def collect(folder: str, before: dict[str, tuple[int, int]]) -> dict[str, str]:
    """Return new and changed regular files, never through a link, up to the limits."""
    found: dict[str, str] = {}
    total = 0
    for name, facts in sorted(snapshot(folder).items()):
        if before.get(name) == facts or "__pycache__" in name or len(found) >= MOST_FILES:
            continue
        total += facts[0]
        if total > MOST_FILE_BYTES:
            break
        try:
            # It may be another thing by now; a pipe would keep us waiting.
            descriptor = os.open(os.path.join(folder, name),
                                 os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(descriptor, "rb") as file:
                if stat.S_ISREG(os.fstat(descriptor).st_mode):
                    found[name] = base64.b64encode(file.read(MOST_FILE_BYTES)).decode("ascii")
        except OSError:
            continue
    return found
