"""The judge of the generator: the true file, not the generator's own tables."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import roc_auc_score

from census.data import split_target
from census.model import build_pipeline
from census.schema import BY_NAME, COLUMNS
from census.settings import Settings
from census.synthetic import generate_rows

pytestmark = pytest.mark.realdata
SEEDS = [42, pytest.param(1, marks=pytest.mark.soak), pytest.param(2, marks=pytest.mark.soak)]


@pytest.fixture(scope="module", name="true_people")
def true_people_fixture(real_data: Path) -> pd.DataFrame:
    """The true file, read without the package's own reader."""
    return pd.read_csv(real_data / "census" / "census.csv", keep_default_na=False,
                       skipinitialspace=True)


@pytest.fixture(scope="module", params=SEEDS, name="generated")
def generated_fixture(request: pytest.FixtureRequest) -> pd.DataFrame:
    """As many people as the true file has."""
    return generate_rows(32_561, request.param)


def test_a_model_of_generated_rows_knows_the_true_ones(
        generated: pd.DataFrame, true_people: pd.DataFrame, say: Callable[[str], None]) -> None:
    model = build_pipeline("hist_gradient_boosting", Settings().train, 42)
    model.fit(*split_target(generated))
    features, label = split_target(true_people)
    found = roc_auc_score(label, model.predict_proba(features)[:, 1])
    say(f"trained on generated, tested on true: ROC AUC {found:.4f}")
    assert found >= .915


@pytest.mark.parametrize("name", [column.name for column in COLUMNS])
def test_every_column_is_distributed_as_the_true_one(
        generated: pd.DataFrame, true_people: pd.DataFrame, name: str) -> None:
    if BY_NAME[name].levels:
        difference = generated[name].value_counts(normalize=True).sub(
            true_people[name].value_counts(normalize=True), fill_value=0)
        distance = difference.abs().sum() / 2
    else:
        distance = ks_2samp(generated[name], true_people[name]).statistic
    assert distance < .02


def test_the_table_has_the_shape_and_repetitions_of_the_true_one(
        generated: pd.DataFrame, true_people: pd.DataFrame) -> None:
    assert generated.shape == true_people.shape
    pd.testing.assert_series_equal(generated.dtypes, true_people.dtypes)
    assert generated.duplicated().sum() == true_people.duplicated().sum() == 24


@pytest.mark.parametrize("by", [["sex"], ["sex", "race"], ["relationship"], ["marital-status"],
                                ["education"], ["occupation"], ["workclass"]])
def test_the_share_above_50k_differs_between_groups_as_in_the_true_file(
        generated: pd.DataFrame, true_people: pd.DataFrame, by: list[str]) -> None:
    found, true = ((people["salary"] == ">50K").groupby([people[name] for name in by])
                   .agg(["mean", "size"]) for people in (generated, true_people))
    both = found.join(true, lsuffix="_found")
    big = both[(both["size"] >= 300) & (both["size_found"] >= 300)]
    assert len(big) >= 2
    error = np.sqrt(.25 / big["size"] + .25 / big["size_found"])
    assert ((big["mean_found"] - big["mean"]).abs() < .05 + 2 * error).all()


def test_correlations_are_those_of_the_true_file(
        generated: pd.DataFrame, true_people: pd.DataFrame) -> None:
    numbers = [column.name for column in COLUMNS if not column.levels]
    difference = generated[numbers].corr() - true_people[numbers].corr()
    assert difference.abs().to_numpy().max() < .1
