"""Take one file of the inbox in: know it by its content, check it, and stage its rows.

In: a path and the digests that are known. Out: an `Arrival`, with the rows staged as numbers,
or an `InputError`, with the stage as it was. The file is opened once;
what is hashed, what is checked and what is staged are the same bytes.
"""

import hashlib
import os
import shutil
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from riskwatch.errors import InputError
from riskwatch.files import faults_named, make_folder
from riskwatch.plain import PLAIN_HEADER, Counts, read_plain
from riskwatch.reader import canonical_blocks, open_regular
from riskwatch.schema import PERIOD_PATTERN
from riskwatch.settings import ReadingSettings
from riskwatch.staging import Staging


class _Digest(Protocol):  # pylint: disable=too-few-public-methods  # all that is needed
    def update(self, data: bytes, /) -> None:
        """Take more bytes."""


@dataclass(frozen=True)
class Arrival:
    """A file that was looked at; ``counts`` is None where its content was known."""

    name: str
    sha256: str
    byte_count: int
    counts: Counts | None
    note: str = ""

    @property
    def rows(self) -> int:
        """How many rows were staged."""
        return 0 if self.counts is None else self.counts.rows


class _NotPlain(Exception):
    """The file must be read carefully."""


def fresh_folder(folder: Path) -> Path:
    """Return an empty folder; what a killed run left in it is removed."""
    with faults_named(folder):
        shutil.rmtree(folder, ignore_errors=True)
        make_folder(folder)
    return folder


def printable_name(path: Path) -> str:
    """Return a file's name as text that every terminal and database takes."""
    name = os.fsencode(path.name).decode("utf-8", "backslashreplace")
    return name if name.isprintable() else ascii(name)[1:-1]


def period_of(name: str) -> str | None:
    """Return the day that a file's name speaks of, None if it speaks of none."""
    found = PERIOD_PATTERN.search(name)
    return found[1] if found else None


def is_seen(path: Path, name: str, sizes: Container[tuple[str, int]]) -> bool:
    """Return whether a file of this name and size came before; its content may differ."""
    try:
        return (name, os.lstat(path).st_size) in sizes
    except OSError:
        return False


def take_in(path: Path, stage: Staging, limits: ReadingSettings, known: Container[str],
            *, is_probably_known: bool) -> Arrival:
    """Look at a file, and stage its rows unless its content is known.

    Parameters
    ----------
    path : Path
    stage : Staging
        Open; rows are appended.
    limits : ReadingSettings
    known : container of str
        The sha256 of every content seen before.
    is_probably_known : bool
        A file of this name and size was seen: then the digest alone is looked at first.

    Returns
    -------
    Arrival

    Raises
    ------
    InputError
        It cannot be read. It has no ``sha256`` attribute then; a `TableError`, raised when
        its content breaks a rule, is left to the caller to find the digest for.
    """
    with open_regular(path, limits.max_file_bytes) as stream:
        name = printable_name(path)
        if is_probably_known:
            sha256, size = digest_of(path, stream, limits)
            if sha256 in known:
                return Arrival(name, sha256, size, None)
            stream.seek(0)
        start = stage.rows
        try:
            counts, sha256 = _stage_plain(path, stream, stage, limits)
        except _NotPlain:
            stream.seek(0)
            stage.truncate(start)
            try:
                counts, sha256 = _stage_carefully(path, stream, stage, limits)
            except InputError:
                stage.truncate(start)
                raise
        if sha256 in known:
            stage.truncate(start)
            return Arrival(name, sha256, stream.tell(), None)
        return Arrival(name, sha256, stream.tell(), counts)


def digest_of(path: Path, stream: BinaryIO, limits: ReadingSettings) -> tuple[str, int]:
    """Return the sha256 and the size of what a file holds from here on."""
    digest, size = hashlib.sha256(), 0
    try:
        while block := stream.read(limits.block_bytes):
            digest.update(block)
            size += len(block)
    except OSError as err:
        raise InputError(f"{path}: cannot be read: {err.strerror}; copy it afresh") from err
    return digest.hexdigest(), size


def _stage_plain(path: Path, stream: BinaryIO, stage: Staging, limits: ReadingSettings
                 ) -> tuple[Counts, str]:
    digest, counts = hashlib.sha256(), Counts()
    for block in _blocks(path, stream, digest, limits):
        rows = read_plain(block)
        if rows is None:
            raise _NotPlain
        stage.append(rows)
        counts.add(rows)
    if not counts.rows:
        raise _NotPlain
    return counts, digest.hexdigest()


def _blocks(path: Path, stream: BinaryIO, digest: _Digest, limits: ReadingSettings
            ) -> Iterator[bytes]:
    try:
        header = stream.readline(len(PLAIN_HEADER))
        digest.update(header)
        if header != PLAIN_HEADER:
            raise _NotPlain
        while block := stream.read(limits.block_bytes):
            block += stream.readline(limits.max_line_bytes + 1)
            digest.update(block)
            yield block
    except OSError as err:
        raise InputError(f"{path}: cannot be read: {err.strerror}; copy it afresh") from err


class _Hashed:
    """A stream that notes what was read from it."""

    def __init__(self, stream: BinaryIO, digest: _Digest) -> None:
        self._stream, self._digest = stream, digest

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes."""
        return self._noted(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Read up to the end of a line."""
        return self._noted(self._stream.readline(size))

    def _noted(self, content: bytes) -> bytes:
        self._digest.update(content)
        return content


def _stage_carefully(path: Path, stream: BinaryIO, stage: Staging, limits: ReadingSettings
                     ) -> tuple[Counts, str]:
    digest, counts = hashlib.sha256(), Counts()
    hashed: BinaryIO = _Hashed(stream, digest)  # type: ignore[assignment]
    for lines, count in canonical_blocks(path, hashed, limits):
        rows = read_plain(lines)
        assert rows is not None and len(rows) == count  # canonical lines are plain
        stage.append(rows)
        counts.add(rows)
    return counts, digest.hexdigest()
