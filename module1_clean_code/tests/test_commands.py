"""What each command does with real files."""

import json
import shutil

import pandas as pd
import pytest

from churn.cli import build_parser, main
from churn.commands import count_steps
from churn.settings import load_settings
from churn.synthetic import generate_customers


def _call(home, *words):
    return main([*words, "--config", str(home / "quick.toml")])


def test_run_leaves_the_courses_artifacts(home):
    found = {str(path.relative_to(home / "course")) for path in (home / "course").rglob("*.*")}
    assert found >= {
        "images/eda/churn_distribution.png", "images/eda/customer_age_distribution.png",
        "images/eda/marital_status_distribution.png", "images/eda/heatmap.png",
        "images/eda/total_transaction_distribution.png", "images/results/rf_results.png",
        "images/results/roc_curve_result.png", "images/results/feature_importances.png",
        "images/results/logistic_results.png", "models/rfc_model.skops",
        "models/logistic_model.skops", "logs/churn_library.log"}


def _steps_taken(out):
    log = (out / "logs" / "churn.log").read_text(encoding="utf-8")
    return log.count(" ...\n")


def _steps_counted(home, *words):
    return count_steps(build_parser().parse_args(words), load_settings(home / "quick.toml"))


def test_the_bar_of_a_run_ends_full(home):
    assert _steps_taken(home / "out") == _steps_counted(home, "run", "--course-layout", "x")


@pytest.mark.parametrize("words", [
    ("data", "--rows", "150"), ("data", "--data", "T"), ("eda", "--data", "T"),
    ("train", "--data", "T"), ("predict", "--data", "T", "--model", "M"),
    ("evaluate", "--data", "T", "--model", "M"), ("drift", "--data", "T", "--reference", "T"),
    ("drift", "--data", "T", "--reference", "T", "--model", "M")], ids=" ".join)
def test_the_bar_of_a_command_ends_full(words, home, tmp_path):
    places = {"T": str(home / "out/data/customers.csv"), "M": str(home / "out")}
    words = [places.get(word, word) for word in words]
    assert _call(home, *words, "--out", str(tmp_path)) in (0, 1)
    assert _steps_taken(tmp_path) == _steps_counted(home, *words)


def test_evaluate_finds_the_hold_out_again(home, tmp_path, capsys):
    shutil.copytree(home / "out", tmp_path / "out", symlinks=True)
    assert _call(home, "evaluate", "--data", str(tmp_path / "out/data/customers.csv"),
                 "--out", str(tmp_path / "out")) == 0
    printed = capsys.readouterr().out
    assert "hold-out of the training data, 270 customers" in printed
    released = json.loads(next((home / "out").glob("releases/2*/manifest.json")).read_text(
        encoding="utf-8"))
    assert f"ROC AUC {released['metrics']['roc_auc']:.4f}" in printed


def test_evaluate_takes_all_of_new_rows(home, tmp_path, capsys):
    generate_customers(500, seed=77).to_csv(tmp_path / "new.csv")
    assert _call(home, "evaluate", "--data", str(tmp_path / "new.csv"), "--out",
                 str(tmp_path / "o"), "--model", str(home / "out")) == 0
    assert "new rows, 500 customers" in capsys.readouterr().out


def test_rows_of_one_class_are_refused_by_the_name_of_their_table(home, tmp_path, capsys):
    customers = generate_customers(300, seed=7)
    customers[customers["Attrition_Flag"] == "Existing Customer"].to_csv(tmp_path / "loyal.csv")
    words = ("--data", str(tmp_path / "loyal.csv"), "--out", str(tmp_path / "o"))
    assert _call(home, "evaluate", *words, "--model", str(home / "out")) == 2
    assert _call(home, "train", *words) == 2
    refusals = [line for line in capsys.readouterr().err.splitlines() if ": loyal.csv: " in line]
    assert [line.split(":")[2][:6] for line in refusals] == [" all c", " 0 cus"]


