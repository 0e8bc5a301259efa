"""The search: which combinations it compares, and what it says of them."""

import ast
import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest
from mlflow import MlflowClient

from quick import WORDS, run_captured

from rentals.cli import build_parser
from rentals.errors import SettingsError
from rentals.search import find_points
from rentals.tracking_address import local_uri

RIDGE = "search.candidate=ridge"


def test_words_with_several_values_are_the_points():
    points = find_points([RIDGE, "seed=7", "model.ridge.alpha=1,10,100"])
    assert list(points) == [f"model.ridge.alpha={value}" for value in (1, 10, 100)]
    assert [one.model.ridge.alpha for one in points.values()] == [1, 10, 100]
    assert {one.seed for one in points.values()} == {7}


def test_without_such_words_the_space_of_the_settings_is_searched():
    assert len(find_points([])) == 18
    points = find_points([RIDGE, "search.space=['model.ridge.alpha=2,3']"])
    assert [one.model.ridge.alpha for one in points.values()] == [2, 3]
    chosen = find_points(["search=averaged_boosting", "search.most_points=2"])
    assert len(chosen) == 2 and all("learning_rate" in words for words in chosen)


def test_of_too_many_points_some_are_drawn_by_the_seed():
    words = [RIDGE, "model.ridge.alpha=1,2,3,4,5,6,7,8,9", "search.most_points=4"]
    drawn = list(find_points(words))
    assert len(drawn) == 4 and drawn == list(find_points(words)) == sorted(drawn)
    assert drawn != list(find_points([*words, "seed=1"]))


@pytest.mark.parametrize(("words", "said"), [
    (["model.ridge.alpha=1,10"], "random_forest does not depend on model.ridge.alpha"),
    ([RIDGE, "seed=1,2"], "ridge does not depend on seed"),
    ([RIDGE, "search.folds=2,3"], "ridge does not depend on search.folds"),
    ([RIDGE, "model.ridge.alpha=1,-1"], "model.ridge.alpha: -1"),
    (["search.space=[alpha]"], "settings"),
    (["search.backend=spark"], "search.backend"),
])
def test_what_cannot_be_compared_is_refused(words, said):
    with pytest.raises(SettingsError, match=said):
        find_points(words)


def test_the_command_prints_writes_and_records_the_best_first(home, tmp_path):
    shutil.copytree(home / "out" / "artifacts", tmp_path / "artifacts")
    words = [*WORDS, RIDGE, "search.folds=3", "search.jobs=1", "model.ridge.alpha=1,1000000"]
    code, said = run_captured(["search", "--out", str(tmp_path), *words])
    assert code == 0, said
    with (tmp_path / "search" / "ridge.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["settings"].rpartition("=")[2] for row in rows] == ["1", "1000000"]
    assert float(rows[0]["mae"]) < float(rows[1]["mae"])
    assert all(float(row["worst fold"]) >= float(row["mae"]) for row in rows)
    lines = [line.split() for line in said.splitlines()]
    assert [rows[0]["mae"], rows[0]["worst fold"], rows[0]["r2"], rows[0]["settings"]] in lines
    client = MlflowClient(local_uri(tmp_path))
    runs = client.search_runs([client.get_experiment_by_name("rentals").experiment_id])
    children = [run for run in runs if "mlflow.parentRunId" in run.data.tags]
    assert {f"{run.data.metrics['mean_absolute_error']:.4f}" for run in children} == {
        row["mae"] for row in rows}
    parent = next(run for run in runs if run not in children)
    assert parent.info.status == "FINISHED"
    assert f"{parent.data.metrics['best_mean_absolute_error']:.4f}" == rows[0]["mae"]


def test_the_page_shows_commands_and_programs_that_are_understood():
    text = (Path(__file__).parents[1] / "deploy" / "search.md").read_text("utf-8")
    blocks = re.findall(r"^```(sh|python)\n(.*?)^```", text, re.M | re.S)
    commands = [shlex.split(line, comments=True) for kind, block in blocks if kind == "sh"
                for line in block.splitlines() if line.startswith("rentals ")]
    searches = [words[2:] for words in commands if words[1] == "search"]
    assert len(searches) == 4
    for words in searches:
        assert find_points([*words, "search.most_points=1"])
    for words in commands:
        assert build_parser().parse_args(words[1:]).command == words[1]
    programs = [block for kind, block in blocks if kind == "python"]
    assert len(programs) == 2 and all(ast.parse(block) for block in programs)


def test_without_rows_to_learn_from_the_artifact_is_named(tmp_path):
    code, said = run_captured(["search", "--out", str(tmp_path), RIDGE, "model.ridge.alpha=1,2"])
    assert code == 2 and "trainval_data.csv" in said and "Traceback" not in said
