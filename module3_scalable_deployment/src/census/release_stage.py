"""The last stage: make a release of what the stages before it left, and put it in service.

In: parsed arguments and settings. Out: a release below ``--out``, and an exit code. A release
takes its files as they are; only the serving form is made here, from the model itself.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from census.data import load_rows
from census.errors import InputError
from census.files import shown
from census.manifest import ReleaseFacts
from census.places import Places
from census.release import MODEL_NAME, SERVING_NAME, make_release
from census.serving_form import form_to_bytes
from census.settings import Settings
from census.training.record import ModelRecord, load_training
from census.training.serving_export import reference_row, to_serving_form

#: Stages whose folders have other names.
_STAGES = {"model": "train", "evaluation": "evaluate"}


def release(arguments: argparse.Namespace, settings: Settings) -> int:
    """Release the fitted model with its figures, its audit and its card."""
    places = Places(arguments.out)
    pipeline, record = load_training(places.model)
    rows = load_rows(places.prepared / "train.csv", settings.prepare)
    form = to_serving_form(pipeline, record.threshold, reference_row(rows))
    files = {MODEL_NAME: _read(places.model / "model.skops"),
             SERVING_NAME: form_to_bytes(form)}
    for path in (places.model / "cross_validation.json", places.evaluation / "metrics.json",
                 places.slices / "slices.json", places.bias / "fairness.json",
                 places.card / "model_card.md", places.card / "model_card.html"):
        files[path.name] = _read(path)
    found = make_release(arguments.out, files, _facts(record, files["metrics.json"]),
                         datetime.now(UTC))
    print(f"released {found.version}: {record.model_name}, threshold {record.threshold:.6f}")
    return 0


def _facts(record: ModelRecord, metrics: bytes) -> ReleaseFacts:
    figures = json.loads(metrics)["figures"]
    values = {name: float(figure["value"]) for name, figure in figures.items()
              if figure["value"] is not None}
    return ReleaseFacts(record.model_name, record.parameters, record.threshold, values,
                        record.data_sha256, record.seed)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        stage = _STAGES.get(path.parent.name, path.parent.name)
        raise InputError(f"cannot read {shown(path)}: {err.strerror}; run `census {stage}` "
                         "first") from err
