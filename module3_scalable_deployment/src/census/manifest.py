"""The manifest of a release: what the model is, from what, and the digest of every file.

In: the facts about a model and the files beside it, or the bytes of a manifest. Out: those
bytes, or the manifest. It holds its own digest too, so any changed byte, were it a space, is
found before a file of the release is used.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from platform import python_version
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from census.errors import ModelFileError
from census.schema import SCHEMA_VERSION, schema_digest

FORMAT = 1
VERSION_PATTERN = "^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$"
MANIFEST_NAME = "manifest.json"
_OWN_DIGEST = "manifest_sha256"
_Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_FileName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_.-]{0,63}$")]


@dataclass(frozen=True)
class ReleaseFacts:
    """What is known of a model when it is released.

    Attributes
    ----------
    model_name : str
        Name of the candidate.
    parameters : mapping of str to number, text, bool or None
        Chosen settings of the model.
    threshold : float
        Probability from which a person is predicted to earn more.
    metrics : mapping of str to float
        Measured on the test rows; finite, and rounded by whoever measured.
    data_sha256 : str
        Of the table it was trained on, 64 hexadecimal digits.
    seed : int
        Of the whole run.
    """

    model_name: str
    parameters: Mapping[str, float | int | str | bool | None]
    threshold: float
    metrics: Mapping[str, float]
    data_sha256: str
    seed: int


class Manifest(BaseModel):
    """A manifest that was read; its fields are the keys of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False,
                              protected_namespaces=())

    format: Literal[1]
    version: Annotated[str, Field(pattern=VERSION_PATTERN)]
    files: Annotated[dict[_FileName, _Digest], Field(min_length=1, max_length=64)]
    schema_version: int
    schema_sha256: _Digest
    versions: dict[str, str]
    model_name: str
    parameters: dict[str, float | int | str | bool | None]
    threshold: float
    metrics: dict[str, float]
    data_sha256: _Digest
    seed: int

    @property
    def facts(self) -> ReleaseFacts:
        """What `build_manifest` was given."""
        return ReleaseFacts(self.model_name, self.parameters, self.threshold, self.metrics,
                            self.data_sha256, self.seed)


def build_manifest(facts: ReleaseFacts, files: Mapping[str, bytes], now: datetime
                   ) -> tuple[str, bytes]:
    """Return the version and the manifest of a release.

    Parameters
    ----------
    facts : ReleaseFacts
    files : mapping of str to bytes
        The release's other files by name.
    now : datetime
        With a time zone.

    Returns
    -------
    str
        UTC stamp and the first eight digits of the digest of all files.
    bytes
        JSON with sorted keys.

    Raises
    ------
    ValueError
        A fact has the wrong type, a number is not finite, or ``now`` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    version = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{_digest_of_all(digests)[:8]}"
    values = {
        "format": FORMAT, "version": version, "files": digests,
        "schema_version": SCHEMA_VERSION, "schema_sha256": schema_digest(),
        "versions": {"python": python_version()} | {
            name: metadata.version(name) for name in ("numpy", "scikit-learn", "skops")},
        **asdict(facts),
    }
    return version, _sealed(Manifest.model_validate(values).model_dump())


def parse_manifest(content: bytes) -> Manifest:
    """Return the manifest, if it is unchanged and fits this program.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Manifest

    Raises
    ------
    ModelFileError
        It is no manifest, was changed, or belongs to another format or schema.
    """
    try:
        values = json.loads(content)
        if not isinstance(values, dict):
            raise ModelFileError("this is no manifest")
        if values.get("format") != FORMAT:
            raise ModelFileError(f"this program reads manifests of format {FORMAT} only")
        values.pop(_OWN_DIGEST, None)
        if _sealed(values) != content:
            raise ModelFileError("it was changed after it was written")
        manifest = Manifest.model_validate(values)
    except ValidationError as err:
        key = ".".join(str(part) for part in err.errors()[0]["loc"])
        raise ModelFileError(f"{key!a} is unknown, missing or of the wrong kind") from err
    except (ValueError, RecursionError) as err:
        raise ModelFileError("this is no manifest") from err
    if manifest.schema_sha256 != schema_digest():
        raise ModelFileError(f"its model was trained for another schema, version "
                             f"{manifest.schema_version}; this program has {SCHEMA_VERSION}")
    if _digest_of_all(manifest.files)[:8] != manifest.version[-8:]:
        raise ModelFileError("its version is not that of its files")
    return manifest


def _digest_of_all(digests: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def _sealed(values: dict[str, Any]) -> bytes:
    """Serialise ``values`` and the digest of their own serialisation."""
    digest = hashlib.sha256(_serialised(values)).hexdigest()
    return _serialised({**values, _OWN_DIGEST: digest})


def _serialised(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, sort_keys=True, indent=2, allow_nan=False) + "\n").encode()
