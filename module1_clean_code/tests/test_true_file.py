"""Quality on the true file, where it is at hand; the figures stand in the README."""

from pathlib import Path

import pytest
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_validate

from conftest import QUICK

from churn.cli import main
from churn.data import load_customers, split_target
from churn.models import build_pipeline
from churn.settings import TrainingSettings

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module", name="rows")
def _rows(real_data):
    return split_target(load_customers(real_data / "churn" / "bank_data.csv"))


@pytest.mark.parametrize(("name", "least_auc", "least_f1"), [
    ("logistic_regression", 0.915, 0.60), ("hist_gradient_boosting", 0.993, 0.91)])
def test_five_folds_reach_the_quality_that_is_promised(rows, name, least_auc, least_f1, say):
    """Area under the ROC curve and F1 at threshold 0.5, with the recipe's own settings."""
    features, has_left = rows
    folds = StratifiedKFold(5, shuffle=True, random_state=42)
    pipeline = build_pipeline(name, TrainingSettings(), seed=42)
    found = cross_validate(clone(pipeline), features, has_left, cv=folds,
                           scoring=("roc_auc", "f1"))
    auc, f1 = found["test_roc_auc"].mean(), found["test_f1"].mean()
    say(f"true file, {name}: 5-fold AUC {auc:.4f}, F1 {f1:.4f}")
    assert auc >= least_auc
    assert f1 >= least_f1


def test_two_runs_on_the_true_file_give_equal_bytes(real_data, tmp_path):
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    outs = [tmp_path / "first", tmp_path / "second"]
    for out in outs:
        assert main(["train", "--data", str(real_data / "churn" / "bank_data.csv"), "--config",
                     str(tmp_path / "quick.toml"), "--out", str(out)]) == 0
    models = [next(Path(out).glob("releases/2*/model.skops")).read_bytes() for out in outs]
    assert models[0] == models[1]
