"""Write files so that they appear whole or not at all, whatever happens half-way.

In: a path and what shall stand there. Out: the whole file, on disk, under its final name.
A reader, or the next run after a power cut, must never meet half a file.

A killed run can leave a hidden file ``.<hash>-….part`` beside its target. Each such file is
locked while it is written, so the next writer of the same target removes those that nobody
holds; left alone they are harmless, because nothing reads hidden files.
"""

import errno
import fcntl
import hashlib
import io
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from riskwatch.errors import InputError, OutputError

_NO_ROOM, _NO_RIGHT = "free some space", "choose a place where you may write"
_ADVICE: dict[int | None, str] = {
    errno.ENOSPC: _NO_ROOM, errno.EDQUOT: _NO_ROOM, errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT, errno.EROFS: _NO_RIGHT,
}


def shown(path: Path) -> str:
    """Return ``path`` as text that fits on one line, whatever the name holds."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


@contextmanager
def faults_named(path: Path) -> Iterator[None]:
    """Turn any ``OSError`` of the block into an `OutputError` that names ``path``."""
    try:
        yield
    except (OSError, ValueError) as err:  # ValueError: a NUL inside the name
        reason = getattr(err, "strerror", None) or str(err)
        advice = _ADVICE.get(getattr(err, "errno", None), "choose another name or place")
        raise OutputError(f"cannot write {shown(path)}: {reason}; {advice}") from err


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


class _NamingFile(io.FileIO):
    """A raw file whose own failing writes, and no other faults, become `OutputError`."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__(descriptor, "wb")
        self._target = path

    def write(self, data: Any, /) -> int:
        with faults_named(self._target):
            return super().write(data)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create ``folder`` and its parents durably, or raise `OutputError`."""
    with faults_named(folder):
        if not folder.is_dir():
            make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            sync_folder(folder.parent)


def _checked_target(path: Path) -> Path:
    """Return the file that ``path`` stands for, refusing folders, pipes and devices."""
    target = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(target).st_mode):
            raise OSError(errno.EISDIR, "a folder, pipe or device stands there")
    return target


def _remove_leftovers(target: Path, prefix: str) -> None:
    for leftover in target.parent.glob(f"{prefix}*.part"):
        if leftover.is_file():
            # An error here means that another process has it, or had it: not ours to mend.
            with suppress(OSError), leftover.open("rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(leftover)


def _new_beside(target: Path) -> tuple[int, Path]:
    """Open a new locked hidden file in the folder of ``target``, its mode by the umask."""
    # A hash, because a long name of the target leaves no room for a longer one.
    prefix = f".{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"
    _remove_leftovers(target, prefix)
    while True:
        part = target.parent / f"{prefix}{secrets.token_hex(8)}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Between open and lock another writer may have taken it for a leftover.
        if os.fstat(descriptor).st_nlink:
            return descriptor, part
        os.close(descriptor)


@contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """Yield a binary file that takes the name ``path`` when the block ends well.

    Parameters
    ----------
    path : Path
        The target; missing parents are made, a link is followed, a new file's mode follows
        the umask.

    Yields
    ------
    BinaryIO
        Open for writing. Any exception leaves the target as it was and removes the rest.

    Raises
    ------
    OutputError
        The target cannot be written; the text says what, which, why and what to do.
    """
    with faults_named(path):
        target = _checked_target(path)
        make_folder(target.parent)
        descriptor, part = _new_beside(target)
    raw = _NamingFile(descriptor, path)
    buffered = io.BufferedWriter(raw)
    try:
        with _removed_on_failure(part):
            yield buffered
            with faults_named(path):
                buffered.flush()
                os.fsync(descriptor)
                os.replace(part, target)
                sync_folder(target.parent)
    finally:
        with suppress(OSError, OutputError):
            buffered.close()


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, whole or not at all; see `atomic_writer`."""
    with atomic_writer(path) as handle:
        handle.write(content)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all; see `atomic_writer`."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` as JSON with sorted keys; NaN and infinities are a ValueError."""
    write_text(path, json.dumps(content, sort_keys=True, indent=2, allow_nan=False) + "\n")


def sha256_of_file(path: Path) -> str:
    """Return the sha256 of a regular file in hexadecimal; `InputError` if there is none."""
    try:
        # Without O_NONBLOCK opening a pipe would wait for its writer for ever.
        with open(path, "rb", opener=lambda p, f: os.open(p, f | os.O_NONBLOCK)) as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        raise InputError(f"cannot read {shown(path)}: {reason}; name a readable file") from err


def point_link(link: Path, target_name: str) -> None:
    """Make ``link`` point to ``target_name`` beside it in one step, or raise `OutputError`."""
    with faults_named(link):
        if os.path.lexists(link) and not link.is_symlink():
            raise FileExistsError(errno.EEXIST, "not a link")
        fresh = link.with_name(f".{secrets.token_hex(8)}.link")
        with _removed_on_failure(fresh):
            os.symlink(target_name, fresh)
            os.replace(fresh, link)
        sync_folder(link.parent)
