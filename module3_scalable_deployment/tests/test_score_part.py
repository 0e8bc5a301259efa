"""A part is scored as the service would, whole or not at all, and once."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
import requests
from part_files import whole_rows, write_part
from running_service import service
from served_models import form, release_into

from census.release_reader import RELEASES
from census.schema import FEATURES
from census.score_part import Outcome, Part, score_part
from census.serving.scorer import Scorer

ROWS = whole_rows(300, seed=6)


@pytest.fixture(name="folder")
def folder_fixture(tmp_path):
    """A folder with a release and two files of the same rows."""
    release_into(tmp_path)
    for name in ("a.csv", "b.parquet"):
        write_part(tmp_path / "data" / name, ROWS)
    return tmp_path


def part_of(folder, name):
    """Return a part of the folder, for the release in service."""
    version = (folder / RELEASES / "current").readlink().name
    (folder / "scores").mkdir(exist_ok=True)
    return Part(str(folder / "data" / name), str(folder / "scores" / name), str(folder), version)


def test_csv_and_parquet_hold_the_probabilities_of_the_scorer(folder):
    scorer = Scorer(form())
    expected = [scorer.probability(row) for row in ROWS[list(FEATURES)].itertuples(index=False)]
    labels = [">50K" if value >= scorer.threshold else "<=50K" for value in expected]
    assert len(set(labels)) == 2
    for name in ("a.csv", "b.parquet"):
        assert score_part(part_of(folder, name)).rows == 300
    with open(folder / "scores" / "a.csv", encoding="ascii", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["row", "label", "probability"]
    assert [(int(row), label, float(value)) for row, label, value in lines[1:]] == list(
        zip(range(1, 301), labels, expected))
    table = pd.read_parquet(folder / "scores" / "b.parquet")
    assert table["label"].tolist() == labels and table["probability"].tolist() == expected


def test_csv_answers_are_the_bytes_of_the_service(folder):
    score_part(part_of(folder, "a.csv"))
    with service(folder) as running:
        answer = requests.post(f"{running.address}/v1/predictions/csv", timeout=20,
                               data=(folder / "data" / "a.csv").read_bytes(),
                               headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200
    assert answer.content == (folder / "scores" / "a.csv").read_bytes()


@pytest.mark.parametrize("name", ["a.csv", "b.parquet"])
def test_a_part_that_is_done_is_not_done_again(name, folder):
    part = part_of(folder, name)
    first = score_part(part)
    written = (folder / "scores" / name).stat().st_mtime_ns
    again = score_part(part)
    assert again == Outcome(name, 300, first.sha256, was_done=True)
    assert (folder / "scores" / name).stat().st_mtime_ns == written


@pytest.mark.parametrize("change", ["rows", "model", "answers", "receipt", "torn receipt"])
def test_a_part_is_done_again_when_anything_it_rests_on_has_changed(change, folder):
    first, target = score_part(part_of(folder, "a.csv")), folder / "scores" / "a.csv"
    receipt = folder / "scores" / "a.csv.json"
    if change == "rows":
        write_part(folder / "data" / "a.csv", ROWS[:200])
    elif change == "model":
        release_into(folder, seed=1)
    elif change == "answers":
        target.write_bytes(target.read_bytes()[:-9])
    elif change == "receipt":
        receipt.unlink()
    else:
        receipt.write_bytes(receipt.read_bytes()[:40])
    again = score_part(part_of(folder, "a.csv"))
    assert not again.was_done and not again.fault
    assert (again.sha256 == first.sha256) is (change not in ("rows", "model"))
    assert json.loads(receipt.read_bytes())["sha256"] == again.sha256


@pytest.mark.parametrize(("name", "said"), [
    ("a.csv", "a.csv: line 251, column sex: one of Female, Male"),
    ("b.parquet", "b.parquet, row 250, column sex: must be one of Female, Male")])
def test_a_fault_is_told_and_leaves_nothing(name, said, folder):
    write_part(folder / "data" / name, ROWS.assign(
        sex=ROWS["sex"].where(ROWS.index != 249, "X")))
    outcome = score_part(part_of(folder, name))
    assert outcome.fault == str(folder / "data" / said) and outcome.rows == 0
    assert not list((folder / "scores").iterdir())


def test_a_missing_file_and_a_damaged_release_are_told(folder):
    part = part_of(folder, "none.csv")
    assert "none.csv" in score_part(part).fault
    serving = Path(part.out) / RELEASES / part.version / "serving.json"
    serving.write_bytes(serving.read_bytes().replace(b"4", b"5"))
    write_part(folder / "data" / "none.csv", ROWS)
    # The release was not read in this process before: its folder is a fresh one.
    assert "digest" in score_part(part).fault
