"""Read releases: a folder, its manifest, and its files, none of them changed since.

In: a folder of releases. Out: a release, and the bytes of its files. The service reads releases
with this file alone; `census.release` makes them and chooses among them.

Digests show damage and files that do not belong together. They do not show who wrote them:
whoever may write the folder can write matching digests, and then it is the strict reader of each
file, not the digest, that keeps it from doing harm.
"""

import hashlib
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from census.errors import ModelFileError
from census.files import shown
from census.manifest import MANIFEST_NAME, VERSION_PATTERN, Manifest, parse_manifest

RELEASES, CURRENT = "releases", "current"
_MOST_BYTES, _MOST_MANIFEST_BYTES = 2**30, 2**20


@dataclass(frozen=True)
class Release:
    """A release whose manifest was read; its other files are checked when they are read."""

    folder: Path
    manifest: Manifest

    @property
    def version(self) -> str:
        """UTC stamp and eight digits of the digest of its files."""
        return self.manifest.version

    def read(self, name: str) -> bytes:
        """Return the content of one file, or raise `ModelFileError` if it is not as released."""
        try:
            digest = self.manifest.files[name]
            content = _read(self.folder / name, _MOST_BYTES)
        except (KeyError, ModelFileError) as err:
            reason = "not among its files" if isinstance(err, KeyError) else str(err)
            raise ModelFileError(f"{shown(self.folder / name)}: {reason}") from err
        if hashlib.sha256(content).hexdigest() != digest:
            raise ModelFileError(f"{shown(self.folder / name)}: its digest is not the one in "
                                 "the manifest")
        return content

    def check(self) -> None:
        """Read every file, or raise `ModelFileError`."""
        for name in self.manifest.files:
            self.read(name)


def current_version(folder: Path) -> str:
    """Return the version in service; `ModelFileError` if there is none.

    Parameters
    ----------
    folder : Path
        The one given to `make_release`.

    Returns
    -------
    str
    """
    link = folder / RELEASES / CURRENT
    try:
        version = os.readlink(link)
    except (OSError, ValueError) as err:
        raise ModelFileError(f"no current release in {shown(link.parent)}; release a model, or "
                             "promote one") from err
    if not re.fullmatch(VERSION_PATTERN, version):
        raise ModelFileError(f"{shown(link)} does not name a release beside it; promote one")
    return version


def open_release(folder: Path, version: str | None = None) -> Release:
    """Return one release, the current one by default; its manifest is checked, its files are not.

    Parameters
    ----------
    folder : Path
        The one given to `make_release`.
    version : str, optional

    Returns
    -------
    Release

    Raises
    ------
    ModelFileError
        There is no such release, or its manifest is damaged or for another schema.
    """
    name = current_version(folder) if version is None else version
    path = folder / RELEASES / name / MANIFEST_NAME
    if not re.fullmatch(VERSION_PATTERN, name):
        raise ModelFileError(f"{name!a:.60} is no version of a release; list them with "
                             "`census releases`")
    try:
        manifest = parse_manifest(_read(path, _MOST_MANIFEST_BYTES))
        if manifest.version != name:
            raise ModelFileError(f"it is the manifest of {manifest.version}")
    except ModelFileError as err:
        raise ModelFileError(f"{shown(path)}: {err}; release again, or promote another") from err
    return Release(path.parent, manifest)


def list_versions(folder: Path) -> list[str]:
    """Return the versions of all releases, oldest first."""
    with suppress(OSError):
        return sorted(name for name in os.listdir(folder / RELEASES)
                      if re.fullmatch(VERSION_PATTERN, name))
    return []


def _read(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file: no link, no pipe, no more than ``limit`` bytes."""
    try:
        with open(path, "rb", opener=_open_calmly) as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                raise ModelFileError("not a regular file")
            content = handle.read(limit + 1)
    except (OSError, ValueError) as err:
        raise ModelFileError(getattr(err, "strerror", None) or str(err)) from err
    if len(content) > limit:
        raise ModelFileError(f"larger than {limit} bytes")
    return content


def _open_calmly(name: str, flags: int) -> int:
    """Open, but follow no link, and do not wait for the other end of a pipe."""
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
