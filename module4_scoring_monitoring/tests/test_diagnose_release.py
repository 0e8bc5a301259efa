"""The release that serves is looked at: the link, the files, and what the ledger says."""

import os
from pathlib import Path

import pytest
from web_story import fitted, released

from riskwatch.deploy import deploy
from riskwatch.diagnose import diagnose
from riskwatch.diagnose_release import release_check
from riskwatch.ledger import Ledger
from riskwatch.manifest import ModelFacts, build_manifest
from riskwatch.store import point_current, save_release
from riskwatch.workplace import Workplace


def test_before_the_first_deployment_there_is_nothing_to_say(place: Workplace, ledger: Ledger
                                                             ) -> None:
    assert not release_check(place, ledger)


@pytest.fixture(name="version")
def deployed(place: Workplace, ledger: Ledger) -> str:
    """A release that serves."""
    version = released(place)
    deploy(place, ledger, version, "the first")
    return version


def said(place: Workplace, ledger: Ledger) -> tuple[str, str]:
    """Status and detail of the check."""
    found, = release_check(place, ledger)
    return found.status, found.detail


def test_a_sound_release_is_well(place: Workplace, ledger: Ledger, version: str) -> None:
    assert said(place, ledger) == ("ok", "") and release_check(place, ledger)[0].subject == version


@pytest.mark.parametrize("name", ["model.skops", "manifest.json"])
def test_one_changed_byte_is_found_and_does_not_end_the_diagnosis(
        place: Workplace, ledger: Ledger, version: str, name: str) -> None:
    path = place.releases / version / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    status, detail = said(place, ledger)
    assert status == "failed" and detail.endswith("; roll back")
    assert str(place.out) not in detail
    assert "release" in {entry.record.check for entry in diagnose(place, ledger)
                         if entry.record.status == "failed"}


def test_a_link_of_its_own_mind_is_found(place: Workplace, ledger: Ledger, version: str) -> None:
    other = released(place, seed=2)
    point_current(place, other)
    assert said(place, ledger)[0] == "failed" and other in said(place, ledger)[1]
    (place.releases / "current").unlink()
    os.symlink("../..", place.releases / "current")
    assert said(place, ledger) == ("failed", "the link names no release; deploy again")
    assert version not in said(place, ledger)[1]


def test_a_whole_release_with_another_model_is_not_the_one_that_was_deployed(
        place: Workplace, ledger: Ledger, version: str, tmp_path: Path) -> None:
    """Somebody wrote a manifest to fit another model: each agrees with the other."""
    facts = ModelFacts("logistic_regression", {}, 0.5, {}, "ab" * 32, 300, 0, 9)
    elsewhere = Workplace(tmp_path / "elsewhere", place.settings, place.clock)
    made = save_release(elsewhere, fitted("logistic_regression", 9), facts)
    folder = place.releases / version
    (folder / "model.skops").write_bytes((made.folder / "model.skops").read_bytes())
    (folder / "manifest.json").write_bytes(build_manifest(facts, version, made.model_sha256))
    assert said(place, ledger) == ("failed", "it is not the model that was deployed; roll back")
