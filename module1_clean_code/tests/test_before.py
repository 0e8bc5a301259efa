"""The "before" notebook runs, and each of its faults is really in it, as the figures say."""

import contextlib
import io
import json
import re
import runpy
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from benchmarks import before_figures
from churn.synthetic import write_customers

MODULE = Path(__file__).parents[1]
BEFORE = MODULE / "lessons" / "before"
SCRIPT, NOTEBOOK = BEFORE / "churn_notebook.py", BEFORE / "churn_notebook.ipynb"
WALKTHROUGH = BEFORE / "WALKTHROUGH.md"
PICTURES = {"age", "churn", "heatmap", "importances", "lr_report", "marital", "rf_report", "roc",
            "transactions"}


def code_cells() -> list[str]:
    """Return the code of each cell, the first one first."""
    return [cell.source for cell in jupytext.read(SCRIPT).cells if cell.cell_type == "code"]


@pytest.fixture(name="customer_csv", scope="module")
def customer_csv_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated table with the unnamed index column."""
    path = tmp_path_factory.mktemp("data") / "customers.csv"
    write_customers(path, rows=1500, seed=42)
    return path


@pytest.fixture(name="figures", scope="module")
def figures_fixture(customer_csv: Path) -> dict[str, Any]:
    """What the command of the figures prints for that table."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert before_figures.main(["--data", str(customer_csv), "--seeds", "1"]) == 0
    return dict(json.loads(printed.getvalue()))


def test_the_two_forms_of_the_notebook_say_the_same() -> None:
    """Cell by cell, the script and the notebook are in step."""
    forms = [[(cell.cell_type, cell.source) for cell in jupytext.read(path).cells]
             for path in (SCRIPT, NOTEBOOK)]
    assert forms[0] == forms[1]


def test_the_notebook_stores_no_outputs() -> None:
    """A stored output would be of another run than the one a reader starts."""
    stored = [(cell.outputs, cell.execution_count)
              for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    assert stored == [([], None)] * len(code_cells())


def test_the_notebook_does_not_tell_its_faults() -> None:
    """A learner is to find them."""
    told = re.findall(r"(?i)fault|leak|swap|wrong|bug|todo|fixme|magic", SCRIPT.read_text("utf-8"))
    assert not told


def test_the_notebook_runs_from_top_to_bottom(customer_csv: Path, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    """It works on the libraries of today: a fault that stops it would teach nothing."""
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / "jupyter"))
    monkeypatch.setenv("CHURN_CSV", str(customer_csv))
    monkeypatch.setenv("CHURN_OUT", str(tmp_path / "pictures"))
    monkeypatch.delenv("CHURN_FULL_GRID", raising=False)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3",
                            resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    assert notebook.cells[-1].outputs[-1].text.endswith("all tests passed\n")
    assert {path.stem for path in (tmp_path / "pictures").glob("*.png")} == PICTURES


def test_the_index_column_is_the_top_feature_and_raises_the_scores(
        figures: dict[str, Any]) -> None:
    """The order of the rows carries the answer, and both models read it."""
    assert figures["top feature"] == "Unnamed: 0"
    for model in ("forest", "logistic"):
        kept, dropped = figures[model], figures[f"{model} without index"]
        assert kept["auc"] > dropped["auc"] + 0.01
        assert kept["f1"] > dropped["f1"] + 0.05


def test_the_logistic_picture_has_train_and_test_swapped(figures: dict[str, Any]) -> None:
    """The number of rows in each report tells which rows it is made of."""
    train, test = figures["training rows"], figures["test rows"]
    assert (train, test) == (1050, 450)
    assert figures["rows of the report under each heading"] == {
        "forest": {"train": train, "test": test},
        "logistic": {"train": test, "test": train}}


def test_the_answers_of_test_rows_reach_the_features_of_training_rows(
        figures: dict[str, Any]) -> None:
    """Turn round the answers of the test rows: every training row changes."""
    assert figures["training rows changed by flipped test labels"] == 1.0


def test_filling_the_unknown_values_fills_nothing(
        figures: dict[str, Any], customer_csv: Path) -> None:
    """``frame[column].replace(inplace=True)`` changes a copy."""
    filled = ["Education_Level", "Marital_Status", "Income_Category"]
    before = (pd.read_csv(customer_csv)[filled] == "Unknown").sum()
    assert (before > 50).all()
    assert {name: figures["Unknown after filling"][name] for name in filled} == before.to_dict()


def test_the_unscaled_logistic_regression_stops_before_it_converges(
        figures: dict[str, Any]) -> None:
    """It uses up its iterations; on scaled features a few are enough."""
    assert figures["iterations unscaled"] == 3000
    assert figures["iterations scaled"] < 100


def test_a_pasted_picture_keeps_the_title_of_another(figures: dict[str, Any]) -> None:
    """The picture of marital status says that it shows the age."""
    assert figures["titles of more than one picture"] == ["Age of the customers"]


def test_running_the_encoding_cell_twice_repeats_columns(
        customer_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell appends to a list of the whole notebook."""
    cells = code_cells()
    encoding = next(cell for cell in cells if "keep.append" in cell)
    split = next(number for number, cell in enumerate(cells) if "train_test_split(X" in cell)
    quick = [cell for cell in cells[:split + 1] if "plt.figure" not in cell]
    twice = "\n".join([*quick[:-1], encoding, quick[-1]])
    script = tmp_path / "twice.py"
    script.write_text(twice, encoding="utf-8")
    monkeypatch.setenv("CHURN_CSV", str(customer_csv))
    monkeypatch.setenv("CHURN_OUT", str(tmp_path))
    columns = runpy.run_path(str(script))["X"].columns
    assert columns.duplicated().sum() == 5


def test_the_tests_of_the_notebook_pass_when_everything_is_broken(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No table, no answers, no folder, and still all tests pass."""
    script = tmp_path / "broken.py"
    script.write_text("import os\ndf = y_test = y_test_preds_rf = None\nOUT = 'nowhere'\n"
                      + code_cells()[-1], encoding="utf-8")
    runpy.run_path(str(script))
    assert capsys.readouterr().out.endswith("all tests passed\n")


def test_every_path_of_the_walkthrough_exists() -> None:
    """A path that was renamed sends the reader nowhere."""
    named = set(re.findall(r"`((?:src|tests|benchmarks|lessons|config)/[\w./-]+)`",
                           WALKTHROUGH.read_text("utf-8")))
    assert len(named) > 10
    assert sorted(path for path in named if not (MODULE / path).exists()) == []


def test_the_walkthrough_goes_through_every_code_cell() -> None:
    """Each cell once, in order."""
    rows = re.findall(r"^\| (\d+)(?:–(\d+))? \|", WALKTHROUGH.read_text("utf-8"), re.MULTILINE)
    covered = [number for first, last in rows
               for number in range(int(first), int(last or first) + 1)]
    assert covered == list(range(1, len(code_cells()) + 1))
