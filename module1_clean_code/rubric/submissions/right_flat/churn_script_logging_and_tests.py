"""Test each function of the library: ``pytest churn_script_logging_and_tests.py``.

Purpose: every function is called on small tables whose right answers are known.
Author: the authors of the MLOps capstones. Date: November 2026.
"""

import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from skops.io import get_untrusted_types, load

import churn_library as lib
import constants as c

ROWS = 300


@pytest.fixture(autouse=True, name="place")
def _place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    handler = logging.FileHandler(tmp_path / "tests.log")
    logging.getLogger(lib.__name__).addHandler(handler)
    logging.getLogger(lib.__name__).setLevel(logging.INFO)
    yield tmp_path
    logging.getLogger(lib.__name__).removeHandler(handler)
    handler.close()


@pytest.fixture(name="table")
def _table():
    rng = np.random.default_rng(7)
    numbers = {name: rng.integers(1, 100, ROWS) for name in c.NUMBERS}
    left = numbers["Total_Trans_Ct"] < 30
    kinds = np.where(rng.random(ROWS) < 0.2 + 0.6 * left, "F", "M")
    return pd.DataFrame({"CLIENTNUM": range(ROWS),
                         c.TARGET_TEXT: np.where(left, "Attrited Customer", c.STAYED),
                         **{name: kinds for name in c.CATEGORIES}, **numbers})


@pytest.fixture(name="customers")
def _customers(table):
    return table.drop(columns="CLIENTNUM").assign(
        Churn=(table[c.TARGET_TEXT] != c.STAYED).astype(int))


def test_import_data_keeps_every_row_and_adds_the_answer(table, place):
    table.to_csv("bank.csv")
    customers = lib.import_data("bank.csv")
    assert list(customers["Churn"]) == list((table[c.TARGET_TEXT] != c.STAYED).astype(int))
    assert customers[c.NUMBERS].equals(table[c.NUMBERS])
    assert (customers[c.CATEGORIES] == table[c.CATEGORIES]).all(axis=None)
    assert "CLIENTNUM" not in customers and "Unnamed: 0" not in customers
    assert "300 customers" in (place / "tests.log").read_text(encoding="utf-8")


def test_import_data_says_that_a_file_is_missing():
    with pytest.raises(FileNotFoundError):
        lib.import_data("none.csv")


def test_perform_eda_saves_five_pictures_and_leaves_its_table_alone(customers):
    before = customers.copy()
    lib.perform_eda(customers)
    assert customers.equals(before)
    saved = {path.stem: path.read_bytes() for path in Path(c.EDA_FOLDER).iterdir()}
    assert set(saved) == {"churn_distribution", "customer_age_distribution", "heatmap",
                          "marital_status_distribution", "total_transaction_distribution"}
    assert len(set(saved.values())) == 5
    assert all(png.startswith(b"\x89PNG") for png in saved.values())


def test_encoder_helper_gives_each_row_the_mean_of_its_category(customers):
    before = customers.copy()
    encoded = lib.encoder_helper(customers, ["Gender", "Card_Category"], "Churn")
    assert customers.equals(before)
    assert list(encoded.columns) == [*customers.columns, "Gender_Churn", "Card_Category_Churn"]
    for kind, rows in customers.groupby("Gender"):
        values = encoded.loc[rows.index, "Gender_Churn"]
        assert values.to_numpy() == pytest.approx(rows["Churn"].mean())
        assert kind in {"F", "M"}


def test_features_are_split_70_to_30_without_the_answer(customers):
    before = customers.copy()
    x_train, x_test, y_train, y_test = lib.perform_feature_engineering(customers)
    assert customers.equals(before)
    assert (len(x_train), len(x_test)) == (210, 90)
    assert sorted([*x_train.index, *x_test.index]) == list(range(ROWS))
    for rows, answers in ((x_train, y_train), (x_test, y_test)):
        assert list(rows.index) == list(answers.index)
        assert list(rows.columns) == c.NUMBERS + [f"{name}_Churn" for name in c.CATEGORIES]
        assert answers.equals(customers.loc[rows.index, "Churn"])
        assert rows[c.NUMBERS].equals(customers.loc[rows.index, c.NUMBERS])
    again = lib.perform_feature_engineering(customers)[0]
    assert again.equals(x_train)


def test_categories_are_learned_from_the_training_rows(customers):
    _, x_test, y_train, _ = lib.perform_feature_engineering(customers)
    women = customers["Gender"] == "F"
    expected = y_train[women[y_train.index]].mean()
    assert x_test.loc[women[x_test.index], "Gender_Churn"].to_numpy() == pytest.approx(expected)


def test_a_report_stands_under_the_name_of_its_rows(monkeypatch):
    saved = {}
    monkeypatch.setattr(lib, "save_figure", lambda figure, path: saved.update({path: figure}))
    train, test = np.arange(20) % 2, np.arange(10) % 2
    lib.classification_report_image(train, test, train, 1 - train, test, 1 - test)
    assert set(saved) == {f"{c.RESULTS_FOLDER}/{name}_results.png" for name in ("rf", "logistic")}
    for path, figure in saved.items():
        texts = sorted(figure.texts, key=lambda text: -text.get_position()[1])
        assert [("Train" in texts[0].get_text()), ("Test" in texts[2].get_text())] == [True, True]
        right = "1.00" if "logistic" in path else "0.00"
        assert right in texts[1].get_text() and " 20" in texts[1].get_text()
        assert right in texts[3].get_text() and " 20" not in texts[3].get_text()


def test_the_greatest_importance_stands_beside_its_name(monkeypatch):
    saved = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, path: saved.append(figure))
    rng = np.random.default_rng(1)
    features = pd.DataFrame({name: rng.random(200) for name in "abcd"})
    model = RandomForestClassifier(20, random_state=1).fit(features, features["c"] > 0.5)
    lib.feature_importance_plot(model, features, "importance.png")
    axes = saved[0].axes[0]
    heights = [patch.get_height() for patch in axes.patches]
    assert heights == sorted(heights, reverse=True)
    assert axes.get_xticklabels()[0].get_text() == "c"


def test_train_models_saves_models_that_tell_leavers(customers):
    parts = lib.perform_feature_engineering(customers)
    before = [part.copy() for part in parts]
    lib.train_models(*parts)
    assert all(part.equals(old) for part, old in zip(parts, before))
    for name in ("logistic_model", "rfc_model"):
        path = f"{c.MODELS_FOLDER}/{name}.skops"
        model = load(path, trusted=get_untrusted_types(file=path))
        assert roc_auc_score(parts[3], model.predict_proba(parts[1])[:, 1]) > 0.9
    assert {path.name for path in Path(c.RESULTS_FOLDER).iterdir()} == {
        "roc_curve_result.png", "feature_importances.png", "rf_results.png",
        "logistic_results.png"}
