"""The usual course's names and files, as a thin layer over the library.

In: what the course's functions take. Out: what they return, and its artifacts in a folder.
Learners find the names they know; where the usual code has a fault, the right thing is done:
categories are encoded after the split, and every report stands under its own heading.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder

from churn.canonical import model_to_bytes
from churn.data import load_customers
from churn.eda import FIGURES
from churn.evaluate_figures import Scored, curves_figure, report_figure
from churn.explain import column_importances, importance_figure
from churn.figures import png_bytes
from churn.files import write_bytes
from churn.models import RECIPES
from churn.schema import CATEGORICAL_FEATURES, LEFT, NUMERIC_FEATURES, TARGET

COURSE_FIGURES = ("churn_distribution", "customer_age_distribution",
                  "marital_status_distribution", "total_transaction_distribution", "heatmap")
COURSE_NAMES = {"logistic_regression": ("logistic", "logistic_model"),
                "random_forest": ("rf", "rfc_model")}
TEST_SHARE, SEED = 0.3, 42


def import_data(pth: Path | str) -> pd.DataFrame:
    """Return the customers of a file with the column ``Churn``, 1 where the customer left."""
    customers = load_customers(Path(pth))
    return customers.assign(Churn=(customers[TARGET] == LEFT).astype(int))


def perform_eda(df: pd.DataFrame, folder: Path | str = "images/eda") -> None:
    """Save the five figures of the course into ``folder``."""
    for name in COURSE_FIGURES:
        write_bytes(Path(folder) / f"{name}.png", png_bytes(FIGURES[name](df)))


def encoder_helper(df: pd.DataFrame, category_lst: Sequence[str], response: str = "Churn"
                   ) -> pd.DataFrame:
    """Return a copy with a column ``<category>_<response>`` of the category's mean response.

    On all rows at once this is description, not a feature: a row's own answer is in its mean.
    `perform_feature_engineering` learns the means on the training rows only.
    """
    means = {f"{name}_{response}": df.groupby(name)[response].transform("mean")
             for name in category_lst}
    return df.assign(**means)


def perform_feature_engineering(df: pd.DataFrame, response: str = "Churn"
                                ) -> tuple[pd.DataFrame, pd.DataFrame, Any, Any]:
    """Return X_train, X_test, y_train, y_test: 70/30, stratified, encoded after the split."""
    categories, numbers = list(CATEGORICAL_FEATURES), list(NUMERIC_FEATURES)
    train, test, y_train, y_test = train_test_split(
        df[categories + numbers], df[response], test_size=TEST_SHARE, stratify=df[response],
        random_state=SEED)
    encoder = TargetEncoder(target_type="binary", cv=StratifiedKFold(
        5, shuffle=True, random_state=SEED))
    names = [f"{name}_{response}" for name in categories]
    encoded = (encoder.fit_transform(train[categories], y_train),
               encoder.transform(test[categories]))
    x_train, x_test = (rows[numbers].assign(**dict(zip(names, np.asarray(means).T)))
                       for rows, means in zip((train, test), encoded))
    return x_train, x_test, y_train, y_test


def classification_report_image(row_sets: Sequence[Scored], model_name: str, output_pth: Path
                                ) -> None:
    """Save the reports of training and test rows, each under its own name."""
    write_bytes(output_pth, png_bytes(report_figure(model_name, row_sets, 0.5)))


def feature_importance_plot(model: Any, x_data: pd.DataFrame, y_data: "pd.Series[int]",
                            output_pth: Path) -> None:
    """Save the permutation importances; the course's impurity ones favour many-valued columns."""
    found = column_importances(model, x_data, y_data, repeats=3, seed=SEED)
    write_bytes(output_pth, png_bytes(importance_figure(found)))


def train_models(x_train: pd.DataFrame, x_test: pd.DataFrame, y_train: "pd.Series[int]",
                 y_test: "pd.Series[int]", folder: Path | str = ".") -> Mapping[str, Pipeline]:
    """Fit both models of the course; save models, reports, ROC curves and importances."""
    models, results = {}, Path(folder) / "images" / "results"
    on_test: list[Scored] = []
    for name, (report_stem, model_stem) in COURSE_NAMES.items():
        recipe = RECIPES[name]  # type: ignore[index]
        steps = [StandardScaler()] if recipe.is_linear else []
        model = make_pipeline(*steps, recipe.build(SEED)).fit(x_train, y_train)
        row_sets = [Scored(label, answers.to_numpy(), model.predict_proba(rows)[:, 1])
                    for label, rows, answers in (("train", x_train, y_train),
                                                 ("test", x_test, y_test))]
        classification_report_image(row_sets, name.replace("_", " "),
                                    results / f"{report_stem}_results.png")
        write_bytes(Path(folder) / "models" / f"{model_stem}.skops", model_to_bytes(model))
        on_test.append(Scored(name, row_sets[1].has_left, row_sets[1].probability))
        models[name] = model
    write_bytes(results / "roc_curve_result.png", png_bytes(curves_figure(on_test)))
    feature_importance_plot(models["random_forest"], x_test, y_test,
                            results / "feature_importances.png")
    return models


def run_course_layout(data: Path, folder: Path) -> None:
    """Do what the course's script does, into its layout of folders."""
    customers = import_data(data)
    perform_eda(customers, folder / "images" / "eda")
    train_models(*perform_feature_engineering(customers), folder=folder)
