"""Settings: typed, frozen, checked once at the entry point and then passed down.

In: defaults, ``params.yaml``, values from the command line. Out: one ``Settings`` object.
A wrong key or value fails at the start and is named, not found an hour later.
"""

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from census.errors import SettingsError

CandidateName = Literal["logistic_regression", "hist_gradient_boosting"]
_MOST_BYTES = 1_000_000
_Cost = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Pair = Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class GenerateSettings(_Section):
    """How many rows are generated, and how much bias is planted."""

    rows: int = Field(default=32_561, ge=1000, le=100_000_000)
    bias: float = Field(default=0.0, ge=0, le=1)


class PrepareSettings(_Section):
    """The share of test rows, and limits of what is read."""

    test_fraction: float = Field(default=0.2, gt=0, lt=1)
    max_file_bytes: int = Field(default=20_000_000_000, ge=1)
    max_line_bytes: int = Field(default=10_000, ge=100)
    block_bytes: int = Field(default=4_000_000, ge=100, le=1_000_000_000)


class BoostingSettings(_Section):
    """Parameters of HistGradientBoostingClassifier, by its own names."""

    learning_rate: float = Field(default=0.1, gt=0, le=1)
    max_iter: int = Field(default=100, ge=1, le=5000)
    max_leaf_nodes: int = Field(default=31, ge=2, le=1000)
    min_samples_leaf: int = Field(default=20, ge=1)
    l2_regularization: float = Field(default=0.0, ge=0)


class LogisticSettings(_Section):
    """``regularization`` is LogisticRegression's C: smaller is stronger."""

    regularization: float = Field(default=1.0, gt=0)


class TrainSettings(_Section):
    """Which candidates are cross-validated, and what errors cost."""

    candidates: tuple[CandidateName, ...] = Field(
        default=("logistic_regression", "hist_gradient_boosting"), min_length=1)
    folds: int = Field(default=5, ge=2, le=20)
    cost_of_missed: _Cost = 1.75
    cost_of_needless: _Cost = 1.0
    hist_gradient_boosting: BoostingSettings = BoostingSettings()
    logistic_regression: LogisticSettings = LogisticSettings()


class EvaluateSettings(_Section):
    """Resamples of the bootstrap, and bins of the calibration curve."""

    bootstrap_resamples: int = Field(default=1000, ge=100, le=100_000)
    calibration_bins: int = Field(default=10, ge=2, le=100)


class SliceSettings(_Section):
    """How rows are cut into groups, and which groups are small."""

    least_rows: int = Field(default=30, ge=1)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    bins: Mapping[str, tuple[float, ...]] = {
        "age": (25, 35, 45, 55, 65), "education-num": (8, 9, 12, 13),
        "capital-gain": (0, 7000), "capital-loss": (0,), "hours-per-week": (34, 40, 50)}
    pairs: tuple[_Pair, ...] = (("sex", "race"), ("sex", "marital-status"))


class BiasSettings(_Section):
    """Who is compared with whom, and which ratios count as equal."""

    reference: Mapping[str, str] = {"sex": "Male", "race": "White"}
    pairs: tuple[_Pair, ...] = (("sex", "race"),)
    tolerance: float = Field(default=0.8, gt=0, le=1)
    least_rows: int = Field(default=30, ge=1)


class Settings(_Section):
    """Everything that can be set; ``seed`` is the only source of randomness."""

    seed: int = Field(default=42, ge=0, le=2**32 - 1)
    generate: GenerateSettings = GenerateSettings()
    prepare: PrepareSettings = PrepareSettings()
    train: TrainSettings = TrainSettings()
    evaluate: EvaluateSettings = EvaluateSettings()
    slices: SliceSettings = SliceSettings()
    bias: BiasSettings = BiasSettings()


def build_settings(values: dict[str, Any]) -> Settings:
    """Check ``values`` and return settings.

    Parameters
    ----------
    values : dict
        Nested as ``params.yaml`` is; what is absent takes its default.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        A key is unknown, or a value has the wrong type or range; the text names the key.
    """
    try:
        return Settings.model_validate(_with_tuples(values))
    except ValidationError as err:
        first = err.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"setting {key}: {first['msg']}") from err


def load_settings(path: Path | None, *, seed: int | None = None) -> Settings:
    """Return the settings of a YAML file, or the defaults without one.

    Parameters
    ----------
    path : Path or None
        A YAML file such as ``params.yaml``.
    seed : int, optional
        Takes the place of the file's seed.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        The file cannot be read or is not a YAML mapping, or a setting is wrong.
    """
    values: dict[str, Any] = {} if path is None else _read_yaml(path)
    if seed is not None:
        values["seed"] = seed
    try:
        return build_settings(values)
    except SettingsError as err:
        raise SettingsError(f"{path}: {err}" if path else str(err)) from err.__cause__


def _read_yaml(path: Path) -> dict[str, Any]:
    import yaml  # pylint: disable=import-outside-toplevel  # the service runs without it

    try:
        found = yaml.safe_load(_small_text(path))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as err:
        reason = " ".join((getattr(err, "strerror", None) or str(err)).split())
        raise SettingsError(f"{path}: cannot read the settings: {reason}; "
                            "give the path of a YAML file") from err
    if not isinstance(found, dict):
        raise SettingsError(f"{path}: the settings are no mapping of names to values")
    return found


def _small_text(path: Path) -> str:
    """Return the text of a regular file; a pipe or device is refused, not waited for."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "is not a regular file")
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise OSError(errno.EFBIG, f"has more than {_MOST_BYTES} bytes")
    return content.decode("utf-8")


def _with_tuples(value: Any) -> Any:
    """Turn lists, which YAML has, into tuples, which strict settings want."""
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value
