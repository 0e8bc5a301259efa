"""Keep files and folders under the digest of what they hold.

In: a file or folder. Out: its digest, and a copy of it that nobody writes again.
The name of a thing is what it holds, so equal things are stored once and a change is noticed.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rentals.drafts import draft_folder
from rentals.errors import ArtifactError, InputError, OutputError
from rentals.files import faults_named, make_folder, sha256_of_file, sync_folder


@dataclass(frozen=True)
class Content:
    """What a file or folder holds: sha256, kind, bytes."""

    digest: str
    kind: Literal["file", "folder"]
    size: int


def content_of(path: Path) -> Content:
    """Return the digest of a file or folder.

    Parameters
    ----------
    path : Path
        A regular file, or a folder of regular files and folders.

    Returns
    -------
    Content
        For a folder the sha256 of the sorted list of relative path and sha256 of each file;
        times, modes and empty folders do not count.

    Raises
    ------
    InputError
        It is missing, unreadable, or holds links or devices.
    """
    if path.is_symlink():
        raise InputError(f"{path}: is a link; give what it points to")
    if not path.is_dir():
        return Content(sha256_of_file(path), "file", path.stat().st_size)
    lines, size = [], 0
    for file in sorted(path.rglob("*"), key=lambda file: file.relative_to(path).as_posix()):
        if file.is_symlink():
            raise InputError(f"{file}: is a link; an artifact holds none")
        if not file.is_dir():
            lines.append(f"{file.relative_to(path).as_posix()}\0{sha256_of_file(file)}\n")
            size += file.stat().st_size
    return Content(hashlib.sha256("".join(lines).encode()).hexdigest(), "folder", size)


def place_of(folder: Path, digest: str) -> Path:
    """Return where the content of a digest stands in the store ``folder``."""
    return folder / "objects" / digest[:2] / digest


def keep(folder: Path, source: Path) -> Content:
    """Copy ``source`` into the store, whole or not at all.

    Parameters
    ----------
    folder : Path
        Of the store.
    source : Path
        A file or folder; it is left as it is.

    Returns
    -------
    Content

    Raises
    ------
    InputError, OutputError
    """
    content = content_of(source)
    target = place_of(folder, content.digest)
    if is_intact(target, content.digest):
        return content
    make_folder(target.parent)
    with draft_folder(folder / "drafts") as draft, faults_named(target):
        copied = draft / "content"
        _copy(source, copied)
        _make_lasting(copied)
        if content_of(copied) != content:
            raise ArtifactError(f"{source}: changed while it was stored; run it again")
        _put_in_place(copied, target, draft / "damaged")
        sync_folder(target.parent)
    return content


def _copy(source: Path, copied: Path) -> None:
    if not source.is_dir():
        shutil.copyfile(source, copied)
        return
    try:
        shutil.copytree(source, copied)
    except shutil.Error as err:
        # It gathers what failed, each as text; the first one says why.
        reason = str(err.args[0][0][2]).partition("] ")[2].partition(":")[0]
        raise OutputError(f"cannot copy {source} into the store: {reason}; free some space, or "
                          "choose another folder with --out") from err


def is_intact(place: Path, digest: str) -> bool:
    """Does the content at ``place`` still have its digest?"""
    try:
        return content_of(place).digest == digest
    except InputError:
        return False


def _put_in_place(copied: Path, target: Path, aside: Path) -> None:
    """Rename ``copied`` to ``target``; something damaged there is put aside first."""
    for _ in range(2):
        try:
            os.rename(copied, target)  # over a file; a folder with content refuses
            return
        except OSError:
            # Another pipeline was quicker with the same content, or what stands there is
            # damaged.
            if is_intact(target, content_of(copied).digest):
                return
            os.rename(target, aside)
    raise ArtifactError(f"{target}: cannot be replaced; remove it and run again")


def _make_lasting(copied: Path) -> None:
    """Flush a file or folder to the disk and take the right to write from its files."""
    for path in [copied, *copied.rglob("*")] if copied.is_dir() else [copied]:
        if path.is_dir():
            sync_folder(path)
        else:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            path.chmod(0o444)
