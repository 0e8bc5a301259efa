"""Store models as releases that are whole or absent, and load none that has changed since.

In: a fitted model and the facts about it, or a folder. Out: a release on disk, or the model.
A release is ``releases/<version>/{model.skops, manifest.json}``; ``releases/current`` links to
the one stored last. Digests of both files are checked before the model is parsed. They show
damage and files that do not belong together. They do not show who wrote them: whoever may
write the folder can write matching digests, and then it is the list of permitted types, not
the digest, that keeps a file's code from running.
"""

import fcntl
import hashlib
import logging
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from churn.canonical import model_from_bytes, model_to_bytes
from churn.errors import ModelFileError, OutputError
from churn.files import faults_named, make_folder, point_link, shown, sync_folder, write_bytes
from churn.manifest import VERSION_PATTERN, ModelFacts, build_manifest, parse_manifest

LOGGER = logging.getLogger(__name__)
RELEASES, CURRENT = "releases", "current"
MODEL_NAME, MANIFEST_NAME = "model.skops", "manifest.json"
MAX_MODEL_BYTES, MAX_MANIFEST_BYTES = 2**30, 2**20


@dataclass(frozen=True)
class Release:
    """A stored model's folder, its version, and the sha256 of its model file."""

    folder: Path
    version: str
    model_sha256: str


@dataclass(frozen=True)
class StoredModel:
    """A model that was loaded, the release it came from, and the facts stored with it."""

    model: Any
    release: Release
    facts: ModelFacts


def save_model(model: Any, folder: Path, facts: ModelFacts, now: datetime) -> Release:
    """Store ``model`` as a release and make it the current one.

    Parameters
    ----------
    model : estimator
        Fitted.
    folder : Path
        Root of the store; ``releases`` is made in it.
    facts : ModelFacts
    now : datetime
        With a time zone; names the release. The same model and facts at the same second
        are the same release.

    Returns
    -------
    Release

    Raises
    ------
    ModelFileError
        The model holds something that could not be loaded again.
    OutputError
        The folder cannot be written, or holds another release of that name.
    ValueError
        ``now`` has no time zone, or a fact is of the wrong kind.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    content = model_to_bytes(model)
    digest = hashlib.sha256(content).hexdigest()
    version = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"
    files = {MODEL_NAME: content, MANIFEST_NAME: build_manifest(facts, version, digest)}
    releases = folder / RELEASES
    make_folder(releases)
    with faults_named(releases / version), _held(releases):
        _put(releases / version, files)
        point_link(releases / CURRENT, version)
    LOGGER.info("stored model %s, %d bytes, as %s", facts.model_name, len(content), version)
    return Release(releases / version, version, digest)


def load_model(folder: Path) -> StoredModel:
    """Load the current release of a store, or one release by its own folder.

    Parameters
    ----------
    folder : Path
        The folder given to `save_model`, or a folder with a model and its manifest.

    Returns
    -------
    StoredModel

    Raises
    ------
    ModelFileError
        There is no model, or it is damaged, foreign, or for another schema; one line.
    """
    # The link is followed once, so that both files come from one release.
    source = _current_release(folder) if os.path.lexists(folder / RELEASES) else folder
    try:
        path = source / MANIFEST_NAME
        manifest = parse_manifest(_read(path, MAX_MANIFEST_BYTES))
        path = source / MODEL_NAME
        content = _read(path, MAX_MODEL_BYTES)
        digest = hashlib.sha256(content).hexdigest()
        if digest != manifest.model_sha256 or digest[:8] != manifest.version[-8:]:
            raise ModelFileError("its digest is not the one in the manifest")
        model = model_from_bytes(content)
    except ModelFileError as err:
        raise ModelFileError(f"cannot use the model file {shown(path)}: {err}; train a new "
                             "model, or name another release") from err
    LOGGER.info("loaded model %s, %d bytes", manifest.version, len(content))
    return StoredModel(model, Release(source, manifest.version, digest), manifest.facts)


def _current_release(folder: Path) -> Path:
    """Return where ``current`` points; `ModelFileError` if nowhere, or out of the store."""
    link = folder / RELEASES / CURRENT
    try:
        version = os.readlink(link)
    except (OSError, ValueError) as err:
        raise ModelFileError(f"no current model in {shown(link.parent)}; train one") from err
    if not re.fullmatch(VERSION_PATTERN, version):
        raise ModelFileError(f"{shown(link)} does not name a release beside it; train again")
    return link.parent / version


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
