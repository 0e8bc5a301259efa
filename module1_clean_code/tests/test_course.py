"""The course's names do what they say, without the course's faults."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from churn import course
from churn.canonical import model_from_bytes
from churn.errors import InputError
from churn.evaluate_figures import report_figure
from churn.synthetic import write_customers


@pytest.fixture(scope="module", name="table")
def _table(tmp_path_factory):
    path = tmp_path_factory.mktemp("course") / "bank_data.csv"
    write_customers(path, 900, seed=2)
    return path


@pytest.fixture(scope="module", name="customers")
def _customers(table):
    return course.import_data(table)


@pytest.fixture(scope="module", name="parts")
def _parts(customers):
    return course.perform_feature_engineering(customers)


def test_import_data_adds_churn_as_zero_and_one(customers):
    assert len(customers) == 900
    assert customers["Churn"].sum() == (customers["Attrition_Flag"] == "Attrited Customer").sum()


def test_import_data_passes_a_missing_file_on(tmp_path):
    with pytest.raises(InputError, match="none.csv"):
        course.import_data(tmp_path / "none.csv")


def test_perform_eda_saves_the_five_images(customers, tmp_path):
    before = customers.copy()
    course.perform_eda(customers, tmp_path)
    assert customers.equals(before)
    assert min(path.stat().st_size for path in tmp_path.iterdir()) > 5_000
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(course.COURSE_FIGURES)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in tmp_path.iterdir())


def test_encoder_helper_adds_the_mean_response_and_leaves_its_input_alone(customers):
    before = customers.copy()
    encoded = course.encoder_helper(customers, ["Gender", "Card_Category"], "Churn")
    assert customers.equals(before)
    women = encoded["Gender"] == "F"
    assert encoded.loc[women, "Gender_Churn"].unique() == pytest.approx(
        [customers.loc[women, "Churn"].mean()])
    assert list(encoded.columns[-2:]) == ["Gender_Churn", "Card_Category_Churn"]


def test_feature_engineering_splits_70_to_30_without_id_or_answer(parts):
    x_train, x_test, y_train, y_test = parts
    assert (len(x_train), len(x_test)) == (630, 270)
    assert x_train.shape[1] == 19
    assert not {"CLIENTNUM", "Churn", "Attrition_Flag"} & set(x_train.columns)
    assert y_train.mean() == pytest.approx(y_test.mean(), abs=0.01)


def test_training_features_do_not_depend_on_the_answers_of_the_test_rows(customers, parts):
    x_train, x_test, _, y_test = parts
    turned = customers.copy()
    # Turn answers in pairs, so that the stratified split draws the same rows.
    ones, zeros = y_test.index[y_test == 1], y_test.index[y_test == 0]
    both = list(ones) + list(zeros[:len(ones)])
    turned.loc[both, "Churn"] = 1 - turned.loc[both, "Churn"]
    encoder = course.TargetEncoder(target_type="binary", cv=course.StratifiedKFold(
        5, shuffle=True, random_state=course.SEED))
    names = list(course.CATEGORICAL_FEATURES)
    encoder.fit(customers.loc[x_train.index, names], customers.loc[x_train.index, "Churn"])
    assert np.array_equal(encoder.transform(turned.loc[x_test.index, names]),
                          x_test[[f"{name}_Churn" for name in names]])


def test_each_report_carries_the_name_of_its_rows(parts, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(course, "report_figure", lambda name, row_sets, threshold: (
        drawn.append((name, row_sets)), report_figure(name, row_sets, threshold))[1])
    course.train_models(*parts, tmp_path)
    assert [name for name, _ in drawn] == ["logistic regression", "random forest"]
    for _, row_sets in drawn:
        answers = {rows.name: list(rows.has_left) for rows in row_sets}
        assert answers == {"train": list(parts[2]), "test": list(parts[3])}


def test_the_longest_bar_carries_the_name_of_the_column_that_decides(tmp_path, monkeypatch):
    bars, save = {}, Figure.savefig

    def savefig(figure, *args, **kwargs):
        axes = figure.axes[0]
        bars.update(zip([label.get_text() for label in axes.get_yticklabels()],
                        [patch.get_width() for patch in axes.patches]))
        save(figure, *args, **kwargs)

    monkeypatch.setattr(Figure, "savefig", savefig)
    features = pd.DataFrame(np.random.default_rng(1).random((200, 3)), columns=list("abc"))
    answers = (features["b"] > 0.5).astype(int)
    model = LogisticRegression().fit(features, answers)
    course.feature_importance_plot(model, features, answers, tmp_path / "importance.png")
    assert max(bars, key=bars.get) == "b" and len(bars) == 3


def test_train_models_saves_two_models_that_answer_as_returned(parts, tmp_path):
    x_train, x_test, y_train, y_test = parts
    models = course.train_models(x_train, x_test, y_train, y_test, tmp_path)
    for name, stem in (("random_forest", "rfc_model"), ("logistic_regression",
                                                        "logistic_model")):
        stored = model_from_bytes((tmp_path / "models" / f"{stem}.skops").read_bytes())
        answers = stored.predict_proba(x_test)[:, 1]
        assert np.array_equal(answers, models[name].predict_proba(x_test)[:, 1])
        assert roc_auc_score(y_test, answers) > 0.8
    results = {path.name for path in (tmp_path / "images" / "results").iterdir()}
    assert results == {"rf_results.png", "logistic_results.png", "roc_curve_result.png",
                       "feature_importances.png"}
    assert min(path.stat().st_size
               for path in (tmp_path / "images" / "results").iterdir()) > 5_000
    assert not list(tmp_path.rglob("*.pkl"))
