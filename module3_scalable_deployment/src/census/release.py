"""Releases: folders that are whole or absent, and one link that says which of them is served.

In: the files of a model and the facts about it. Out: a release on disk, in service. A release
is ``releases/<version>/`` with the model, its serving form, its documents and a manifest;
``releases/current`` links to the one in service.
"""

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from census.errors import ModelFileError, OutputError
from census.files import faults_named, make_folder, point_link, shown, sync_folder, write_bytes
from census.manifest import MANIFEST_NAME, ReleaseFacts, build_manifest, parse_manifest
from census.release_reader import (CURRENT, RELEASES, Release, current_version, list_versions,
                                   open_release)

LOGGER = logging.getLogger(__name__)
#: The two files without which a release is none.
MODEL_NAME, SERVING_NAME = "model.skops", "serving.json"


def make_release(folder: Path, files: Mapping[str, bytes], facts: ReleaseFacts, now: datetime
                 ) -> Release:
    """Store ``files`` as a release and put it in service.

    Parameters
    ----------
    folder : Path
        ``releases`` is made in it.
    files : mapping of str to bytes
        ``model.skops``, ``serving.json`` and the documents, by name.
    facts : ReleaseFacts
    now : datetime
        With a time zone; names the release. The same files at the same second are the same
        release.

    Returns
    -------
    Release

    Raises
    ------
    OutputError
        The folder cannot be written, or holds another release of that name.
    ValueError
        A file is missing, ``now`` has no time zone, or a fact is of the wrong kind.
    """
    if not {MODEL_NAME, SERVING_NAME} <= set(files) or MANIFEST_NAME in files:
        raise ValueError(f"a release holds {MODEL_NAME} and {SERVING_NAME}, and no manifest yet")
    version, manifest = build_manifest(facts, files, now)
    releases = folder / RELEASES
    make_folder(releases)
    with faults_named(releases / version), _held(releases):
        _put(releases / version, {**files, MANIFEST_NAME: manifest})
        point_link(releases / CURRENT, version)
    LOGGER.info("released %s: %d files, %d bytes", version, len(files),
                sum(map(len, files.values())))
    return Release(releases / version, parse_manifest(manifest))


def promote(folder: Path, version: str) -> Release:
    """Put a release in service after checking each of its files.

    Parameters
    ----------
    folder : Path
        The one given to `make_release`.
    version : str

    Returns
    -------
    Release

    Raises
    ------
    ModelFileError
        There is no such release, or a file of it is not as released; nothing changes then.
    OutputError
        The link cannot be written.
    """
    release = open_release(folder, version)
    release.check()
    with faults_named(folder / RELEASES), _held(folder / RELEASES):
        point_link(folder / RELEASES / CURRENT, version)
    LOGGER.info("promoted %s", version)
    return release


def rollback(folder: Path) -> Release:
    """Put the release before the current one in service; see `promote`."""
    current = current_version(folder)
    older = [version for version in list_versions(folder) if version < current]
    if not older:
        raise ModelFileError(f"no release is older than {current}; there is nothing to go back to")
    return promote(folder, older[-1])


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the one lock of ``folder``; it falls with the process, so it cannot stay stuck."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _put(release: Path, files: Mapping[str, bytes]) -> None:
    """Make ``release`` whole in one step; the caller holds the lock of its parent."""
    # Nobody else is here, so what a killed run left behind has no owner.
    for link in release.parent.glob(".*.link"):
        link.unlink()
    part = release.with_name(".part")
    shutil.rmtree(part, ignore_errors=True)
    if not os.path.lexists(release):
        try:
            part.mkdir()
            for name, content in files.items():
                write_bytes(part / name, content)
            os.rename(part, release)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    elif any((release / name).read_bytes() != content for name, content in files.items()):
        raise OutputError(f"{shown(release)} exists with other content; remove it first")
    sync_folder(release.parent)
