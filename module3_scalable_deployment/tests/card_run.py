"""The files of a small run, made by hand: what the model card is made from."""

import json
from pathlib import Path
from typing import Any

from census.training.record import CandidateRecord, ModelRecord

SLICE = {"feature": "(all rows)", "value": "(all rows)", "n": 100, "small": False, "support": 30,
         "precision": 0.5, "recall": 0.25, "recall_low": 0.2, "recall_high": 0.3, "f1": 0.375,
         "f1_low": 0.35, "f1_high": 0.4, "fpr": 0.0625, "selection_rate": 0.125, "undefined": ""}
FINDING = {"attribute": "sex", "group": "Female", "reference": "Male", "metric": "fpr",
           "among": 60, "rate": 0.125, "reference_rate": 0.5, "ratio": 0.25, "ratio_low": 0.125,
           "ratio_high": 0.375, "verdict": "unequal", "sure": True, "undefined": ""}


def no_slice(**changes: Any) -> dict[str, Any]:
    """Return a slice in which all but the rows is undefined."""
    nothing = {key: None for key, value in SLICE.items() if isinstance(value, float)}
    return {**SLICE, **nothing, "undefined": "f1: no row is positive", **changes}


def files() -> dict[str, Any]:
    """Return the content of each file, by its path below the folder of results."""
    record = ModelRecord(
        model_name="hist_gradient_boosting", parameters={"max_iter": 77}, threshold=0.390625,
        seed=7, train_rows=400, data_sha256="a" * 64, model_sha256="b" * 64, cost_of_missed=1.75,
        cost_of_needless=1.0, unseen_levels={"native-country": ("Peru",)},
        candidates=(CandidateRecord("logistic_regression", 0.9025, (0.9,), 0.6875, 0.5, 0.25,
                                    0.26),))
    slices = [SLICE, {**SLICE, "feature": "sex", "value": "Female", "n": 40, "f1_high": 0.3},
              no_slice(feature="race", value="Other", n=4, small=True),
              {**SLICE, "feature": "occupation", "value": "Armed-Forces", "n": 5, "small": True,
               "f1_high": 0.1},
              {**SLICE, "feature": "occupation", "value": "Sales", "n": 77}]
    return {
        "data/census.manifest.json": {"rows": 501, "sha256": "c" * 64, "seed": 7, "planted": {
            "bias": 0.5, "biased_group": "Female", "relabelled_rows": 1234}},
        "prepared/summary.json": {"repeated_rows": 1, "train_rows": 400, "test_rows": 100,
                                  "train_share_positive": 0.25, "test_share_positive": 0.26},
        "model/manifest.json": record.model_dump(mode="json"),
        "evaluation/metrics.json": {"threshold": 0.390625, "rows": 100, "figures": {
            "roc_auc": {"value": 0.91234, "low": 0.90125, "high": 0.92375},
            "precision": {"value": None, "low": None, "high": None}}},
        "slices/slices.json": {"confidence": 0.95, "least_rows": 30, "slices": slices},
        "bias/fairness.json": {"tolerance": 0.8, "confidence": 0.95, "findings": [
            FINDING, {**FINDING, "group": "Other", "sure": False},
            {**FINDING, "verdict": "undefined", "ratio": None, "ratio_low": None,
             "ratio_high": None, "sure": False, "undefined": "both rates are 0"}]}}


def write_run(out: Path, content: dict[str, Any]) -> Path:
    """Write the files below ``out`` and return it."""
    for name, values in content.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(json.dumps(values, sort_keys=True), encoding="utf-8")
    return out
