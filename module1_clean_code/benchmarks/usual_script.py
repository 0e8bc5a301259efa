"""The churn script as courses usually write it, so that ours can be timed beside it.

In: a customer CSV and an output folder. Out: pictures, and a ``UsualResult``.
It keeps the usual habits (row lists, encoding before the split, a large grid, no scaling);
a comparison is worth nothing when the other side was written to lose.
Left out, to its advantage: the SHAP bar chart and the pickled models.
"""

import argparse
import itertools
import json
import resource
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GridSearchCV, train_test_split

from benchmarks.usual_pictures import draw_usual_eda, draw_usual_results

CATEGORIES = ["Gender", "Education_Level", "Marital_Status", "Income_Category", "Card_Category"]
NOT_A_FEATURE = ["CLIENTNUM", "Attrition_Flag", "Churn"]

#: One row for each of the 24 cells: trees, features at a split, depth, criterion.
#: Every run of six has each depth with each criterion once.
CELLS = tuple(itertools.product((200, 500), ("sqrt", "log2"), (4, 5, 100), ("gini", "entropy")))


@dataclass(frozen=True, slots=True)
class UsualResult:
    """Scores on the script's own test split, and the CPU seconds of this process."""

    forest_auc: float
    forest_f1: float
    logistic_auc: float
    logistic_f1: float
    grid_cpu_seconds: float
    other_cpu_seconds: float
    cells_timed: int

    @property
    def cells_total(self) -> int:
        """Cells of the whole grid."""
        return len(CELLS)

    @property
    def whole_cpu_seconds(self) -> float:
        """CPU seconds of the script with the whole grid: estimated unless all were timed.

        The cost of a forest is linear in its number of trees, so the grid is scaled by
        trees. The estimate is rough unless the cells timed are a multiple of 6.
        """
        trees = [cell[0] for cell in CELLS]
        share = sum(trees[:self.cells_timed]) / sum(trees)
        return self.grid_cpu_seconds / share + self.other_cpu_seconds


def run_usual_script(csv: Path, out: Path, grid_cells: int | None = None, folds: int = 5, *,
                     keep_index: bool = False) -> UsualResult:
    """Run the usual analysis from the CSV to the pictures.

    Parameters
    ----------
    csv : Path
        Customers, with or without the unnamed index column.
    out : Path
        Folder for the pictures; made if absent.
    grid_cells : int, optional
        Search only the first so many of the 24 cells; all by default.
    folds : int
        Folds of the grid search.
    keep_index : bool
        Leave the unnamed index column among the features, as the usual script does.

    Returns
    -------
    UsualResult

    Raises
    ------
    ValueError
        ``grid_cells`` is not from 1 to 24.
    """
    timed = CELLS[:grid_cells]
    if grid_cells is not None and not 1 <= grid_cells <= len(CELLS):
        raise ValueError(f"grid_cells must be from 1 to {len(CELLS)}, not {grid_cells}")
    out.mkdir(parents=True, exist_ok=True)
    started = time.process_time()
    customers = read_usual(csv, keep_index=keep_index)
    draw_usual_eda(customers, out)
    split = train_test_split(encode_before_split(customers), customers["Churn"],
                             test_size=0.3, random_state=42)
    before_grid = time.process_time()
    best = search_usual_grid(split[0], split[2], timed, folds)
    grid_seconds = time.process_time() - before_grid
    forest = RandomForestClassifier(random_state=42, **best).fit(split[0], split[2])
    logistic = fit_usual_logistic(split[0], split[2])
    draw_usual_results(forest, logistic, split, out)
    scores = _auc_and_f1(forest, split) + _auc_and_f1(logistic, split)
    return UsualResult(*scores, grid_seconds, time.process_time() - started - grid_seconds,
                       len(timed))


def read_usual(csv: Path, *, keep_index: bool) -> pd.DataFrame:
    """Read the table, add ``Churn`` row by row, and drop the index column unless kept."""
    customers = pd.read_csv(csv)
    if not keep_index:
        customers = customers.loc[:, ~customers.columns.str.startswith("Unnamed")]
    churn = customers["Attrition_Flag"].apply(lambda flag: 0 if flag == "Existing Customer" else 1)
    return customers.assign(Churn=churn)


def encode_before_split(customers: pd.DataFrame) -> pd.DataFrame:
    """Return features of all rows; a category is its mean of ``Churn``, gathered in a list."""
    encoded = customers.copy()
    for category in CATEGORIES:
        means = customers.groupby(category)["Churn"].mean()
        row_values = []
        for value in customers[category]:
            row_values.append(means.loc[value])
        encoded[f"{category}_Churn"] = row_values
    return encoded.drop(columns=CATEGORIES + NOT_A_FEATURE)


def search_usual_grid(features: pd.DataFrame, churn: pd.Series,
                      cells: Sequence[tuple[int, str, int, str]], folds: int) -> dict[str, object]:
    """Return the forest settings of the best cell by cross-validated accuracy."""
    names = ("n_estimators", "max_features", "max_depth", "criterion")
    grid = [{name: [value] for name, value in zip(names, cell, strict=True)} for cell in cells]
    search = GridSearchCV(RandomForestClassifier(random_state=42), grid, cv=folds, refit=False)
    return dict(search.fit(features, churn).best_params_)


def fit_usual_logistic(features: pd.DataFrame, churn: pd.Series) -> LogisticRegression:
    """Return the logistic regression on unscaled features, converged or not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(solver="lbfgs", max_iter=3000).fit(features, churn)


def _auc_and_f1(model: RandomForestClassifier | LogisticRegression,
                split: list[pd.DataFrame]) -> tuple[float, float]:
    chances = model.predict_proba(split[1])[:, 1]
    return (float(roc_auc_score(split[3], chances)),
            float(f1_score(split[3], model.predict(split[1]))))


def peak_megabytes() -> float:
    """Return the peak memory of this process; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the script once and print its result as JSON."""
    parser = argparse.ArgumentParser(description="Time the usual churn script.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cells", type=int, default=None, help="first so many of 24 cells")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--keep-index", action="store_true")
    given = parser.parse_args(argv)
    result = run_usual_script(given.data, given.out, given.cells, given.folds,
                              keep_index=given.keep_index)
    figures = {**asdict(result), "cells_total": result.cells_total,
               "whole_cpu_seconds": result.whole_cpu_seconds,
               "peak_megabytes": peak_megabytes()}
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
