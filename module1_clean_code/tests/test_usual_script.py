"""The usual script is timed fairly: its features, its scores, its estimate of the whole grid."""

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import usual_script
from benchmarks.usual_script import (CELLS, UsualResult, encode_before_split, main, read_usual,
                                     run_usual_script)
from churn.schema import CATEGORICAL_FEATURES, NUMERIC_FEATURES
from churn.synthetic import write_customers


@pytest.fixture(name="customer_csv", scope="module")
def customer_csv_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated table with the unnamed index column."""
    path = tmp_path_factory.mktemp("data") / "customers.csv"
    write_customers(path, rows=1500, seed=42)
    return path


def test_the_grid_is_the_usual_one() -> None:
    """24 cells, from the smallest forest to the largest."""
    assert len(set(CELLS)) == 24
    assert CELLS[0] == (200, "sqrt", 4, "gini") and CELLS[-1] == (500, "log2", 100, "entropy")


def test_every_six_cells_have_each_depth_with_each_criterion() -> None:
    """Shallow and deep trees cost differently, so each run of six must hold both."""
    sixes = [{cell[2:] for cell in CELLS[start:start + 6]} for start in range(0, 24, 6)]
    assert all(len(six) == 6 for six in sixes)


def test_the_whole_grid_is_estimated_by_its_trees() -> None:
    """6 cells of 200 trees are a seventh of all trees."""
    result = UsualResult(0.9, 0.8, 0.9, 0.6, grid_cpu_seconds=12.0, other_cpu_seconds=3.0,
                         cells_timed=6)
    # 6 cells of 200 trees of 12 of 200 and 12 of 500: one seventh.
    assert result.whole_cpu_seconds == pytest.approx(12.0 * 7 + 3.0)


def test_a_whole_grid_is_not_estimated() -> None:
    """Where all cells were timed, seconds are only added."""
    result = UsualResult(0.9, 0.8, 0.9, 0.6, grid_cpu_seconds=12.0, other_cpu_seconds=3.0,
                         cells_timed=24)
    assert result.whole_cpu_seconds == 15.0


def test_only_the_features_of_the_schema_are_used_by_default(customer_csv: Path) -> None:
    """No index and no id: the comparison of scores is fair."""
    features = encode_before_split(read_usual(customer_csv, keep_index=False))
    encoded = [f"{name}_Churn" for name in CATEGORICAL_FEATURES]
    assert sorted(features.columns) == sorted([*NUMERIC_FEATURES, *encoded])


def test_a_category_becomes_its_share_of_leavers() -> None:
    """One of three women and the only man left."""
    one_group = {name: ["x"] * 4 for name in CATEGORICAL_FEATURES}
    customers = pd.DataFrame({**one_group, "Gender": ["F", "F", "F", "M"], "Churn": [1, 0, 0, 1],
                              "CLIENTNUM": 1, "Attrition_Flag": "-"})
    encoded = encode_before_split(customers)
    assert encoded["Gender_Churn"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0])


def test_the_index_column_raises_the_scores(
        customer_csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the switch the usual leak is there, in all models."""
    fair = run_usual_script(customer_csv, tmp_path, 1, 2)
    asked = ["--data", str(customer_csv), "--out", str(tmp_path), "--cells", "1", "--folds", "2"]
    assert main([*asked, "--keep-index"]) == 0
    leaky = json.loads(capsys.readouterr().out)
    assert len(list(tmp_path.glob("*.png"))) == 9
    assert leaky["forest_auc"] > fair.forest_auc + 0.005
    assert leaky["logistic_auc"] > fair.logistic_auc + 0.02
    assert leaky["logistic_f1"] > fair.logistic_f1 + 0.05


def test_the_seconds_and_the_memory_are_told(
        customer_csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints the estimate and the peak memory of its process."""
    result = UsualResult(0.9, 0.8, 0.9, 0.6, grid_cpu_seconds=2.0, other_cpu_seconds=3.0,
                         cells_timed=12)
    monkeypatch.setattr(usual_script, "run_usual_script", lambda *_, **__: result)
    assert main(["--data", str(customer_csv), "--out", str(tmp_path)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["cells_timed"], figures["cells_total"]) == (12, 24)
    assert figures["whole_cpu_seconds"] == pytest.approx(2.0 * 7 / 2 + 3.0)
    assert 50 < figures["peak_megabytes"] < 5000


@pytest.mark.parametrize("cells", [0, 25, -1])
def test_a_number_of_cells_outside_of_the_grid_is_refused(
        cells: int, customer_csv: Path, tmp_path: Path) -> None:
    """No silent slice of the grid."""
    with pytest.raises(ValueError, match="from 1 to 24"):
        run_usual_script(customer_csv, tmp_path, cells)
