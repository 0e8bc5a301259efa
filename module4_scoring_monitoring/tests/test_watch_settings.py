"""Settings of what watches: ranges that make sense, and none else."""

import pytest
from pydantic import ValidationError

from riskwatch.watch_settings import (DecisionSettings, DiagnosisSettings, DriftSettings,
                                      GateSettings)


@pytest.mark.parametrize(("section", "values"), [
    (DriftSettings, {"least_rows": 49}), (DriftSettings, {"significance": 0.0}),
    (DriftSettings, {"joint_rows": 6000}), (DecisionSettings, {"metric": "auc"}),
    (DecisionSettings, {"fall": -0.1}), (GateSettings, {"confidence": 0.5}),
    (GateSettings, {"resamples": 199}), (DiagnosisSettings, {"slower_factor": 1.0}),
    (DiagnosisSettings, {"timing_repeats": 2}), (DiagnosisSettings, {"silent_days": 0.0}),
    (DriftSettings, {"unknown": 1}), (DriftSettings, {"least_rows": "50"})])
def test_values_outside_of_their_range_are_refused(section, values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        section(**values)


def test_sections_are_frozen() -> None:
    with pytest.raises(ValidationError):
        DriftSettings().significance = 0.1  # type: ignore[misc]
