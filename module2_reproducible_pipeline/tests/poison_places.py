"""Places that are no regular files, each made in a folder that is given.

In: an empty folder. Out: the path under which a reader then looks for listings.
"""

import os
import socket
from collections.abc import Callable
from pathlib import Path


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.csv")
    return folder / "pipe.csv"


def _socket(folder: Path) -> Path:
    # A socket's name may have no more than about 100 bytes, so it is made by its short name.
    back = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.csv")
    finally:
        os.fchdir(back)
        os.close(back)
    return folder / "socket.csv"


def link(folder: Path, target: str) -> Path:
    """Make a link and return it."""
    (folder / "link.csv").symlink_to(target)
    return folder / "link.csv"


def _below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("x", encoding="utf-8")
    return folder / "file" / "listings.csv"


PLACES: dict[str, Callable[[Path], Path]] = {
    "missing": lambda folder: folder / "no.csv",
    "folder": lambda folder: folder,
    "named pipe": _fifo,
    "socket": _socket,
    "link to itself": lambda folder: link(folder, "link.csv"),
    "link to nothing": lambda folder: link(folder, "no.csv"),
    "link to a folder": lambda folder: link(folder, "."),
    "link to a device": lambda folder: link(folder, "/dev/zero"),
    "endless device": lambda folder: Path("/dev/zero"),
    "empty device": lambda folder: Path("/dev/null"),
    "below a file": _below_a_file,
    "name too long": lambda folder: folder / ("x" * 300),
    "path too long": lambda folder: folder / ("x/" * 5000),
}
