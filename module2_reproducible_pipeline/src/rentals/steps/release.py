"""Release: make one MLflow model of the chosen model, load it back and compare.

In: the chosen model, rows to take an example from, the evaluation that let it pass.
Out: a folder in MLflow's format, which any MLflow can serve: skops file, signature, input
example, exact requirements, and the code that it needs.
"""

import json
import logging
import os
import shutil
import sys
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from sklearn.pipeline import Pipeline

from rentals.data import load_listings
from rentals.errors import ModelFileError
from rentals.features import READ_COLUMNS
from rentals.files import write_text
from rentals.model import TRUSTED
from rentals.model_files import MANIFEST_FILE, MODEL_FILE, StoredModel, load_model
from rentals.plan import RELEASE, StepResult, Task
from rentals.schema import NAMES
from rentals.sources import source_files

#: What MLflow writes anew each time. They are set from the model's digest, so that the same
#: model is the same release.
VOLATILE_KEYS = ("model_size_bytes", "model_uuid", "utc_time_created")

_REQUIREMENTS = ("mlflow", "numpy", "pandas", "scikit-learn", "scipy", "skops", "threadpoolctl")
_EXAMPLE_ROWS, _COMPARED_ROWS = 3, 500


def run(task: Task) -> StepResult:
    """Write the release.

    Parameters
    ----------
    task : Task
        Inputs ``chosen``, ``trainval`` and ``evaluation``.

    Returns
    -------
    StepResult
        It refuses a release that does not answer as the chosen model does.

    Raises
    ------
    ModelFileError, TableError
    """
    stored = load_model(task.inputs["chosen"])
    listings = load_listings(task.inputs["trainval"], task.settings.reading).head(_COMPARED_ROWS)
    read = listings[[name for name in NAMES if name in READ_COLUMNS]]
    figures = json.loads((task.inputs["evaluation"] / "figures.json").read_bytes())
    folder = task.out / RELEASE
    with _quiet_mlflow():
        _save(stored, read, folder, task.out / "code" / "rentals", figures)
        make_lasting(folder, task.inputs["chosen"] / MODEL_FILE, stored.sha256)
        shutil.copyfile(task.inputs["chosen"] / MANIFEST_FILE, folder / MANIFEST_FILE)
        difference = difference_when_loaded(folder, stored.pipeline, read)
    said = (f"{stored.facts.name} as an MLflow model; loaded back, {len(read)} rows differ by at "
            f"most {difference:g} dollars")
    return StepResult({"difference_when_loaded": difference}, (said,), said if difference else "")


def make_lasting(folder: Path, canonical_model: Path, digest: str) -> None:
    """Replace what differs between two savings of one model.

    Parameters
    ----------
    folder : Path
        Of an MLflow model.
    canonical_model : Path
        Takes the place of the skops file that MLflow wrote.
    digest : str
        sha256 of the canonical model.
    """
    shutil.copyfile(canonical_model, folder / MODEL_FILE)
    description: dict[str, Any] = yaml.safe_load((folder / "MLmodel").read_text("utf-8"))
    description.update(zip(VOLATILE_KEYS, (
        canonical_model.stat().st_size, uuid.uuid5(uuid.NAMESPACE_OID, digest).hex,
        "1980-01-01 00:00:00.000000")))
    write_text(folder / "MLmodel", yaml.safe_dump(description, sort_keys=True))


def difference_when_loaded(folder: Path, pipeline: Pipeline, listings: pd.DataFrame) -> float:
    """Return the largest difference, in dollars, to what the released model answers.

    Parameters
    ----------
    folder : Path
        Of an MLflow model.
    pipeline : Pipeline
        What was released.
    listings : DataFrame, shape (n, k)
        The columns of the signature.

    Returns
    -------
    float
    """
    from mlflow import pyfunc  # pylint: disable=import-outside-toplevel
    answers = np.asarray(pyfunc.load_model(str(folder)).predict(listings))
    return float(np.abs(answers - pipeline.predict(listings)).max())


def _save(stored: StoredModel, read: pd.DataFrame, folder: Path, code: Path,
          figures: dict[str, Any]) -> None:
    """Let MLflow write its folder."""
    # pylint: disable=import-outside-toplevel  # it takes two seconds to load
    from mlflow import sklearn as mlflow_sklearn
    from mlflow.models import infer_signature
    for name, path in source_files("rentals.model").items():
        if name.startswith("rentals.") and path.name != "__init__.py":
            target = code.joinpath(*name.split(".")[1:]).with_suffix(".py")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    write_text(code / "__init__.py", '"""The part of `rentals` that a released model needs."""\n')
    mlflow_sklearn.save_model(
        stored.pipeline, str(folder), serialization_format="skops",
        skops_trusted_types=list(TRUSTED), code_paths=[str(code)],
        signature=infer_signature(read, stored.pipeline.predict(read)),
        input_example=read.head(_EXAMPLE_ROWS), metadata={"test_figures": figures},
        pip_requirements=[f"{name}=={metadata.version(name)}" for name in _REQUIREMENTS])
    if not (folder / MODEL_FILE).is_file():
        raise ModelFileError(f"MLflow wrote no {MODEL_FILE}; is its version within the bounds "
                             "of pyproject.toml?")


@contextmanager
def _quiet_mlflow() -> Iterator[None]:
    """Keep MLflow from calling home, from hints that do not apply, and off the import path.

    It puts the code that a model carries first on the path, for good; a process started later
    would import that part of `rentals` instead of the whole.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    logger = logging.getLogger("mlflow")
    level, path = logger.level, list(sys.path)
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
        sys.path[:] = path
