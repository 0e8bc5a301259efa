"""A release is whole or absent, and what changed since it was stored is not loaded."""

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from riskwatch.errors import ModelFileError, OutputError
from riskwatch.manifest import ModelFacts, build_manifest
from riskwatch.store import (Release, check_release, current_version, load_release, point_current,
                             remove_release, save_release, stored_versions)
from riskwatch.workplace import Workplace

FACTS = ModelFacts("logistic_regression", {}, 0.5, {"f1": 0.5}, "ab" * 32, 20, 9, 1)
TABLE = np.array([[0.0, 1.0, 2.0], [1.0, 0.5, 0.0], [2.0, 0.0, 1.0], [3.0, 3.0, 3.0]])
MODEL: Any = LogisticRegression().fit(TABLE, [0, 0, 1, 1])


@pytest.fixture(name="release")
def saved_release(place: Workplace) -> Release:
    """A stored model that does not serve yet."""
    return save_release(place, MODEL, FACTS)


def test_what_is_stored_is_loaded_by_version_or_by_the_link(place: Workplace, release: Release
                                                            ) -> None:
    assert release.version == f"20260301T120001Z-{release.model_sha256[:8]}"
    stored = load_release(place, release.version)
    assert stored.facts == FACTS and stored.release == release
    np.testing.assert_array_equal(stored.model.predict_proba(TABLE), MODEL.predict_proba(TABLE))
    with pytest.raises(ModelFileError, match="no model serves"):
        load_release(place)
    point_current(place, release.version)
    assert current_version(place) == release.version
    assert load_release(place).release == release
    assert os.readlink(place.releases / "current") == release.version


def test_flipped_bytes_are_found_before_anything_is_parsed(place: Workplace, release: Release
                                                           ) -> None:
    for name in ("model.skops", "manifest.json"):
        path = release.folder / name
        good = path.read_bytes()
        for where in np.linspace(0, len(good) - 1, 100).astype(int):
            changed = bytearray(good)
            changed[where] ^= 4
            path.write_bytes(changed)
            with pytest.raises(ModelFileError, match="cannot use the model file"):
                check_release(place, release.version)
        path.write_bytes(good)
    assert check_release(place, release.version).facts == FACTS


def test_a_pickle_with_fitting_digests_runs_nothing(place: Workplace, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    content = b"cposix\nsystem\n(S'touch " + bytes(canary) + b"'\ntR."
    digest = hashlib.sha256(content).hexdigest()
    version = f"20260101T000000Z-{digest[:8]}"
    folder = place.releases / version
    folder.mkdir(parents=True)
    (folder / "model.skops").write_bytes(content)
    (folder / "manifest.json").write_bytes(build_manifest(FACTS, version, digest))
    with pytest.raises(ModelFileError, match="not a readable model"):
        load_release(place, version)
    assert not canary.exists()


@pytest.mark.parametrize("target", ["../elsewhere", "/etc", "none", "20260101T000000Z-0000000",
                                    "20260101T000000Z-00000000/../x"])
def test_a_link_out_of_the_store_is_not_followed(place: Workplace, release: Release,
                                                 target: str) -> None:
    os.symlink(target, place.releases / "current")
    with pytest.raises(ModelFileError, match="is no release"):
        load_release(place)
    assert release.folder.exists()


def test_links_pipes_and_folders_in_the_place_of_files_are_refused(
        place: Workplace, release: Release, tmp_path: Path) -> None:
    path = release.folder / "model.skops"
    good = path.read_bytes()
    (tmp_path / "good").write_bytes(good)
    for make in (lambda: path.symlink_to(tmp_path / "good"), lambda: os.mkfifo(path),
                 path.mkdir):
        path.unlink()
        make()
        with pytest.raises(ModelFileError):
            load_release(place, release.version)
        if path.is_dir():
            path.rmdir()
            path.touch()


def test_the_same_model_at_the_same_second_is_the_same_release(place: Workplace, release: Release
                                                               ) -> None:
    still = Workplace(place.out, place.settings, lambda: place.clock().replace(second=1))
    assert save_release(still, MODEL, FACTS) == release
    (release.folder / "manifest.json").write_bytes(b"other")
    with pytest.raises(OutputError, match="exists with other content"):
        save_release(still, MODEL, FACTS)


def test_a_removed_release_leaves_nothing(place: Workplace, release: Release) -> None:
    other = save_release(place, MODEL, FACTS)
    assert stored_versions(place) == (release.version, other.version)
    remove_release(place, release.version)
    assert stored_versions(place) == (other.version,)
    assert sorted(os.listdir(place.releases)) == [other.version]
