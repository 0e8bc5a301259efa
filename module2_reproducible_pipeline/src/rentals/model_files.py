"""A model as a folder: its canonical bytes, and a manifest of what it is and from what.

In: a fitted pipeline and facts about it. Out: a folder, and the pipeline again.
The manifest holds the digest of the model file, so the loader can refuse before it parses.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from sklearn.pipeline import Pipeline

from rentals.canonical import model_from_bytes, model_to_bytes
from rentals.errors import ModelFileError
from rentals.files import write_bytes, write_json
from rentals.schema import schema_digest

MODEL_FILE, MANIFEST_FILE = "model.skops", "manifest.json"


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model when it is stored.

    ``median_price`` is that of the rows it learned from: the answer without any model.
    """

    name: str
    seed: int
    rows: int
    median_price: float
    data_sha256: str
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class StoredModel:
    """A model that was read back, with its facts."""

    pipeline: Pipeline
    facts: ModelFacts
    sha256: str


def save_model(pipeline: Pipeline, folder: Path, facts: ModelFacts) -> str:
    """Write model and manifest into a folder; return the sha256 of the model file.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    folder : Path
        Made when missing.
    facts : ModelFacts

    Returns
    -------
    str

    Raises
    ------
    ModelFileError, OutputError
    """
    content = model_to_bytes(pipeline)
    digest = hashlib.sha256(content).hexdigest()
    write_bytes(folder / MODEL_FILE, content)
    write_json(folder / MANIFEST_FILE, {
        "format": 1, "model_sha256": digest, "schema_sha256": schema_digest(),
        "versions": _versions(), **asdict(facts)})
    return digest


def load_model(folder: Path) -> StoredModel:
    """Return the model of a folder after checking its digest, schema and versions.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    StoredModel

    Raises
    ------
    ModelFileError
        A file is missing or was changed, or the model does not fit this program.
    """
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_bytes())
        content = (folder / MODEL_FILE).read_bytes()
        facts = ModelFacts(**{name: manifest[name] for name in ModelFacts.__annotations__})
        expected = (manifest["model_sha256"], manifest["schema_sha256"],
                    manifest["versions"]["scikit-learn"])
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise ModelFileError(f"{folder}: holds no model: {type(err).__name__}: {err}") from err
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected[0]:
        raise ModelFileError(f"{folder}: the model file was changed after it was written")
    if expected[1] != schema_digest():
        raise ModelFileError(f"{folder}: the model was trained for another schema")
    # scikit-learn promises nothing for a model that another version wrote.
    if expected[2] != metadata.version("scikit-learn"):
        raise ModelFileError(f"{folder}: written by scikit-learn {expected[2]}; here is "
                             f"{metadata.version('scikit-learn')}")
    return StoredModel(model_from_bytes(content), facts, digest)


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ("numpy", "scikit-learn", "skops")}
