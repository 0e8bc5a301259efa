"""The card beside the README is one that a run made, with the words that are kept now.

Whether it is of the newest run is what `census card --check` says; the workflow `ci` asks it on
Python 3.12 after `dvc repro`.
"""

import hashlib
import re
from pathlib import Path

import pytest
import yaml

from census.training.card_file import compare

MODULE = Path(__file__).parents[1]
CARD = MODULE / "model_card.md"
TEXT = CARD.read_text(encoding="utf-8")
DIGESTS = dict(re.findall(r"^\| (\S+) \| ([0-9a-f]{64}) \|$", TEXT, re.M))


def test_nobody_has_edited_it():
    body, _, seal = TEXT.rpartition("<!-- ")
    found = re.search("[0-9a-f]{64}", seal)
    assert found and hashlib.sha256(body.encode()).hexdigest() == found.group()
    assert compare(CARD, TEXT).is_fresh


def test_an_edit_would_be_found(tmp_path):
    edited = tmp_path / "model_card.md"
    figure = re.search(r"0\.\d{3,}", TEXT)
    assert figure
    edited.write_text(TEXT.replace(figure.group(), "0.999", 1), encoding="utf-8")
    verdict = compare(edited, TEXT)
    assert not verdict.is_fresh and "by hand" in verdict.words


def test_it_is_of_the_reference_python_and_of_the_words_that_are_kept():
    assert "python 3.12" in TEXT
    prose = hashlib.sha256((MODULE / "config" / "model_card_prose.md").read_bytes()).hexdigest()
    assert DIGESTS["config/model_card_prose.md"] == prose


@pytest.mark.parametrize("name", ["prepared/summary.json", "model/manifest.json",
                                  "evaluation/metrics.json"])
def test_it_names_the_files_of_the_pipeline(name):
    stages = yaml.safe_load((MODULE / "dvc.lock").read_text(encoding="utf-8"))["stages"]
    made = {entry["path"] for stage in stages.values() for entry in stage.get("outs", [])}
    assert name in DIGESTS and f"build/{name}" in made
