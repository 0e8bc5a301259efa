"""The judge of the generator: the true file, not the generator's own tables."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from churn.schema import BY_NAME, CATEGORICAL_FEATURES, COLUMNS, FEATURES, LEFT, TARGET
from churn.synthetic import generate_customers

pytestmark = pytest.mark.realdata
SEEDS = [42, pytest.param(1, marks=pytest.mark.soak), pytest.param(2, marks=pytest.mark.soak)]
FEW_VALUES = ("Dependent_count", "Total_Relationship_Count", "Months_Inactive_12_mon",
              "Contacts_Count_12_mon")


@pytest.fixture(scope="module", name="true_customers")
def true_customers_fixture(real_data: Path) -> pd.DataFrame:
    """The true file, read without the package's own reader."""
    return pd.read_csv(real_data / "churn" / "bank_data.csv", index_col=0,
                       keep_default_na=False)


@pytest.fixture(scope="module", params=SEEDS, name="generated")
def generated_fixture(request: pytest.FixtureRequest) -> pd.DataFrame:
    """As many customers as the true file has."""
    return generate_customers(10_127, request.param)


def numbers(customers: pd.DataFrame) -> np.ndarray:
    """Return the 19 features as numbers, categories by their place in the schema."""
    return np.column_stack([
        pd.Categorical(customers[name], categories=list(BY_NAME[name].allowed)).codes
        if name in CATEGORICAL_FEATURES else customers[name] for name in FEATURES])


def left_by_row(customers: pd.DataFrame, parts: int) -> np.ndarray:
    """Return the share that left in equal parts of the file."""
    left = (customers[TARGET] == LEFT).to_numpy()
    return np.array([part.mean() for part in np.array_split(left, parts)])


def test_a_model_of_generated_rows_knows_the_true_ones(
        generated: pd.DataFrame, true_customers: pd.DataFrame,
        say: Callable[[str], None]) -> None:
    model = HistGradientBoostingClassifier(learning_rate=.05, max_iter=600, max_leaf_nodes=12,
                                           max_features=.5, early_stopping=False,
                                           random_state=0)
    model.fit(numbers(generated), generated[TARGET] == LEFT)
    found = roc_auc_score(true_customers[TARGET] == LEFT,
                          model.predict_proba(numbers(true_customers))[:, 1])
    say(f"trained on generated, tested on true: ROC AUC {found:.4f}")
    assert found >= .985


@pytest.mark.parametrize("name", [column.name for column in COLUMNS])
def test_every_column_is_distributed_as_the_true_one(
        generated: pd.DataFrame, true_customers: pd.DataFrame, name: str) -> None:
    if BY_NAME[name].kind == "category" or name in FEW_VALUES:
        difference = generated[name].value_counts(normalize=True).sub(
            true_customers[name].value_counts(normalize=True), fill_value=0)
        distance = difference.abs().sum() / 2
    else:
        distance = ks_2samp(generated[name], true_customers[name]).statistic
    assert distance < .08


def test_the_table_has_the_shape_and_types_of_the_true_one(
        generated: pd.DataFrame, true_customers: pd.DataFrame) -> None:
    assert generated.shape == true_customers.shape
    pd.testing.assert_series_equal(generated.dtypes, true_customers.dtypes)


def test_the_order_of_rows_leaks_as_in_the_true_file(
        generated: pd.DataFrame, true_customers: pd.DataFrame) -> None:
    assert np.abs(left_by_row(generated, 10) - left_by_row(true_customers, 10)).max() < .06


@pytest.mark.parametrize("part", range(20))
def test_amounts_move_along_the_file_as_in_the_true_one(
        generated: pd.DataFrame, true_customers: pd.DataFrame, part: int) -> None:
    rows = slice(part * 507, (part + 1) * 507)
    distance = ks_2samp(generated["Total_Trans_Amt"].iloc[rows],
                        true_customers["Total_Trans_Amt"].iloc[rows]).statistic
    assert distance < .25


def test_correlations_are_those_of_the_true_file(
        generated: pd.DataFrame, true_customers: pd.DataFrame) -> None:
    columns = [name for name in FEATURES if name not in CATEGORICAL_FEATURES]
    difference = generated[columns].corr() - true_customers[columns].corr()
    assert difference.abs().to_numpy().max() < .12
