"""Store models as releases that are whole or absent, and load none that has changed since.

In: a fitted model and the facts about it, or a version. Out: a release on disk, or the model.
A release is ``releases/<version>/{model.skops, manifest.json}``; ``releases/current`` links to
the one that serves. Digests of both files are checked before the model is parsed: they show
damage, not who wrote them, so the list of permitted types stands behind them.
"""

import hashlib
import logging
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from riskwatch.errors import ModelFileError
from riskwatch.files import faults_named, make_folder, point_link, shown
from riskwatch.manifest import VERSION_PATTERN, Manifest, ModelFacts, build_manifest
from riskwatch.release_files import (MANIFEST_NAME, MODEL_NAME, checked_version, held,
                                     put_release, read_release, unusable)
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)
CURRENT = "current"


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


def save_release(place: Workplace, model: Any, facts: ModelFacts) -> Release:
    """Store ``model`` as a release; it does not serve before it is deployed.

    Parameters
    ----------
    place : Workplace
        Its clock names the release. The same model and facts at the same second are the
        same release.
    model : estimator
        Fitted.
    facts : ModelFacts

    Returns
    -------
    Release

    Raises
    ------
    ModelFileError
        The model holds something that could not be loaded again.
    OutputError
        The folder cannot be written, or holds another release of that name.
    """
    from riskwatch.canonical import model_to_bytes  # pylint: disable=import-outside-toplevel

    content = model_to_bytes(model)
    digest = hashlib.sha256(content).hexdigest()
    version = f"{place.clock().astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"
    files = {MODEL_NAME: content, MANIFEST_NAME: build_manifest(facts, version, digest)}
    make_folder(place.releases)
    with faults_named(place.releases / version), held(place.releases):
        put_release(place.releases / version, files)
    LOGGER.info("stored model %s, %d bytes, as %s", facts.model_name, len(content), version)
    return Release(place.releases / version, version, digest)


def load_release(place: Workplace, version: str | None = None) -> StoredModel:
    """Load a release, or the one that serves.

    Parameters
    ----------
    place : Workplace
    version : str, optional

    Returns
    -------
    StoredModel

    Raises
    ------
    ModelFileError
        There is no model, or it is damaged, foreign, or for another schema; one line.
    """
    from riskwatch.canonical import model_from_bytes  # pylint: disable=import-outside-toplevel

    # The link is followed once, so that both files come from one release.
    wanted = version or current_version(place)
    if wanted is None:
        raise ModelFileError(f"no model serves in {shown(place.releases)}; train and deploy one")
    manifest, content = read_release(place, wanted)
    try:
        model = model_from_bytes(content)
    except ModelFileError as err:
        raise unusable(place.releases / wanted, err) from err
    return StoredModel(model, Release(place.releases / wanted, wanted, manifest.model_sha256),
                       manifest.facts)


def check_release(place: Workplace, version: str) -> Manifest:
    """Return the manifest of a release whose files are what they were when stored.

    Parameters
    ----------
    place : Workplace
    version : str

    Returns
    -------
    Manifest

    Raises
    ------
    ModelFileError
        There is no such release, or a byte of it is another.
    """
    return read_release(place, version)[0]


def current_version(place: Workplace) -> str | None:
    """Return the version that the link names, None where there is no link.

    Raises
    ------
    ModelFileError
        The link names no release beside it.
    """
    try:
        version = os.readlink(place.releases / CURRENT)
    except FileNotFoundError:
        return None
    except OSError as err:
        raise ModelFileError(f"{shown(place.releases / CURRENT)}: {err.strerror}; remove it, "
                             "and deploy again") from err
    return checked_version(place, version)


def point_current(place: Workplace, version: str) -> None:
    """Make the link name a release, in one step."""
    with held(place.releases):
        for rest in place.releases.glob(".*.link"):  # of a killed run
            rest.unlink()
        point_link(place.releases / CURRENT, checked_version(place, version))


def stored_versions(place: Workplace) -> tuple[str, ...]:
    """Return the versions of all releases on disk, oldest first."""
    if not place.releases.is_dir():
        return ()
    return tuple(sorted(name for name in os.listdir(place.releases)
                        if re.fullmatch(VERSION_PATTERN, name)))


def remove_release(place: Workplace, version: str) -> None:
    """Remove a release that does not serve; it is gone in one step, its files then follow."""
    rubbish = place.releases / ".part"
    with faults_named(rubbish), held(place.releases):
        shutil.rmtree(rubbish, ignore_errors=True)
        os.rename(place.releases / checked_version(place, version), rubbish)
        shutil.rmtree(rubbish, ignore_errors=True)
