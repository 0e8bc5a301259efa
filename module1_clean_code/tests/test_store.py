"""A release is whole or absent, and what changed since it was stored is not loaded."""

import hashlib
import io
import os
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from churn.canonical import model_to_bytes
from churn.errors import ModelFileError, OutputError
from churn.files import sha256_of_file
from churn.manifest import ModelFacts, build_manifest
from churn.store import load_model, save_model

NOON = datetime(2024, 5, 6, 12, 0, 7, tzinfo=UTC)
FACTS = ModelFacts("logistic_regression", {"C": 0.5, "penalty": None}, 0.25,
                   {"auc": 0.9, "f1": 0.5}, "ab" * 32, 42)
TABLE = np.array([[0.0, 1.0], [1.0, 0.5], [2.0, 0.0], [3.0, 3.0]])


def _model(c: float = 1.0) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(C=c)).fit(TABLE, [0, 0, 1, 1])


@pytest.fixture(name="release")
def _saved_release(tmp_path: Path) -> Path:
    return save_model(_model(), tmp_path, FACTS, NOON).folder


def _refusal(folder: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        load_model(folder)
    assert str(caught.value).isprintable()
    return str(caught.value)


def _forge(release: Path, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    (release / "model.skops").write_bytes(content)
    (release / "manifest.json").write_bytes(
        build_manifest(FACTS, f"20240506T120007Z-{digest[:8]}", digest))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """Model, facts, version and digest come back, by the store or by the release."""
    saved = save_model(_model(), tmp_path, FACTS, NOON)
    assert saved.version == f"20240506T120007Z-{saved.model_sha256[:8]}"
    assert saved.model_sha256 == sha256_of_file(saved.folder / "model.skops")
    assert sorted(os.listdir(saved.folder)) == ["manifest.json", "model.skops"]
    assert os.readlink(tmp_path / "releases" / "current") == saved.version
    for loaded in (load_model(tmp_path), load_model(saved.folder)):
        assert (loaded.release, loaded.facts) == (saved, FACTS)
        assert (loaded.model.predict_proba(TABLE) == _model().predict_proba(TABLE)).all()


def test_the_version_is_utc_whatever_the_clock_says(tmp_path: Path) -> None:
    ahead = NOON.astimezone(timezone(timedelta(hours=2)))
    assert save_model(_model(), tmp_path, FACTS, ahead).version.startswith("20240506T120007Z-")
    with pytest.raises(ValueError, match="time zone"):
        save_model(_model(), tmp_path, FACTS, NOON.replace(tzinfo=None))


def test_saving_again_at_the_same_second_changes_nothing(tmp_path: Path) -> None:
    """The same model and facts are the same release, byte for byte."""
    first = save_model(_model(), tmp_path, FACTS, NOON)
    before = [path.stat().st_mtime_ns for path in sorted(first.folder.iterdir())]
    assert save_model(_model(), tmp_path, FACTS, NOON) == first
    assert [path.stat().st_mtime_ns for path in sorted(first.folder.iterdir())] == before


def test_a_release_is_never_overwritten_with_other_content(tmp_path: Path) -> None:
    """A damaged release of the same name is reported, not mended in silence."""
    damaged = save_model(_model(), tmp_path, FACTS, NOON).folder
    (damaged / "manifest.json").write_bytes(b"{}")
    with pytest.raises(OutputError, match="exists with other content"):
        save_model(_model(), tmp_path, FACTS, NOON)


def test_the_release_stored_last_is_current_and_the_old_one_stays(tmp_path: Path) -> None:
    """Going back is a matter of naming the older folder."""
    old, new = (save_model(_model(c), tmp_path, FACTS, NOON + timedelta(days=c))
                for c in (1, 2))
    assert (load_model(tmp_path).release, load_model(old.folder).release) == (new, old)


def test_eight_savers_at_once_leave_whole_releases_and_no_rest(tmp_path: Path) -> None:
    """Each release loads; nothing hidden remains."""
    with ThreadPoolExecutor(8) as pool:
        saved = set(pool.map(lambda c: save_model(_model(c), tmp_path, FACTS, NOON),
                             [1.0, 2.0, 3.0, 4.0] * 2))
    assert {load_model(release.folder).release for release in saved} == saved
    assert sorted(os.listdir(tmp_path / "releases")) == sorted(
        ["current", *(release.version for release in saved)])


@pytest.mark.parametrize("name", ["model.skops", "manifest.json"])
def test_every_flipped_byte_is_detected(release: Path, name: str,
                                        say: Callable[[str], None]) -> None:
    whole = (release / name).read_bytes()
    rng, detected = np.random.default_rng(11), 0
    for place in rng.choice(len(whole), 200, replace=False):
        damaged = bytearray(whole)
        damaged[place] ^= int(rng.integers(1, 256))
        (release / name).write_bytes(damaged)
        detected += _refusal(release).startswith("cannot use the model file ")
    assert detected == 200
    say(f"{name}: {detected} of 200 flipped bytes detected")


@pytest.mark.parametrize("name", ["model.skops", "manifest.json"])
def test_every_truncated_or_lengthened_copy_is_detected(release: Path, name: str) -> None:
    whole = (release / name).read_bytes()
    for content in [whole + b"\n", *(whole[:len(whole) * part // 20] for part in range(20))]:
        (release / name).write_bytes(content)
        _refusal(release)


def _zip_of(content: bytes) -> bytes:
    with ZipFile(buffer := io.BytesIO(), "w") as archive:
        archive.writestr("schema.json", content)
    return buffer.getvalue()


RUNS_TOUCH = "cposix\nsystem\n(S'touch {canary}'\ntR."
HOSTILE: dict[str, Callable[[bytes, Path], bytes]] = {
    "pickle": lambda code, _: code,
    "packed joblib": lambda code, _: zlib.compress(code),
    "pickle in a zip": lambda code, _: _zip_of(code),
    "skops": lambda _, canary: skops.io.dumps([os.system, f"touch {canary}"]),
    "nothing": lambda *_: b"",
    "deep": lambda *_: _zip_of(b"[" * 100_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_model_files_run_nothing_even_with_a_right_digest(
        release: Path, tmp_path: Path, name: str) -> None:
    canary = tmp_path / "canary"
    _forge(release, HOSTILE[name](RUNS_TOUCH.format(canary=canary).encode(), canary))
    assert "digest" not in _refusal(release)
    assert not canary.exists()


def test_a_model_of_another_release_is_refused(tmp_path: Path, release: Path) -> None:
    """Two good halves do not make a release."""
    other = save_model(_model(9.0), tmp_path, FACTS, NOON).folder
    os.replace(other / "model.skops", release / "model.skops")
    assert "its digest is not the one in the manifest" in _refusal(release)
    (other / "model.skops").write_bytes(model_to_bytes(_model()))
    (other / "manifest.json").write_bytes(build_manifest(FACTS, release.name, "0" * 64))
    assert "its digest is not the one in the manifest" in _refusal(other)


def test_only_regular_files_are_read(release: Path) -> None:
    """Links, pipes, folders and absent files are refused, and nothing waits."""
    for path in (release / "model.skops", release / "manifest.json"):
        os.rename(path, release / "real")
        path.symlink_to("real")
        _refusal(release)
        path.unlink()
        os.mkfifo(path)
        assert "not a regular file" in _refusal(release)
        path.unlink()
        _refusal(release)
        path.mkdir()
        _refusal(release)
        path.rmdir()
        os.rename(release / "real", path)
    load_model(release)


def test_files_beyond_the_limit_are_refused(
        release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge file costs no more memory than the limit."""
    size = (release / "model.skops").stat().st_size
    monkeypatch.setattr("churn.store.MAX_MODEL_BYTES", size - 1)
    assert f"larger than {size - 1} bytes" in _refusal(release)


def test_a_store_without_a_current_release_says_so(tmp_path: Path, release: Path) -> None:
    """An empty folder, a lost link and a link out of the store are told apart from a model."""
    assert "No such file" in _refusal(tmp_path / "absent")
    link = tmp_path / "releases" / "current"
    link.unlink()
    assert "no current model" in _refusal(tmp_path)
    link.symlink_to(f"../releases/{release.name}")
    assert "does not name a release" in _refusal(tmp_path)
