"""Small models and releases of them, for the tests of serving.

In: a seed, a folder. Out: a fitted pipeline, its serving form, a release. Rows are drawn from
the schema at random and know nothing of the generator.
"""

import functools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from census.manifest import ReleaseFacts
from census.model import build_pipeline
from census.release import make_release
from census.schema import BY_NAME, FEATURES
from census.serving.scorer import Scorer
from census.serving_form import ServingForm, form_to_bytes
from census.settings import BoostingSettings, TrainSettings
from census.training.serving_export import reference_row, to_serving_form

NOON = datetime(2024, 5, 6, 12, 0, 7, tzinfo=UTC)
POOR = {
    "age": 19, "workclass": "Private", "fnlgt": 168294, "education": "7th-8th",
    "education-num": 4, "marital-status": "Never-married", "occupation": "Other-service",
    "relationship": "Own-child", "race": "Other", "sex": "Female", "capital-gain": 0,
    "capital-loss": 0, "hours-per-week": 15, "native-country": "Mexico"}
RICH = {
    "age": 54, "workclass": "Federal-gov", "fnlgt": 302146, "education": "Prof-school",
    "education-num": 15, "marital-status": "Married-civ-spouse", "occupation": "Exec-managerial",
    "relationship": "Husband", "race": "White", "sex": "Male", "capital-gain": 99999,
    "capital-loss": 0, "hours-per-week": 55, "native-country": "United-States"}


def random_rows(number: int, seed: int) -> pd.DataFrame:
    """Return rows drawn from the schema: every level, ``?`` included, alike often."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame({
        name: draw.choice(np.array(BY_NAME[name].levels, dtype=object), number)
        if BY_NAME[name].levels else _numbers(draw, name, number) for name in FEATURES})


def _numbers(draw: np.random.Generator, name: str, number: int) -> Any:
    column = BY_NAME[name]
    found = draw.integers(column.minimum, column.maximum, number, endpoint=True)
    # Capital is nothing for most people.
    return np.where(draw.random(number) < .7, 0, found) if name.startswith("capital") else found


@functools.cache
def fitted(seed: int = 0, leaves: int = 31, trees: int = 20) -> Pipeline:
    """Return a small fitted pipeline; the seed changes what it learned."""
    rows = random_rows(4000, seed)
    draw = np.random.default_rng(seed)
    score = (rows["education-num"] / 4 + (rows["capital-gain"] > 7000) * 3
             + (rows["relationship"].isin(["Husband", "Wife"])) * 2
             + (rows["native-country"] == "Haiti") - (rows["occupation"] == "?") + rows["age"] / 40
             + draw.normal(size=len(rows)) + seed)
    settings = TrainSettings(hist_gradient_boosting=BoostingSettings(
        max_iter=trees, max_leaf_nodes=leaves))
    model = build_pipeline("hist_gradient_boosting", settings, seed)
    return model.fit(rows, score > score.median())


@functools.cache
def form(seed: int = 0, leaves: int = 31, trees: int = 20) -> ServingForm:
    """Return the serving form of `fitted`."""
    return to_serving_form(fitted(seed, leaves, trees), 0.4, reference_row(random_rows(500, 1)))


def facts(seed: int = 0) -> ReleaseFacts:
    """Return facts made by hand."""
    return ReleaseFacts("hist_gradient_boosting", {"max_iter": 20}, 0.4, {"roc_auc": 0.9},
                        "ab" * 32, seed)


def release_files(seed: int = 0) -> dict[str, bytes]:
    """Return the files of a release; the model file is not read by the service."""
    return {"model.skops": b"model %d" % seed, "serving.json": form_to_bytes(form(seed)),
            "slices.json": b'{"slices": [1, 2]}', "fairness.json": b'{"findings": []}'}


def release_into(folder: Path, seed: int = 0) -> str:
    """Make a release of model number ``seed``, put it in service, and return its version."""
    now = NOON + timedelta(seconds=seed)
    return make_release(folder, release_files(seed), facts(seed), now).version


def probability(person: dict[str, Any], seed: int = 0) -> float:
    """Return what model number ``seed`` says of a person, without any service."""
    return Scorer(form(seed)).probability([person[name] for name in FEATURES])
