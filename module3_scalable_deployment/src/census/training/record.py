"""The record beside a fitted model: what it is, from what, how it was chosen.

In: a training, or a folder. Out: ``model.skops`` and ``manifest.json``, or what they hold. The
digest is compared before the model file is parsed. The same training gives the same two files.
"""

import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from platform import python_version_tuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sklearn.pipeline import Pipeline

from census.canonical import model_from_bytes, model_to_bytes
from census.errors import ModelFileError
from census.files import shown, write_bytes, write_json
from census.schema import FEATURES, schema_digest
from census.settings import Settings
from census.training.train import Candidate, Training

FORMAT = 1
_MODEL, _RECORD = "model.skops", "manifest.json"
_Parameters = dict[str, float | int | str | bool | None]


@dataclass(frozen=True)
class CandidateRecord:
    """How a candidate did in cross-validation on the training rows."""

    name: str
    roc_auc: float
    roc_auc_by_fold: tuple[float, ...]
    f1: float
    threshold: float
    cost_per_row: float
    cost_per_row_at_half: float


def _versions() -> dict[str, str]:
    """Return versions that decide bytes; of Python the minor one, because a patch does not."""
    return {"python": ".".join(python_version_tuple()[:2])} | {
        name: metadata.version(name) for name in ("numpy", "scikit-learn", "skops")}


class ModelRecord(BaseModel):
    """Everything known of a fitted model before it meets a test row.

    ``data_sha256`` is of the training table; ``unseen_levels`` are levels that no training row
    has, which the model takes for missing values.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False,
                              protected_namespaces=())

    model_name: str
    parameters: _Parameters
    threshold: float
    seed: int
    train_rows: int
    data_sha256: str
    model_sha256: str
    cost_of_missed: float
    cost_of_needless: float
    candidates: tuple[CandidateRecord, ...]
    unseen_levels: dict[str, tuple[str, ...]]
    schema_sha256: str = Field(default_factory=schema_digest)
    features: tuple[str, ...] = FEATURES
    versions: dict[str, str] = Field(default_factory=_versions)
    format: int = FORMAT


def save_training(folder: Path, training: Training, data_sha256: str, train_rows: int,
                  settings: Settings) -> ModelRecord:
    """Write the model and its record.

    Parameters
    ----------
    folder : Path
    training : Training
    data_sha256 : str
        Of the training table.
    train_rows : int
    settings : Settings

    Returns
    -------
    ModelRecord

    Raises
    ------
    ModelFileError
        The model holds something that could not be read back.
    OutputError
        A file cannot be written.
    """
    content, best = model_to_bytes(training.pipeline), training.best
    record = ModelRecord(
        model_name=best.name, parameters=getattr(settings.train, best.name).model_dump(),
        threshold=best.threshold.value, seed=settings.seed, train_rows=train_rows,
        data_sha256=data_sha256, model_sha256=hashlib.sha256(content).hexdigest(),
        cost_of_missed=settings.train.cost_of_missed,
        cost_of_needless=settings.train.cost_of_needless,
        candidates=tuple(map(_candidate, training.candidates)),
        unseen_levels=training.unseen_levels)
    write_bytes(folder / _MODEL, content)
    write_json(folder / _RECORD, record.model_dump(mode="json"))
    return record


def load_record(folder: Path) -> ModelRecord:
    """Read the record of a folder; `ModelFileError` if there is none that fits this program."""
    path = folder / _RECORD
    try:
        record = ModelRecord.model_validate_json(path.read_bytes())
    except OSError as err:
        raise ModelFileError(f"cannot read {shown(path)}: {err.strerror}; "
                             "run `census train` first") from err
    except ValidationError as err:
        raise ModelFileError(f"{shown(path)} is no record of a model; "
                             "run `census train` again") from err
    if record.format != FORMAT or record.schema_sha256 != schema_digest():
        raise ModelFileError(f"{shown(path)} is of another format or schema; "
                             "run `census train` again")
    return record


def load_training(folder: Path) -> tuple[Pipeline, ModelRecord]:
    """Read a model and its record; the digest is compared first.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    pipeline : Pipeline
    record : ModelRecord

    Raises
    ------
    ModelFileError
        One of them is missing, damaged or of another schema.
    """
    record, path = load_record(folder), folder / _MODEL
    try:
        content = path.read_bytes()
    except OSError as err:
        raise ModelFileError(f"cannot read {shown(path)}: {err.strerror}; "
                             "run `census train` first") from err
    if hashlib.sha256(content).hexdigest() != record.model_sha256:
        raise ModelFileError(f"{shown(path)}: its digest is not the one in its record; "
                             "run `census train` again")
    pipeline = model_from_bytes(content)
    if not isinstance(pipeline, Pipeline):
        raise ModelFileError(f"{shown(path)} holds no pipeline; run `census train` again")
    return pipeline, record


def _candidate(candidate: Candidate) -> CandidateRecord:
    threshold = candidate.threshold
    return CandidateRecord(candidate.name, candidate.mean_auc, candidate.auc, candidate.f1,
                           threshold.value, threshold.cost_per_row,
                           threshold.cost_per_row_at_half)
