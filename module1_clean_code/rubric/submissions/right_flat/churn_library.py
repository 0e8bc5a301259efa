"""Find the customers who are likely to leave: from a table to pictures and two models.

Purpose: the functions of the analysis, each of which can be used and tested by itself.
Author: the authors of the MLOps capstones. Date: November 2026.
"""

import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import RocCurveDisplay, classification_report
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from skops.io import dump

import constants as c

LOGGER = logging.getLogger(__name__)


def import_data(pth):
    """Read the customers and add the answer as a number.

    Parameters: pth, the path of the CSV file.
    Returns: a DataFrame with the known columns and ``Churn``, 1 where the customer left;
    the index column of the file and all columns unknown to us are left out.
    """
    table = pd.read_csv(pth, keep_default_na=False)
    customers = table[[c.TARGET_TEXT, *c.CATEGORIES, *c.NUMBERS]]
    LOGGER.info("import_data: %d customers from %s", len(customers), pth)
    return customers.assign(**{c.TARGET: (customers[c.TARGET_TEXT] != c.STAYED).astype(int)})


def save_figure(figure, path):
    """Save a figure.

    Parameters: figure, a matplotlib Figure; path, of the PNG file, whose folder is made.
    Returns: nothing.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    LOGGER.info("picture saved: %s", path)


def perform_eda(df, folder=c.EDA_FOLDER):
    """Save five pictures of the customers.

    Parameters: df, the customers; folder, where the pictures go.
    Returns: nothing.
    """
    marital = df["Marital_Status"].value_counts(normalize=True)
    correlation = df[[*c.NUMBERS, c.TARGET]].corr()
    for name, title, draw in (
            ("churn_distribution", "customers who left (1)",
             lambda axes: axes.bar(["0", "1"], df[c.TARGET].value_counts().reindex([0, 1]))),
            ("customer_age_distribution", "age in years",
             lambda axes: axes.hist(df["Customer_Age"], bins=20)),
            ("marital_status_distribution", "share by marital status",
             lambda axes: axes.bar(marital.index, marital)),
            ("total_transaction_distribution", "transactions in 12 months",
             lambda axes: axes.hist(df["Total_Trans_Ct"], bins=40, density=True)),
            ("heatmap", "Pearson correlation",
             lambda axes: axes.imshow(correlation, cmap="PuOr", vmin=-1, vmax=1))):
        figure = Figure(figsize=(8, 5))
        axes = figure.add_subplot(title=title)
        draw(axes)
        save_figure(figure, f"{folder}/{name}.png")


def encoder_helper(df, category_lst, response=c.TARGET):
    """Add the mean response of each category as a column ``<category>_<response>``.

    Parameters: df, the customers; category_lst, names of columns; response, of the answer.
    Returns: a new DataFrame; ``df`` stays as it is.
    """
    means = {f"{name}_{response}": df.groupby(name)[response].transform("mean")
             for name in category_lst}
    return df.assign(**means)


def perform_feature_engineering(df, response=c.TARGET):
    """Split 70 to 30, then learn the categories' means from the training rows alone.

    Parameters: df, the customers; response, the name of the answer.
    Returns: X_train, X_test, y_train, y_test.
    """
    train, test = train_test_split(df, test_size=c.TEST_SHARE, random_state=c.SEED,
                                   stratify=df[response])
    parts = []
    for rows in (train, test):
        encoded = {f"{name}_{response}": rows[name].map(train.groupby(name)[response].mean())
                   .fillna(train[response].mean()).astype(float) for name in c.CATEGORIES}
        parts.append(rows[c.NUMBERS].assign(**encoded))
    LOGGER.info("perform_feature_engineering: %d rows to train, %d to test, %d columns",
                len(train), len(test), parts[0].shape[1])
    return parts[0], parts[1], train[response], test[response]


def classification_report_image(*answers, folder=c.RESULTS_FOLDER):
    """Save precision and recall of both models, training and test rows under their names.

    Parameters: answers, which are y_train, y_test and the predictions y_train_preds_lr,
    y_train_preds_rf, y_test_preds_lr, y_test_preds_rf; folder, where the pictures go.
    Returns: nothing.
    """
    for name, train, test in (("logistic", 2, 4), ("rf", 3, 5)):
        figure = Figure(figsize=(6, 6))
        for height, rows, truth, predicted in ((0.95, "Train", answers[0], answers[train]),
                                               (0.45, "Test", answers[1], answers[test])):
            figure.text(0.05, height, f"{name}: {rows}")
            figure.text(0.05, height - 0.35, classification_report(truth, predicted),
                        family="monospace")
        save_figure(figure, f"{folder}/{name}_results.png")


def feature_importance_plot(model, x_data, output_pth):
    """Save the importances of a forest as bars, the greatest first.

    Parameters: model, which has been fitted; x_data, its features; output_pth, of the picture.
    Returns: nothing.
    """
    order = np.argsort(model.feature_importances_)[::-1]
    figure = Figure(figsize=(10, 6))
    figure.subplots_adjust(bottom=0.45)
    axes = figure.add_subplot(title="importance of the features")
    axes.bar(range(len(order)), model.feature_importances_[order])
    axes.set_xticks(range(len(order)), x_data.columns[order], rotation=90)
    save_figure(figure, output_pth)


def train_models(x_train, x_test, y_train, y_test):
    """Train both models; save them, their reports, ROC curves and importances.

    Parameters: features and answers of the training and of the test rows.
    Returns: nothing.
    """
    logistic = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    logistic.fit(x_train, y_train)
    search = GridSearchCV(RandomForestClassifier(n_estimators=c.TREES, random_state=c.SEED),
                          {"max_depth": c.DEPTHS}, cv=c.FOLDS)
    forest = search.fit(x_train, y_train).best_estimator_
    Path(c.MODELS_FOLDER).mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(8, 6))
    axes = figure.add_subplot(title="ROC curves on the test rows")
    for name, model in (("logistic_model", logistic), ("rfc_model", forest)):
        dump(model, f"{c.MODELS_FOLDER}/{name}.skops")
        RocCurveDisplay.from_estimator(model, x_test, y_test, name=name, ax=axes)
        LOGGER.info("train_models: %s, accuracy %.3f on the test rows", name,
                    model.score(x_test, y_test))
    save_figure(figure, f"{c.RESULTS_FOLDER}/roc_curve_result.png")
    classification_report_image(
        y_train, y_test, logistic.predict(x_train), forest.predict(x_train),
        logistic.predict(x_test), forest.predict(x_test))
    feature_importance_plot(forest, x_test, f"{c.RESULTS_FOLDER}/feature_importances.png")


def main():
    """Run the whole analysis; return 0, or 2 where the data cannot be read.

    Parameters: none. Returns: the exit code.
    """
    Path(c.LOG).parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=c.LOG, level=logging.INFO,
                        format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        customers = import_data(c.DATA)
    except (OSError, ValueError, KeyError) as err:
        LOGGER.error("import_data: %s cannot be read: %s", c.DATA, err)
        return 2
    perform_eda(customers)
    train_models(*perform_feature_engineering(customers))
    LOGGER.info("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