def test_drift_has_no_score_where_all_customers_stayed(home, tmp_path, capsys):
    customers = generate_customers(300, seed=7)
    customers[customers["Attrition_Flag"] == "Existing Customer"][:30].to_csv(tmp_path / "few.csv")
    assert _call(home, "drift", "--reference", str(home / "out/data/customers.csv"), "--data",
                 str(tmp_path / "few.csv"), "--model", str(home / "out"), "--out",
                 str(tmp_path)) == 0
    assert capsys.readouterr().out.startswith("not enough data: ")


@pytest.mark.parametrize("rows", ["0", "-3", "99999999999"])
def test_a_number_of_rows_that_cannot_be_made_is_refused(tmp_path, rows, capsys):
    assert main(["data", "--rows", rows, "--out", str(tmp_path)]) == 2
    assert f"rows to generate: {rows} is not between" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_predict_scores_every_row_in_order(home, tmp_path):
    customers = generate_customers(300, seed=8)
    customers.drop(columns="Attrition_Flag").to_csv(tmp_path / "new.csv")
    target = tmp_path / "scored.csv"
    assert _call(home, "predict", "--data", str(tmp_path / "new.csv"), "--model",
                 str(home / "out"), "--out", str(tmp_path), "--predictions", str(target)) == 0
    scored = pd.read_csv(target)
    assert list(scored["CLIENTNUM"]) == list(customers["CLIENTNUM"])
    left = customers["Attrition_Flag"] == "Attrited Customer"
    assert scored.loc[left, "churn_probability"].mean() > scored.loc[
        ~left, "churn_probability"].mean() + 0.3


def test_drift_keeps_alike_tables_and_asks_about_a_broken_one(home, tmp_path, capsys):
    generate_customers(900, seed=5).to_csv(tmp_path / "alike.csv")
    words = ("--reference", str(home / "out/data/customers.csv"), "--out", str(tmp_path))
    assert _call(home, "drift", "--data", str(tmp_path / "alike.csv"), *words) == 0
    assert capsys.readouterr().out.startswith("keep: ")
    broken = generate_customers(900, seed=5)
    broken["Months_Inactive_12_mon"] = 3
    broken.to_csv(tmp_path / "broken.csv")
    assert _call(home, "drift", "--data", str(tmp_path / "broken.csv"), *words) == 1
    assert "Months_Inactive_12_mon" in capsys.readouterr().out


def test_drift_with_labels_retrains_when_the_score_fell(home, tmp_path, capsys):
    """Concept drift: the features stay as they are, the answers are partly drawn anew."""
    worn = generate_customers(3000, seed=6)
    drawn = worn["Attrition_Flag"].sample(frac=0.15, random_state=0)
    worn.loc[drawn.index, "Attrition_Flag"] = drawn.sample(frac=1, random_state=1).to_numpy()
    worn.to_csv(tmp_path / "worn.csv")
    assert _call(home, "drift", "--data", str(tmp_path / "worn.csv"), "--reference",
                 str(home / "out/data/customers.csv"), "--model", str(home / "out"),
                 "--out", str(tmp_path)) == 1
    assert capsys.readouterr().out.splitlines()[-2].startswith("retrain: AUC went from")


def test_data_says_what_it_made_and_eda_draws_it(home, tmp_path, capsys):
    assert _call(home, "data", "--rows", "150", "--seed", "3", "--out", str(tmp_path)) == 0
    made = tmp_path / "data" / "customers.csv"
    assert "150 generated customers" in capsys.readouterr().out
    assert len(pd.read_csv(made)) == 150
    assert _call(home, "data", "--data", str(made), "--out", str(tmp_path)) == 0
    assert "every rule of the schema holds" in capsys.readouterr().out
    assert _call(home, "eda", "--data", str(made), "--out", str(tmp_path)) == 0
    assert (tmp_path / "eda" / "index.html").is_file()


def test_fetch_refuses_an_empty_address(tmp_path, capsys):
    assert main(["fetch", "--source", "", "--out", str(tmp_path)]) == 2
    assert "an address starts with" in capsys.readouterr().err


def test_fetch_without_an_address_says_how_to_get_the_file(tmp_path, capsys):
    assert main(["fetch", "--out", str(tmp_path)]) == 1
    assert "by hand" in capsys.readouterr().out
