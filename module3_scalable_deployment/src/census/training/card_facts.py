"""Read what a run left behind: the only source of the figures in the model card.

In: the folder of results. Out: checked facts, and the digest of every file they come from.
A card whose figures were typed in is wrong at the next run; here no figure has another origin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from census.errors import InputError
from census.files import sha256_of_file, shown
from census.places import Places
from census.training.record import ModelRecord, load_record


class _Facts(BaseModel):
    # Other keys of a file are not about the card.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)


class Planted(_Facts):
    """What a generated table has planted in it."""

    bias: float
    biased_group: str
    relabelled_rows: int


class DataFacts(_Facts):
    """Where the table comes from: ``source`` names the user's file, else it is generated."""

    rows: int
    sha256: str
    source: str | None = None
    seed: int | None = None
    planted: Planted | None = None


class PreparedFacts(_Facts):
    """The split."""

    repeated_rows: int
    train_rows: int
    test_rows: int
    train_share_positive: float
    test_share_positive: float


class Figure(_Facts):
    """A figure with its interval; null where it is undefined."""

    value: float | None
    low: float | None
    high: float | None


class MetricFacts(_Facts):
    """The figures on the test rows."""

    threshold: float
    rows: int
    figures: dict[str, Figure]


class Slice(_Facts):
    """One slice; a metric is null where it is undefined."""

    feature: str
    value: str
    n: int
    small: bool
    support: int
    precision: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    f1: float | None
    f1_low: float | None
    f1_high: float | None
    fpr: float | None
    selection_rate: float | None
    undefined: str


class SliceFacts(_Facts):
    """All slices, that of all rows first."""

    confidence: float
    least_rows: int
    slices: Annotated[tuple[Slice, ...], Field(strict=False, min_length=1)]


class Finding(_Facts):
    """One comparison of a group with its reference."""

    attribute: str
    group: str
    reference: str
    metric: str
    among: int
    rate: float | None
    reference_rate: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    verdict: str
    sure: bool
    undefined: str


class FairnessFacts(_Facts):
    """The audit."""

    tolerance: float
    confidence: float
    findings: Annotated[tuple[Finding, ...], Field(strict=False)]


@dataclass(frozen=True)
class CardFacts:
    """Everything that a run says about its model; ``digests`` are by name of the file."""

    data: DataFacts
    prepared: PreparedFacts
    record: ModelRecord
    metrics: MetricFacts
    slices: SliceFacts
    fairness: FairnessFacts
    digests: Mapping[str, str]


def read_facts(places: Places) -> CardFacts:
    """Read the facts of a run.

    Parameters
    ----------
    places : Places
        Where its stages wrote.

    Returns
    -------
    CardFacts

    Raises
    ------
    InputError
        A file is missing, or is not what its stage writes; the text says which stage to run.
    ModelFileError
        The same of the model's record.
    """
    paths = {
        "generate": places.data_manifest, "prepare": places.prepared / "summary.json",
        "train": places.model / "manifest.json", "evaluate": places.evaluation / "metrics.json",
        "slices": places.slices / "slices.json", "bias": places.bias / "fairness.json"}
    return CardFacts(
        _read(DataFacts, paths["generate"], "generate"),
        _read(PreparedFacts, paths["prepare"], "prepare"), load_record(places.model),
        _read(MetricFacts, paths["evaluate"], "evaluate"),
        _read(SliceFacts, paths["slices"], "slices"),
        _read(FairnessFacts, paths["bias"], "bias"),
        {path.relative_to(places.out).as_posix(): sha256_of_file(path)
         for path in paths.values()})


_Kind = TypeVar("_Kind", bound=_Facts)


def _read(kind: type[_Kind], path: Path, stage: str) -> _Kind:
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as err:
        raise InputError(f"cannot read {shown(path)}: {err.strerror}; "
                         f"run `census {stage}` first") from err
    except ValidationError as err:
        first = err.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{shown(path)}, {key or 'content'}: {first['msg']}; "
                         f"run `census {stage}` again") from err
