"""Hold the model in service, and take another when a release is promoted.

In: the folder of releases. Out: one object that answers a whole request. A request takes that
object once, so no answer mixes two models; a release that cannot be read changes nothing.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from census.errors import CensusError
from census.release_reader import Release, current_version, open_release
from census.schema import FEATURES
from census.serving.metrics import Metrics
from census.serving.payloads import Signature
from census.serving.problems import Problem
from census.serving.scorer import Scorer
from census.serving_form import form_from_bytes

LOGGER = logging.getLogger(__name__)
SERVING_NAME = "serving.json"
#: Documents of a release that the service shows, by the last word of their address.
DOCUMENTS = {"fairness": "fairness.json", "slices": "slices.json"}


@dataclass(frozen=True)
class Served:
    """One release, ready to answer: its tables, its facts and its documents as JSON."""

    signature: Signature
    scorer: Scorer
    facts: bytes
    documents: Mapping[str, bytes]


class Holder:
    """The model in service, None before the first one was read.

    Parameters
    ----------
    folder : Path
        Where ``releases`` is.
    metrics : Metrics
    """

    def __init__(self, folder: Path, metrics: Metrics) -> None:
        self._folder, self._metrics = folder, metrics
        self._model: Served | None = None
        self._refused: str | None = None

    @property
    def is_ready(self) -> bool:
        """Whether there is a model."""
        return self._model is not None

    def model(self) -> Served:
        """Return the model in service; `Problem` 503 if there is none."""
        if self._model is None:
            raise Problem(503, "No model is in service yet; release or promote one.",
                          headers={"Retry-After": "5"})
        return self._model

    def refresh(self) -> None:
        """Take the current release if it is another one; keep the old one if it is damaged."""
        version: str | None = None
        try:
            version = current_version(self._folder)
            if self._model is not None and version == self._model.signature.version:
                self._refused = None
                return
            if version == self._refused:
                return
            model = load_served(open_release(self._folder, version))
        except CensusError as err:
            if self._refused != (version or str(err)):
                LOGGER.error("kept the model in service: %s", err)
                self._metrics.swap("refused")
            self._refused = version or str(err)
            return
        self._model, self._refused = model, None
        self._metrics.swap("taken", version)
        LOGGER.info("model %s is in service", version)

    async def watch(self, seconds: float) -> None:
        """Look for another release for ever, without keeping requests waiting."""
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.refresh)


def load_served(release: Release) -> Served:
    """Read a release and make its tables.

    Parameters
    ----------
    release : Release

    Returns
    -------
    Served

    Raises
    ------
    ModelFileError
        A file is missing, damaged, or not what it should be.
    """
    manifest = release.manifest
    scorer = Scorer(form_from_bytes(release.read(SERVING_NAME)))
    documents = {word: _checked_json(release, name) for word, name in DOCUMENTS.items()
                 if name in manifest.files}
    facts = manifest.model_dump(include={
        "version", "model_name", "parameters", "metrics", "data_sha256", "schema_version",
        "seed", "versions"})
    return Served(
        Signature(manifest.version, scorer.threshold), scorer,
        _json({**facts, "threshold": scorer.threshold, "reference": {
            name: scorer.reference[name] for name in FEATURES}}),
        documents)


def _checked_json(release: Release, name: str) -> bytes:
    content = release.read(name)
    try:
        return _json(json.loads(content))
    except (ValueError, RecursionError) as err:
        raise CensusError(f"{name} of release {release.version} is not JSON") from err


def _json(content: Any) -> bytes:
    return json.dumps(content, allow_nan=False).encode("ascii")
