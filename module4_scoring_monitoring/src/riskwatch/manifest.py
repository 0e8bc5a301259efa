"""The manifest beside a stored model: what it is, from what, and with which digests.

In: the facts about a model, or the bytes of a manifest. Out: those bytes, or the facts.
The bytes are a function of the facts and hold their own digest, so that any changed byte,
were it a space, is found before the model is touched.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from platform import python_version
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from riskwatch.errors import ModelFileError
from riskwatch.schema import SCHEMA_VERSION, schema_digest

FORMAT = 1
VERSION_PATTERN = "^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$"
_OWN_DIGEST = "manifest_sha256"
_Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class ModelFacts:  # pylint: disable=too-many-instance-attributes  # facts are many
    """What is known of a model when it is stored.

    Attributes
    ----------
    model_name : str
        Name of the candidate.
    parameters : mapping of str to number, text, bool or None
        Chosen settings of the model.
    threshold : float
        Probability from which a corporation counts as leaving.
    metrics : mapping of str to float
        Cross-validated on the training rows; finite, and rounded by whoever measured.
    data_sha256 : str
        Of the rows it was trained on, 64 hexadecimal digits.
    rows, last_row : int
        How many those were, and the number of the last one.
    seed : int
        Of the whole run.
    """

    model_name: str
    parameters: Mapping[str, float | int | str | bool | None]
    threshold: float
    metrics: Mapping[str, float]
    data_sha256: str
    rows: int
    last_row: int
    seed: int


class Manifest(BaseModel):
    """A manifest that was read; its fields are the keys of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False,
                              protected_namespaces=())

    format: Literal[1]
    version: Annotated[str, Field(pattern=VERSION_PATTERN)]
    model_sha256: _Digest
    schema_version: int
    schema_sha256: _Digest
    versions: dict[str, str]
    model_name: str
    parameters: dict[str, float | int | str | bool | None]
    threshold: float
    metrics: dict[str, float]
    data_sha256: _Digest
    rows: int
    last_row: int
    seed: int

    @property
    def facts(self) -> ModelFacts:
        """What `build_manifest` was given."""
        return ModelFacts(self.model_name, self.parameters, self.threshold, self.metrics,
                          self.data_sha256, self.rows, self.last_row, self.seed)


def build_manifest(facts: ModelFacts, version: str, model_sha256: str) -> bytes:
    """Return the bytes of the manifest of a model.

    Parameters
    ----------
    facts : ModelFacts
    version : str
        Of the release: UTC stamp and the first 8 digits of the model's digest.
    model_sha256 : str
        Of the model file.

    Returns
    -------
    bytes
        JSON with sorted keys.

    Raises
    ------
    ValueError
        A fact has the wrong type, or a number is not finite.
    """
    values = {
        "format": FORMAT, "version": version, "model_sha256": model_sha256,
        "schema_version": SCHEMA_VERSION, "schema_sha256": schema_digest(),
        "versions": {"python": python_version()} | {
            name: metadata.version(name) for name in ("numpy", "scikit-learn", "skops")},
        **asdict(facts),
    }
    return _sealed(Manifest.model_validate(values).model_dump())


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
        It is no manifest, was changed, or belongs to another format, schema or scikit-learn.
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
    _check_fits(manifest)
    return manifest


def _sealed(values: dict[str, Any]) -> bytes:
    """Serialise ``values`` and the digest of their own serialisation."""
    digest = hashlib.sha256(_serialised(values)).hexdigest()
    return _serialised({**values, _OWN_DIGEST: digest})


def _serialised(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, sort_keys=True, indent=2, allow_nan=False) + "\n").encode()


def _check_fits(manifest: Manifest) -> None:
    if manifest.schema_sha256 != schema_digest():
        raise ModelFileError(f"its model was trained for another schema, version "
                             f"{manifest.schema_version}; this program has {SCHEMA_VERSION}")
    # scikit-learn promises nothing for a model that another minor version wrote.
    theirs, ours = manifest.versions.get("scikit-learn", "none"), metadata.version("scikit-learn")
    if theirs.split(".")[:2] != ours.split(".")[:2]:
        raise ModelFileError(f"its model was written by scikit-learn {theirs!a:.20}; "
                             f"here is {ours}")
