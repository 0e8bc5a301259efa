"""A release is read only if nothing of it changed, and only from its own folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from served_models import release_files, release_into

from census.errors import ModelFileError
from census.manifest import MANIFEST_NAME
from census.release_reader import current_version, list_versions, open_release


def test_any_flipped_byte_is_found(tmp_path: Path, say: Callable[[str], None]) -> None:
    """200 places in the files of a release, each changed once."""
    version = release_into(tmp_path)
    folder = tmp_path / "releases" / version
    found = 0
    for name in [*release_files(), MANIFEST_NAME]:
        whole = (folder / name).read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 90)):
            changed = bytearray(whole)
            changed[place] ^= 1 << place % 8
            (folder / name).write_bytes(changed)
            with pytest.raises(ModelFileError):
                open_release(tmp_path).check()
            found += 1
        (folder / name).write_bytes(whole)
    open_release(tmp_path).check()
    say(f"releases: {found} flipped bytes, all found")
    assert found >= 200


@pytest.mark.parametrize("name", ["serving.json", MANIFEST_NAME])
def test_links_pipes_and_missing_files_are_refused(tmp_path: Path, name: str) -> None:
    version = release_into(tmp_path)
    path = tmp_path / "releases" / version / name
    content = path.read_bytes()
    path.unlink()
    other = tmp_path / "elsewhere"
    other.write_bytes(content)
    for replace in (lambda: None, lambda: path.symlink_to(other), lambda: os.mkfifo(path),
                    path.mkdir):
        if os.path.lexists(path):
            path.unlink()
        replace()
        with pytest.raises(ModelFileError):
            open_release(tmp_path).check()


def test_a_file_that_the_manifest_does_not_name_is_not_read(tmp_path: Path) -> None:
    release_into(tmp_path)
    found = open_release(tmp_path)
    (found.folder / "extra.json").write_text("{}")
    with pytest.raises(ModelFileError, match="not among its files"):
        found.read("extra.json")


@pytest.mark.parametrize("target", ["..", "/etc", "20240506T120007Z-0000000", "a/b", "nowhere"])
def test_a_link_out_of_the_store_is_refused(tmp_path: Path, target: str) -> None:
    release_into(tmp_path)
    link = tmp_path / "releases" / "current"
    link.unlink()
    link.symlink_to(target)
    with pytest.raises(ModelFileError, match="does not name a release"):
        current_version(tmp_path)


def test_a_manifest_in_the_folder_of_another_release_is_refused(tmp_path: Path) -> None:
    first, second = release_into(tmp_path, 0), release_into(tmp_path, 1)
    folder = tmp_path / "releases"
    (folder / second / MANIFEST_NAME).write_bytes((folder / first / MANIFEST_NAME).read_bytes())
    with pytest.raises(ModelFileError, match="it is the manifest of"):
        open_release(tmp_path, second)


def test_an_empty_or_missing_store_has_no_release(tmp_path: Path) -> None:
    assert not list_versions(tmp_path)
    with pytest.raises(ModelFileError, match="no current release"):
        current_version(tmp_path / "none")
