"""The usual course's names, as a thin layer over the library; its flow is `riskwatch.course_flow`.

In: what the course's functions take. Out: what they return, and its artifacts in its folders.
Learners find the names they know; where the usual code has a fault, the right thing is done: files
are known by content, timing trains nothing that is kept, nothing looks into the internet unasked,
and a model is no pickle, because reading a pickle runs whatever stands in it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from riskwatch.canonical import model_to_bytes
from riskwatch.course_layout import (MODEL, RECORD, SCORE, Layout, merged, put_into_production,
                                     read_folder, record_of, write_ingested)
from riskwatch.diagnose_data import STATISTICS, summary_statistics
from riskwatch.diagnose_packages import newest_versions, required_packages
from riskwatch.diagnose_timings import timed
from riskwatch.errors import InputError
from riskwatch.evaluate import measure
from riskwatch.features import matrix
from riskwatch.files import write_bytes, write_text
from riskwatch.models import build_pipeline
from riskwatch.schema import FEATURES, TARGET

THRESHOLD, SEED, _REPEATS = 0.5, 0, 3


def merge_multiple_dataframe(input_folder_path: Path, output_folder_path: Path) -> pd.DataFrame:
    """Return the rows of all files, each once; write ``finaldata.csv`` and the record."""
    files = read_folder(input_folder_path)
    data = merged(files)
    write_ingested(output_folder_path, data, {file.sha256: file.name for file in files})
    return data


def train_model(data: pd.DataFrame, output_model_path: Path) -> Any:
    """Return the course's logistic regression; write it as ``trainedmodel.skops``."""
    known = data[data[TARGET].notna()]
    if known[TARGET].nunique() < 2:
        raise InputError(f"{len(known)} labelled rows, all with the same answer: a model needs "
                         "rows of both")
    model = build_pipeline("course_logistic", SEED).fit(matrix(known), known[TARGET].astype(int))
    write_bytes(output_model_path / MODEL, model_to_bytes(model))
    return model


def score_model(model: Any, dataframe: pd.DataFrame, score_path: Path | None = None) -> float:
    """Return F1 to six digits; write it where ``score_path`` says."""
    known = dataframe[dataframe[TARGET].notna()]
    f1 = measure(known[TARGET], model.predict_proba(matrix(known))[:, 1] if len(known) else [],
                 THRESHOLD, seed=SEED, resamples=100).f1.value
    if f1 is None:
        raise InputError(f"F1 of {len(known)} labelled rows is undefined; more rows are needed")
    if score_path is not None:
        write_text(score_path, f"{f1}\n")
    return f1


def store_model_into_pickle(layout: Layout, record: Mapping[str, str]) -> None:
    """Deploy model, score and record together, in one step; as skops, whatever the name says."""
    models = layout.output_model_path
    put_into_production(layout, {MODEL: (models / MODEL).read_bytes(), RECORD: record_of(record),
                                 SCORE: (models / SCORE).read_bytes()})


def model_predictions(df: pd.DataFrame, model: Any) -> list[int]:
    """Return an answer for each row."""
    return [int(value >= THRESHOLD) for value in model.predict_proba(matrix(df))[:, 1]]


def dataframe_summary(data: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """Return mean, median, mode and standard deviation by column."""
    found = {figure.subject: figure.value for figure in summary_statistics(data)}
    return {name: {statistic: found[f"{name}.{statistic}"] for statistic in STATISTICS}
            for name in FEATURES}


def missing_data(data: pd.DataFrame) -> dict[str, float]:
    """Return the share of missing values by column."""
    return {str(name): float(share) for name, share in data.isna().mean().items()}


def execution_time(layout: Layout) -> list[float]:
    """Return seconds of ingestion and of training, the quickest of three; nothing is kept."""
    data = merged(read_folder(layout.input_folder_path))
    data = data[data[TARGET].notna()]
    work = (lambda: merged(read_folder(layout.input_folder_path)),
            lambda: build_pipeline("course_logistic", SEED).fit(matrix(data), data[TARGET]))
    return [round(timed(step, _REPEATS).quickest, 6) for step in work]


def outdated_packages_list(look_online: bool = False) -> list[tuple[str, str, str]]:
    """Return package, installed and newest version; ``unknown`` where no index was asked."""
    newest = newest_versions() if look_online else None
    found = ((package.name, package.installed or "none") for package in required_packages())
    return [(name, installed, "unknown" if newest is None else newest.get(name.lower(), installed))
            for name, installed in found]
