"""The release that the pipeline makes answers as the pipeline's own model."""

import argparse
from pathlib import Path

import numpy as np
import pytest
from served_models import random_rows

from census.data import load_rows
from census.errors import InputError
from census.places import Places
from census.release_reader import open_release
from census.release_stage import release
from census.schema import FEATURES
from census.serving.scorer import Scorer
from census.serving_form import form_from_bytes
from census.settings import Settings
from census.training.record import load_training


def test_a_release_holds_every_document_as_its_stage_left_it(whole_run: Path) -> None:
    found, places = open_release(whole_run / "out"), Places(whole_run / "out")
    found.check()
    for path in (places.model / "model.skops", places.evaluation / "metrics.json",
                 places.slices / "slices.json", places.bias / "fairness.json",
                 places.card / "model_card.md", places.card / "model_card.html"):
        assert found.read(path.name) == path.read_bytes()
    assert 0 < found.manifest.metrics["roc_auc"] < 1


def test_training_and_serving_decide_alike_on_ten_thousand_rows(whole_run: Path) -> None:
    """Probabilities within 1e-6, and the same label wherever the model is not on the edge."""
    found = open_release(whole_run / "out")
    pipeline, record = load_training(Places(whole_run / "out").model)
    scorer = Scorer(form_from_bytes(found.read("serving.json")))
    assert scorer.threshold == record.threshold == found.manifest.threshold
    for rows in (random_rows(10_000, 3),
                 load_rows(Places(whole_run / "out").prepared / "test.csv", Settings().prepare)):
        expected = pipeline.predict_proba(rows[list(FEATURES)])[:, 1]
        served = scorer.probabilities(scorer.encode_columns(
            [rows[name].tolist() for name in FEATURES]))
        assert np.abs(served - expected).max() < 1e-6
        is_clear = np.abs(expected - record.threshold) > 1e-6
        assert np.array_equal((served >= record.threshold)[is_clear],
                              (expected >= record.threshold)[is_clear])


def test_the_reference_is_a_person_of_the_training_rows(whole_run: Path) -> None:
    rows = load_rows(Places(whole_run / "out").prepared / "train.csv", Settings().prepare)
    reference = form_from_bytes(open_release(whole_run / "out").read("serving.json")).reference
    assert reference["age"] == int(rows["age"].median())
    assert reference["sex"] == rows["sex"].mode()[0]


def test_a_stage_that_did_not_run_is_named(whole_run: Path, tmp_path: Path) -> None:
    for name in ("model", "prepared"):
        (tmp_path / name).symlink_to(whole_run / "out" / name)
    with pytest.raises(InputError, match="run `census evaluate` first"):
        release(argparse.Namespace(out=tmp_path), Settings())
    assert not (tmp_path / "releases").exists()
