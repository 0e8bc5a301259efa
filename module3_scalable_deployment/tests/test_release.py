"""A release appears whole, is put in service by one link, and can be gone back from."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from served_models import NOON, facts, release_files, release_into

from census.errors import ModelFileError, OutputError
from census.manifest import MANIFEST_NAME
from census.release import make_release, promote, rollback
from census.release_reader import current_version, list_versions, open_release


def test_a_release_holds_its_files_and_is_in_service(tmp_path: Path) -> None:
    found = make_release(tmp_path, release_files(), facts(), NOON)
    assert found.version.startswith("20240506T120007Z-")
    assert set(os.listdir(found.folder)) == {*release_files(), MANIFEST_NAME}
    assert os.readlink(tmp_path / "releases" / "current") == found.version
    assert {name: found.read(name) for name in release_files()} == release_files()
    assert open_release(tmp_path).manifest.facts == facts()


def test_the_same_release_twice_is_one(tmp_path: Path) -> None:
    first, second = (make_release(tmp_path, release_files(), facts(), NOON) for _ in range(2))
    assert first == second and list_versions(tmp_path) == [first.version]


def test_another_release_of_the_same_name_is_refused(tmp_path: Path) -> None:
    make_release(tmp_path, release_files(), facts(), NOON)
    with pytest.raises(OutputError, match="exists with other content"):
        make_release(tmp_path, release_files(), facts(9), NOON)


@pytest.mark.parametrize("files", [
    {}, {"model.skops": b""}, {"serving.json": b""}, {**release_files(), MANIFEST_NAME: b""}])
def test_a_release_without_its_two_files_is_none(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(ValueError):
        make_release(tmp_path, files, facts(), NOON)
    assert not list_versions(tmp_path)


@pytest.mark.parametrize("name", ["../evil", "a/b", ".hidden", "UPPER", ""])
def test_no_file_leaves_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        make_release(tmp_path, {**release_files(), name: b"x"}, facts(), NOON)


def test_a_clock_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        make_release(tmp_path, release_files(), facts(), datetime(2024, 1, 1))


def test_promote_and_rollback_move_the_link(tmp_path: Path) -> None:
    versions = [release_into(tmp_path, seed) for seed in range(3)]
    assert list_versions(tmp_path) == versions
    assert current_version(tmp_path) == versions[2]
    assert rollback(tmp_path).version == current_version(tmp_path) == versions[1]
    assert rollback(tmp_path).version == current_version(tmp_path) == versions[0]
    with pytest.raises(ModelFileError, match="nothing to go back to"):
        rollback(tmp_path)
    assert promote(tmp_path, versions[2]).version == current_version(tmp_path) == versions[2]


@pytest.mark.parametrize("name", [*release_files(), MANIFEST_NAME])
def test_a_release_with_one_changed_byte_is_not_promoted(tmp_path: Path, name: str) -> None:
    good, bad = release_into(tmp_path, 0), release_into(tmp_path, 1)
    promote(tmp_path, good)
    path = tmp_path / "releases" / bad / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError):
        promote(tmp_path, bad)
    assert current_version(tmp_path) == good


@pytest.mark.parametrize("version", ["..", "current", "", "20240506T120007Z-00000000", "a\nb"])
def test_what_is_no_release_is_not_promoted(tmp_path: Path, version: str) -> None:
    good = release_into(tmp_path)
    with pytest.raises(ModelFileError):
        promote(tmp_path, version)
    assert current_version(tmp_path) == good


def test_releases_of_different_seconds_stand_in_the_order_of_time(tmp_path: Path) -> None:
    for days in (3, 1, 2):
        make_release(tmp_path, release_files(), facts(), NOON + timedelta(days=days))
    assert [version[:8] for version in list_versions(tmp_path)] == [
        "20240507", "20240508", "20240509"]
