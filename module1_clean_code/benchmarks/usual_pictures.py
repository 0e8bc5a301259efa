"""Pictures of the usual churn script: many, large, and through the global pyplot state.

In: the customers, or fitted models with the split. Out: PNG files.
They stand apart from the script because a file has one subject.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import RocCurveDisplay, classification_report


def draw_usual_eda(customers: pd.DataFrame, out: Path) -> None:
    """Save the five usual pictures, each 20 by 10 inches."""
    plt.switch_backend("Agg")
    for name, column in (("churn", "Churn"), ("age", "Customer_Age")):
        plt.figure(figsize=(20, 10))
        customers[column].hist()
        plt.savefig(out / f"{name}.png")
    plt.figure(figsize=(20, 10))
    customers["Marital_Status"].value_counts(normalize=True).plot(kind="bar")
    plt.savefig(out / "marital_status.png")
    plt.figure(figsize=(20, 10))
    customers["Total_Trans_Ct"].plot(kind="hist", density=True, bins=40)
    customers["Total_Trans_Ct"].plot(kind="kde")
    plt.savefig(out / "transactions.png")
    plt.figure(figsize=(20, 10))
    numbers = customers.select_dtypes("number")
    plt.imshow(numbers.corr(), cmap="viridis")
    plt.xticks(range(numbers.shape[1]), list(numbers.columns), rotation=90)
    plt.yticks(range(numbers.shape[1]), list(numbers.columns))
    plt.colorbar()
    plt.savefig(out / "heatmap.png")
    plt.close("all")


def draw_usual_results(forest: RandomForestClassifier, logistic: LogisticRegression,
                       split: list[pd.DataFrame], out: Path) -> None:
    """Save the ROC curves, one picture of two reports for each model, and the importances."""
    plt.switch_backend("Agg")
    x_train, x_test, y_train, y_test = split
    axes = plt.figure(figsize=(15, 8)).gca()
    RocCurveDisplay.from_estimator(logistic, x_test, y_test, ax=axes)
    RocCurveDisplay.from_estimator(forest, x_test, y_test, ax=axes)
    plt.savefig(out / "roc.png")
    for name, model in (("forest", forest), ("logistic", logistic)):
        plt.figure(figsize=(5, 5))
        for place, features, truth in ((0.6, x_train, y_train), (0.05, x_test, y_test)):
            plt.text(0.01, place, classification_report(truth, model.predict(features)),
                     fontsize=10, family="monospace")
        plt.axis("off")
        plt.savefig(out / f"{name}_report.png")
    order = np.argsort(forest.feature_importances_)[::-1]
    plt.figure(figsize=(20, 5))
    plt.bar(range(len(order)), forest.feature_importances_[order])
    plt.xticks(range(len(order)), list(x_train.columns[order]), rotation=90)
    plt.savefig(out / "importances.png")
    plt.close("all")
