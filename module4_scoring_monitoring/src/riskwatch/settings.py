"""Settings: typed, frozen, checked once at the entry point and then passed down.

In: defaults, a TOML file, values from the command line. Out: one ``Settings`` object.
A wrong key or value fails at the start and is named, not found an hour later.
"""

import errno
import os
import stat
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from riskwatch.errors import SettingsError
from riskwatch.tell_settings import AlertSettings, ReportSettings
from riskwatch.watch_settings import (DecisionSettings, DiagnosisSettings, DriftSettings,
                                      GateSettings, ScheduleSettings, Section)

_MOST_BYTES = 1_000_000
CandidateName = Literal["course_logistic", "logistic_regression", "hist_gradient_boosting"]


class ReadingSettings(Section):
    """Limits of what is read: bytes of a file, bytes of a line, bytes at a time."""

    max_file_bytes: int = Field(default=20_000_000_000, ge=1)
    max_line_bytes: int = Field(default=10_000, ge=100)
    block_bytes: int = Field(default=1_000_000, ge=100, le=100_000_000)


class IngestSettings(Section):
    """How rows are kept: memory of the engine, share of the hold-out, segments before a merge."""

    memory_megabytes: int = Field(default=400, ge=100, le=100_000)
    hold_out_share: float = Field(default=0.25, gt=0, lt=1)
    most_small_segments: int = Field(default=50, ge=2, le=1000)


class TrainingSettings(Section):
    """How challengers are trained: which, on how many of the latest rows, with how many folds."""

    candidates: tuple[CandidateName, ...] = Field(
        default=("course_logistic", "logistic_regression", "hist_gradient_boosting"),
        min_length=1)
    recent_rows: int = Field(default=20_000, ge=50, le=10_000_000)
    least_rows: int = Field(default=20, ge=10)
    folds: int = Field(default=5, ge=2, le=20)
    kept_releases: int = Field(default=20, ge=2, le=10_000)


class ScoringSettings(Section):
    """How models are scored: bootstrap resamples, and hold-out rows that are looked at."""

    bootstrap_resamples: int = Field(default=500, ge=100, le=100_000)
    hold_out_rows: int = Field(default=5_000, ge=20, le=10_000_000)
    threshold: float = Field(default=0.5, gt=0, lt=1)


class SyntheticSettings(Section):
    """What is generated when nobody brings data: drops, and rows of each."""

    drops: int = Field(default=90, ge=1, le=10_000)
    least_rows: int = Field(default=50, ge=50, le=1_000_000)
    most_rows: int = Field(default=300, ge=50, le=1_000_000)
    label_delay_drops: int = Field(default=3, ge=1, le=100)


class Settings(Section):
    """Everything that can be set; ``seed`` is the only source of randomness."""

    seed: int = Field(default=42, ge=0, le=2**32 - 1)
    reading: ReadingSettings = ReadingSettings()
    ingest: IngestSettings = IngestSettings()
    training: TrainingSettings = TrainingSettings()
    scoring: ScoringSettings = ScoringSettings()
    drift: DriftSettings = DriftSettings()
    decision: DecisionSettings = DecisionSettings()
    gate: GateSettings = GateSettings()
    diagnosis: DiagnosisSettings = DiagnosisSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    alerts: AlertSettings = AlertSettings()
    report: ReportSettings = ReportSettings()
    synthetic: SyntheticSettings = SyntheticSettings()


def build_settings(values: dict[str, Any]) -> Settings:
    """Check ``values`` and return settings.

    Parameters
    ----------
    values : dict
        Nested as the TOML file is; what is absent takes its default.

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
    """Return the settings of a TOML file, or the defaults without one.

    Parameters
    ----------
    path : Path or None
        A TOML file.
    seed : int, optional
        Takes the place of the file's seed.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        The file cannot be read or is not TOML, or a setting is wrong.
    """
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(_small_text(path))
        except (OSError, ValueError) as err:  # ValueError: no UTF-8, no TOML, a NUL in the name
            reason = getattr(err, "strerror", None) or str(err)
            raise SettingsError(f"{path}: cannot read the settings: {reason}; "
                                "give the path of a TOML file") from err
    if seed is not None:
        values["seed"] = seed
    try:
        return build_settings(values)
    except SettingsError as err:
        raise SettingsError(f"{path}: {err}" if path else str(err)) from err.__cause__


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
    """Turn lists, which TOML has, into tuples, which strict settings want."""
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, list) else value
