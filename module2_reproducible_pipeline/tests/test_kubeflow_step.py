"""The step as Kubeflow calls it: files in, files out, and the bytes of the usual run."""

import json
import shlex
from pathlib import Path

import pytest

from quick import WORDS

from rentals.artifacts import Store
from rentals.contents import content_of
from rentals.kubeflow_step import main

SETTINGS = shlex.join(WORDS)


def _digest(path):
    return content_of(path).digest


def _step(title, *argv, settings=SETTINGS):
    return main([title, "--settings", settings, *map(str, argv)])


def test_steps_pass_files_on_and_make_the_bytes_of_the_usual_run(home, tmp_path):
    assert _step("fetch", "--output", "sample.csv", tmp_path / "a" / "sample",
                 "--output", "sample.manifest.json", tmp_path / "b") == 0
    assert _step("clean", "--input", "sample", tmp_path / "a" / "sample",
                 "--output", "clean_sample.csv", tmp_path / "c",
                 "--output", "dropped_rows.csv", tmp_path / "d") == 0
    # Without a reference the table is compared with itself, as in the first run of all.
    assert _step("check", "--input", "listings", tmp_path / "c",
                 "--output", "check_report", tmp_path / "e") == 0
    store = Store(home / "out" / "artifacts")
    for name, made in (("sample.csv", "a/sample"), ("sample.manifest.json", "b"),
                       ("clean_sample.csv", "c"), ("dropped_rows.csv", "d"),
                       ("check_report", "e")):
        assert _digest(tmp_path / made) == store.find(f"{name}:latest").digest


def test_kubeflow_is_told_what_was_made_with_its_metrics(tmp_path):
    one = {"name": "sample_csv", "uri": "/somewhere/sample_csv"}
    expected = {"outputs": {"outputFile": str(tmp_path / "told" / "output.json"),
                            "artifacts": {"sample_csv": {"artifacts": [one]}}}}
    assert _step("fetch", "--executor-input", json.dumps(expected),
                 "--output", "sample.csv", tmp_path / "a",
                 "--output", "sample.manifest.json", tmp_path / "b") == 0
    told = json.loads((tmp_path / "told" / "output.json").read_text("utf-8"))
    assert told == {"artifacts": {"sample_csv": {"artifacts": [
        {**one, "metadata": {"rows": 700}}]}}}


def test_a_check_that_says_no_still_hands_over_its_report(home, tmp_path, capsys):
    listings = Store(home / "out" / "artifacts").find("clean_sample.csv:latest").path
    assert _step("check", "--input", "listings", listings, "--output", "check_report",
                 tmp_path / "report", settings=f"{SETTINGS} checks.max_price=11") == 1
    assert "price_range" in capsys.readouterr().err
    assert "failed   price_range" in (tmp_path / "report" / "report.txt").read_text("utf-8")


@pytest.mark.parametrize(("title", "argv", "settings", "said"), [
    ("sweep", (), "", "there is no step 'sweep'"),
    ("train ridge", (), "model.candidates=[median]", "there is no step 'train ridge'"),
    ("clean", ("--input", "sample", "x"), "", "clean takes sample and makes clean_sample.csv"),
    ("clean", ("--output", "clean_sample.csv", "x", "--output", "dropped_rows.csv", "y"), "",
     "clean takes sample"),
    ("fetch", (), "seed='1", "No closing quotation"),
    ("fetch", (), "seed=one", "setting seed"),
])
def test_bad_calls_are_refused_in_one_line(capsys, title, argv, settings, said):
    assert _step(title, *argv, settings=settings) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1


def test_a_missing_file_is_named(tmp_path, capsys):
    assert _step("explore", "--input", "sample", tmp_path / "gone.csv",
                 "--output", "exploration", tmp_path / "x") == 2
    assert "gone.csv" in capsys.readouterr().err
    assert not Path(tmp_path / "x").exists()
