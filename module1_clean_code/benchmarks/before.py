"""Run the "before" notebook and look at what it really made.

In: a customer CSV with the unnamed index column. Out: the notebook's variables, and measures.
The faults are measured on the notebook's own variables, so no figure can drift from it.
"""

import contextlib
import io
import os
import runpy
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from sklearn.base import ClassifierMixin, clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import train_test_split

from benchmarks.usual_script import CATEGORIES, encode_before_split, read_usual
from churn.schema import LEFT, STAYED

NOTEBOOK = Path(__file__).parents[1] / "lessons" / "before" / "churn_notebook.py"
INDEX_FEATURE = "Unnamed: 0"

#: The pictures of the reports, counted from the first picture of the notebook.
REPORT_FIGURES = {"forest": 6, "logistic": 7}

Split = tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.Series]


@dataclass(frozen=True)
class NotebookRun:
    """What the notebook left behind: its table, its split, its models, its pictures."""

    customers: pd.DataFrame
    split: Split
    forest: RandomForestClassifier
    logistic: LogisticRegression
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Area under the ROC curve, and F1 of the leavers at threshold 0.5."""

    auc: float
    f1: float


def run_notebook(csv: Path, out: Path) -> NotebookRun:
    """Run the notebook's script form in this process and keep what it made.

    Parameters
    ----------
    csv : Path
        A customer table with the unnamed index column.
    out : Path
        Folder for its pictures.

    Returns
    -------
    NotebookRun
    """
    plt.close("all")
    plt.switch_backend("Agg")
    places = {"CHURN_CSV": str(csv), "CHURN_OUT": str(out), "CHURN_FULL_GRID": ""}
    with (mock.patch.dict(os.environ, places), warnings.catch_warnings(),
          contextlib.redirect_stdout(io.StringIO())):
        left = runpy.run_path(str(NOTEBOOK))
    figures = tuple(plt.figure(number) for number in plt.get_fignums())
    plt.close("all")
    split = (left["X_train"], left["X_test"], left["y_train"], left["y_test"])
    return NotebookRun(left["df"], split, left["rfc"], left["lrc"], figures)


def score(model: ClassifierMixin, features: pd.DataFrame, churn: pd.Series) -> Score:
    """Return the scores of a fitted model."""
    chances = model.predict_proba(features)[:, 1]
    return Score(round(float(roc_auc_score(churn, chances)), 4),
                 round(float(f1_score(churn, model.predict(features))), 4))


def score_without_index(model: ClassifierMixin, split: Split) -> Score:
    """Return the scores of the same model, fitted again without the index column."""
    train, test = (part.drop(columns=INDEX_FEATURE) for part in split[:2])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return score(clone(model).fit(train, split[2]), test, split[3])


def rows_under_heading(figure: Figure, heading: str) -> int:
    """Return how many rows the classification report below a heading is made of."""
    places = {text.get_text(): text.get_position()[1] for text in figure.axes[0].texts}
    height = next(y for text, y in places.items() if text.endswith(heading))
    below = {y: text for text, y in places.items() if y < height}
    return int(below[max(below)].strip().splitlines()[-1].split()[-1])


def flip_test_labels(csv: Path, test_rows: pd.Index, target: Path) -> None:
    """Write the table again with every test row's answer turned round."""
    customers = pd.read_csv(csv)
    flag = customers.loc[test_rows, "Attrition_Flag"]
    customers.loc[test_rows, "Attrition_Flag"] = flag.map({STAYED: LEFT, LEFT: STAYED})
    customers.rename(columns={INDEX_FEATURE: ""}).to_csv(target, index=False)


def share_of_changed_rows(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Return the share of rows that differ in any column."""
    return float((before != after).any(axis=1).mean())


def clean_less_leaky_auc(csv: Path, seed: int) -> float:
    """Return the forest's AUC with means of training rows less that with means of all rows."""
    customers = read_usual(csv, keep_index=False)
    leaky = encode_before_split(customers)
    train, test = train_test_split(customers.index, test_size=0.3, random_state=seed)
    clean = leaky.copy()
    learned_from = customers.loc[train]
    for category in CATEGORIES:
        means = learned_from.groupby(category)["Churn"].mean()
        clean[f"{category}_Churn"] = customers[category].map(means).fillna(
            learned_from["Churn"].mean())
    aucs = []
    for features in (clean, leaky):
        forest = RandomForestClassifier(200, random_state=seed)
        forest.fit(features.loc[train], customers.loc[train, "Churn"])
        aucs.append(score(forest, features.loc[test], customers.loc[test, "Churn"]).auc)
    return aucs[0] - aucs[1]
