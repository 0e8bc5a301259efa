"""Eras differ in what they say and in nothing else; figures are those of the calibration."""

import numpy as np
import pytest

from riskwatch.models import build_pipeline
from riskwatch.evaluate import measure
from riskwatch.population import ERAS, Drawn, draw, name_pool
from riskwatch.schema import CORPORATION_PATTERN

ROWS = 4000


def drawn(era: str, seed: int = 1) -> Drawn:
    """Corporations of an era."""
    rng = np.random.default_rng(seed)
    return draw(ROWS, era, rng, name_pool(rng))  # type: ignore[arg-type]


def features(rows: Drawn) -> "np.ndarray":
    """Their matrix."""
    return np.column_stack([rows.last_month, rows.last_year, rows.employees]).astype(float)


def test_rows_are_possible_and_names_are_names() -> None:
    for era in ERAS:
        rows = drawn(era)
        assert len(rows) == ROWS and (rows.last_month <= rows.last_year).all()
        assert (rows.employees >= 1).all() and (rows.last_month >= 0).all()
        assert all(CORPORATION_PATTERN.fullmatch(name) for name in set(rows.corporation))


def test_the_stable_era_has_the_calibrated_figures() -> None:
    rows = drawn("stable")
    logs = np.log1p(features(rows))
    assert rows.exited.mean() == pytest.approx(0.60, abs=0.03)
    assert np.median(features(rows), axis=0) == pytest.approx([48, 620, 14], rel=0.2)
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(0.75, abs=0.05)
    assert np.corrcoef(logs.T)[0, 2] == pytest.approx(-0.2, abs=0.06)
    assert logs.std(axis=0) == pytest.approx([1.8, 1.45, 1.2], abs=0.15)


def test_eras_hurt_a_model_as_they_say() -> None:
    model = build_pipeline("logistic_regression", 1)
    model.fit(features(drawn("stable")), drawn("stable").exited)
    found = {}
    for era in ERAS:
        rows = drawn(era, seed=2)
        found[era] = measure(rows.exited, model.predict_proba(features(rows))[:, 1], 0.5,
                             resamples=100, seed=1)
    f1 = {era: figures.f1.value or 0 for era, figures in found.items()}
    auc = {era: figures.roc_auc.value or 0 for era, figures in found.items()}
    assert 0.76 < f1["stable"] < 0.84 and abs(f1["recovery"] - f1["stable"]) < 0.03
    assert auc["covariate_drift"] > auc["stable"] - 0.03  # the law is the same
    assert 0.3 < f1["concept_drift"] < 0.5 and auc["concept_drift"] < 0.5
    shift = np.log1p(features(drawn("covariate_drift"))).mean(0) - np.log1p(
        features(drawn("stable"))).mean(0)
    assert (np.abs(shift) > 0.4).all()
    concept = np.log1p(features(drawn("concept_drift"))).mean(0)
    assert concept == pytest.approx(np.log1p(features(drawn("stable"))).mean(0), abs=0.1)
