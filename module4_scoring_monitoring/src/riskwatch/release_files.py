"""The files of a release: read calmly, and put in place whole; the store stands on this.

In: a folder and bytes. Out: those bytes under their names, or the bytes of a sound release.
"""

import fcntl
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from riskwatch.errors import ModelFileError, OutputError
from riskwatch.files import shown, sync_folder, write_bytes
from riskwatch.manifest import VERSION_PATTERN, Manifest, parse_manifest
from riskwatch.workplace import Workplace

MODEL_NAME, MANIFEST_NAME = "model.skops", "manifest.json"
MAX_MODEL_BYTES, MAX_MANIFEST_BYTES = 2**30, 2**20


def read_release(place: Workplace, version: str) -> tuple[Manifest, bytes]:
    """Return manifest and model file of a release, if they are what they were."""
    path = place.releases / checked_version(place, version) / MANIFEST_NAME
    try:
        manifest = parse_manifest(_read(path, MAX_MANIFEST_BYTES))
        path = path.with_name(MODEL_NAME)
        content = _read(path, MAX_MODEL_BYTES)
        digest = hashlib.sha256(content).hexdigest()
        if digest != manifest.model_sha256 or manifest.version != version:
            raise ModelFileError("its digest is not the one in the manifest")
    except ModelFileError as err:
        raise unusable(path, err) from err
    return manifest, content


def checked_version(place: Workplace, version: str) -> str:
    """Return ``version`` if it can be the name of a release and nothing else."""
    if not re.fullmatch(VERSION_PATTERN, version):
        raise ModelFileError(f"{shown(place.releases)}: {version[:80]!a} is no release; see "
                             "`riskwatch releases`")
    return version


def unusable(path: Path, err: ModelFileError) -> ModelFileError:
    """Return the fault of a release with what to do."""
    return ModelFileError(f"cannot use the model file {shown(path)}: {err}; roll back, or train "
                          "and deploy a new model")


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
def held(folder: Path) -> Iterator[None]:
    """Hold the one lock of ``folder``; it falls with the process, so it cannot stay stuck."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def put_release(release: Path, files: Mapping[str, bytes]) -> None:
    """Make ``release`` whole in one step; the caller holds the lock of its parent."""
    # Nobody else is here, so what a killed run left behind has no owner.
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
