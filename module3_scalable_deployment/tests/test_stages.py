"""The first stages leave the files that the next ones and DVC expect."""

import json
import shutil

import pandas as pd
import pytest
from census_tables import NAMES, many_rows, table_text

from census.cli import main
from census.data import load_rows


@pytest.fixture(name="call")
def call_fixture(whole_run, tmp_path):
    """Run a command on a copy of the whole run's results."""
    out = tmp_path / "out"
    shutil.copytree(whole_run / "out", out, symlinks=True)

    def call(*words):
        return main([*words, "--params", str(whole_run / "quick.yaml"), "--out", str(out)])

    return call, out


def test_prepared_rows_are_the_table_without_its_repetitions(whole_run):
    out = whole_run / "out"
    rows = load_rows(out / "data" / "census.csv")
    parts = [load_rows(out / "prepared" / f"{name}.csv") for name in ("train", "test")]
    summary = json.loads((out / "prepared" / "summary.json").read_text(encoding="utf-8"))
    assert summary["repeated_rows"] == rows.duplicated().sum() > 0
    assert [summary["train_rows"], summary["test_rows"]] == list(map(len, parts))
    both = pd.concat(parts).sort_values(NAMES, ignore_index=True)
    pd.testing.assert_frame_equal(both, rows.drop_duplicates().sort_values(NAMES,
                                                                           ignore_index=True))


def test_metrics_say_what_the_predictions_say(whole_run):
    folder = whole_run / "out" / "evaluation"
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    table = pd.read_csv(folder / "predictions.csv", keep_default_na=False)
    assert metrics["rows"] == len(table)
    hits = (table["label"] & table["predicted"]).sum()
    assert metrics["figures"]["recall"]["value"] == pytest.approx(hits / table["label"].sum(),
                                                                  abs=1e-6)
    assert ((table["score"] >= metrics["threshold"]) == (table["predicted"] == 1)).all()


@pytest.mark.parametrize("stage", ["prepare", "train", "evaluate"])
def test_a_stage_that_runs_again_leaves_the_same_bytes(call, stage):
    run, out = call
    folder = {"prepare": "prepared", "train": "model", "evaluate": "evaluation"}[stage]
    before = {path: path.read_bytes() for path in (out / folder).iterdir()}
    assert run(stage) == 0
    assert {path: path.read_bytes() for path in (out / folder).iterdir()} == before
    assert len(before) >= 3


@pytest.mark.parametrize("layout", ["tidy", "public"])
def test_the_users_own_table_takes_the_generated_ones_place(call, tmp_path, layout):
    run, out = call
    own = tmp_path / "own.csv"
    own.write_text(table_text(layout, many_rows(300)), encoding="utf-8")
    assert run("generate", "--data", str(own)) == 0
    assert (out / "data" / "census.csv").read_bytes() == own.read_bytes()
    manifest = json.loads((out / "data" / "census.manifest.json").read_text(encoding="utf-8"))
    assert manifest["source"] == "own.csv" and manifest["rows"] == 300
    for stage in ("prepare", "train", "evaluate"):
        assert run(stage) == 0


def test_a_bad_table_of_the_user_leaves_the_old_one(call, tmp_path):
    run, out = call
    before = (out / "data" / "census.csv").read_bytes()
    own = tmp_path / "own.csv"
    own.write_text(table_text() + "x\n", encoding="utf-8")
    assert run("generate", "--data", str(own)) == 2
    assert (out / "data" / "census.csv").read_bytes() == before


def test_a_damaged_model_is_not_evaluated(call, capsys):
    run, out = call
    path = out / "model" / "model.skops"
    path.write_bytes(path.read_bytes()[:-1])
    assert run("evaluate") == 2
    assert "digest" in capsys.readouterr().err


def test_data_says_what_a_table_holds(call, capsys):
    run, _ = call
    assert run("data") == 0
    said = capsys.readouterr().out
    assert "2500 rows, 1 repeated" in said and "every rule of the schema holds" in said
