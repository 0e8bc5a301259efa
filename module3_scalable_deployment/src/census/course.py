"""The usual course's names and files, as a thin layer over the library.

In: what the course's functions take. Out: what they return, and its artifacts in a folder.
Learners find the names they know; where the usual code has a fault, the right thing is done:
columns are found by name, unknown words are refused, and what is undefined is not called perfect.
"""
# Names and signatures are the course's.
# pylint: disable=invalid-name,redefined-outer-name
# pylint: disable=too-many-arguments,too-many-positional-arguments

import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.preprocessing import LabelBinarizer, OneHotEncoder
from threadpoolctl import threadpool_limits

from census.canonical import model_from_bytes, model_to_bytes
from census.errors import InputError
from census.files import write_bytes
from census.places import Places
from census.schema import CATEGORICAL, FEATURES, NEGATIVE, NUMERIC, POSITIVE
from census.settings import BoostingSettings
from census.training.rates import METRICS, measure
from census.transcripts import write_transcripts

SEED = 42
Metrics = tuple[float, float, float]


def process_data(X: pd.DataFrame, categorical_features: Sequence[str] = (),
                 label: str | None = None, training: bool = True,
                 encoder: ColumnTransformer | None = None, lb: LabelBinarizer | None = None
                 ) -> tuple[NDArray[np.float64], NDArray[np.int64], ColumnTransformer,
                            LabelBinarizer]:
    """Return features, labels, encoder and binarizer; columns may come in any order.

    What the schema drops (``fnlgt``, ``education``) is dropped here too.
    """
    rows = _without_blanks(X)
    missing = [name for name in FEATURES if name not in rows]
    if missing or not set(categorical_features) <= set(rows):
        raise InputError(f"the rows lack the column {(missing or ['of a category'])[0]}")
    if training:
        categories = [name for name in CATEGORICAL if name in categorical_features]
        encoder = ColumnTransformer([
            ("categories", OneHotEncoder(categories=[CATEGORICAL[name] for name in categories],
                                         handle_unknown="error", sparse_output=False),
             categories),
            ("numbers", "passthrough", list(NUMERIC))]).fit(rows)
        lb = LabelBinarizer().fit([NEGATIVE, POSITIVE])
    if encoder is None or lb is None:
        raise InputError("rows to predict need the encoder and the binarizer of the training")
    answers = lb.transform(rows[label]).ravel() if label else np.array([], dtype=np.int64)
    return encoder.transform(rows), answers, encoder, lb


def train_model(X_train: NDArray[np.float64], y_train: NDArray[np.int64]
                ) -> HistGradientBoostingClassifier:
    """Return a fitted model; the same rows give the same one."""
    with threadpool_limits(1):
        return HistGradientBoostingClassifier(
            early_stopping=False, random_state=SEED, **BoostingSettings().model_dump()
        ).fit(X_train, y_train)


def inference(model: Any, X: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the answers of a model, 1 where the income is above 50K."""
    answers: NDArray[np.int64] = model.predict(X)
    return answers


def compute_model_metrics(y: NDArray[np.int64], preds: NDArray[np.int64]) -> Metrics:
    """Return precision, recall and F1; NaN where there is nothing to take a share of."""
    table = np.bincount(2 * np.asarray(y) + np.asarray(preds), minlength=4)[np.newaxis]
    precision, recall, f1 = (float(measure(table, METRICS[name]).value[0])
                             for name in ("precision", "recall", "f1"))
    return precision, recall, f1


def performance_on_categorical_slice(data: pd.DataFrame, column_name: str, slice_value: str,
                                     categorical_features: Sequence[str], label: str,
                                     encoder: ColumnTransformer, lb: LabelBinarizer, model: Any
                                     ) -> Metrics:
    """Return the metrics of the rows that have one value in one column."""
    rows = _without_blanks(data)
    part = rows[rows[column_name] == slice_value]
    if part.empty:
        return math.nan, math.nan, math.nan
    features, answers, _, _ = process_data(part, categorical_features, label, False, encoder, lb)
    return compute_model_metrics(answers, inference(model, features))


def apply_label(inference: Sequence[int]) -> str:
    """Return the words of a single answer."""
    return POSITIVE if inference[0] == 1 else NEGATIVE


def save_model(model: Any, path: Path | str) -> None:
    """Write a model or an encoder as skops, which runs no code when it is read."""
    write_bytes(Path(path), model_to_bytes(model))


def load_model(path: Path | str) -> Any:
    """Read what `save_model` wrote."""
    try:
        return model_from_bytes(Path(path).read_bytes())
    except OSError as err:
        raise InputError(f"cannot read {path}: {err.strerror}; save a model first") from err


def run_course_layout(out: Path, folder: Path) -> None:
    """Copy the files of a run to where the course wants them, and tell of the service.

    Parameters
    ----------
    out : Path
        Where ``census run`` wrote.
    folder : Path
        Of the course's layout.
    """
    places = Places(out)
    for source, target in (
            (places.data, "data/census.csv"), (places.model / "model.skops", "model/model.skops"),
            (places.card / "model_card.md", "model_card.md"),
            (places.slices / "slice_output.txt", "slice_output.txt")):
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / target)
    write_transcripts(out, folder / "screenshots")


def _without_blanks(rows: pd.DataFrame) -> pd.DataFrame:
    """Cut the blanks of the public file around names and words."""
    named = rows.rename(columns=str.strip)
    words = [str(name) for name in named if not pd.api.types.is_numeric_dtype(named[name])]
    return named.assign(**{name: named[name].str.strip() for name in words})
