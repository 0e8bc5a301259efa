"""Settings of what watches the model: drift, decisions, the gate, diagnostics.

In: nothing. Out: frozen sections of `riskwatch.settings`, with the range of each value.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A section: frozen, no unknown keys, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DriftSettings(Section):
    """When two tables differ: significance of a whole table, rows, effects, permutations."""

    significance: float = Field(default=0.05, gt=0, lt=1)
    least_rows: int = Field(default=50, ge=50)
    small_effect: float = Field(default=0.1, gt=0, lt=1)
    large_effect: float = Field(default=0.3, gt=0, lt=1)
    permutations: int = Field(default=199, ge=0, le=100_000)
    joint_rows: int = Field(default=1000, ge=50, le=5000)


class DecisionSettings(Section):
    """When a model is retrained: the figure, its fall, labels, pause, budget."""

    metric: Literal["f1", "accuracy", "roc_auc"] = "roc_auc"
    fall: float = Field(default=0.05, ge=0, lt=1)
    least_labelled_rows: int = Field(default=50, ge=1)
    recent_drops: int = Field(default=5, ge=1, le=1000)
    cool_down_days: float = Field(default=3.0, ge=0)
    most_retrainings: int = Field(default=6, ge=0)


class GateSettings(Section):
    """When a challenger may serve: resamples, certainty, latest rows of the hold-out."""

    resamples: int = Field(default=2000, ge=200, le=100_000)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    recent_rows: int = Field(default=400, ge=50, le=10_000_000)
    least_rows: int = Field(default=50, ge=2)


class ScheduleSettings(Section):
    """When cron runs a cycle, whom it tells, and how late a run may be before it is missed."""

    every_minutes: int = Field(default=10, ge=1, le=1440)
    time_zone: str = Field(default="UTC", pattern=r"^[A-Za-z0-9_+/-]{1,60}$")
    mail_to: str = Field(default="", pattern=r"^[A-Za-z0-9_.+,@-]*$")
    grace_minutes: float = Field(default=5.0, ge=0, le=100_000)
    expect_every_minutes: int = Field(default=0, ge=0, le=1_000_000)


class DiagnosisSettings(Section):
    """When a diagnostic says no: shares of a drop, silence, disk, slowness."""

    most_missing_share: float = Field(default=0.2, ge=0, le=1)
    most_impossible_share: float = Field(default=0.1, ge=0, le=1)
    most_repeated_share: float = Field(default=0.5, ge=0, le=1)
    silent_days: float = Field(default=3.0, gt=0)
    least_free_megabytes: int = Field(default=200, ge=1)
    most_used_megabytes: int = Field(default=0, ge=0)
    slower_factor: float = Field(default=2.0, gt=1)
    timing_repeats: int = Field(default=5, ge=3, le=100)
