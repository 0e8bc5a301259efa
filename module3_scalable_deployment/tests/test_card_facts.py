"""The card's facts are the run's files, checked, each with its digest."""

import hashlib

import pytest
from card_run import files, write_run

from census.errors import CensusError
from census.places import Places
from census.training.card_facts import read_facts

STAGES = {"data/census.manifest.json": "generate", "prepared/summary.json": "prepare",
          "model/manifest.json": "train", "evaluation/metrics.json": "evaluate",
          "slices/slices.json": "slices", "bias/fairness.json": "bias"}


def test_facts_are_those_of_the_files(tmp_path):
    facts = read_facts(Places(write_run(tmp_path, files())))
    assert facts.data.planted is not None and facts.data.planted.relabelled_rows == 1234
    assert (facts.prepared.test_rows, facts.record.seed) == (100, 7)
    assert facts.metrics.figures["roc_auc"].value == 0.91234
    assert [each.value for each in facts.slices.slices] == ["(all rows)", "Female", "Other",
                                                            "Armed-Forces", "Sales"]
    assert facts.fairness.findings[0].ratio == 0.25


def test_every_file_has_its_digest(tmp_path):
    facts = read_facts(Places(write_run(tmp_path, files())))
    assert facts.digests == {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
                             for name in STAGES}


@pytest.mark.parametrize("name", STAGES)
def test_a_missing_file_says_which_stage_to_run(tmp_path, name):
    (write_run(tmp_path, files()) / name).unlink()
    with pytest.raises(CensusError, match=f"run `census {STAGES[name]}` first"):
        read_facts(Places(tmp_path))


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"{\"rows\": \"many\"}", b"\xff\xfe"])
def test_a_damaged_file_says_which_stage_to_run_again(tmp_path, name, content):
    (write_run(tmp_path, files()) / name).write_bytes(content)
    with pytest.raises(CensusError, match=f"run `census {STAGES[name]}` again") as caught:
        read_facts(Places(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_number_that_is_not_finite_is_refused(tmp_path):
    content = files()
    content["evaluation/metrics.json"]["figures"]["roc_auc"]["value"] = float("nan")
    write_run(tmp_path, content)
    with pytest.raises(CensusError, match="figures.roc_auc.value"):
        read_facts(Places(tmp_path))
