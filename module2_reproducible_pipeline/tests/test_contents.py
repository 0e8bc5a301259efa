"""Contents: the digest is of what is held, and what is kept is whole or not there."""

import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentals import contents
from rentals.contents import content_of, is_intact, keep, place_of
from rentals.errors import ArtifactError, InputError, OutputError


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A folder with two files, one of them deeper."""
    folder = tmp_path / "made"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.txt").write_bytes(b"b")
    (folder / "deep" / "a.txt").write_bytes(b"a")
    return folder


def test_a_file_has_the_digest_of_its_bytes(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    assert content_of(tmp_path / "x").digest == hashlib.sha256(b"abc").hexdigest()


def test_a_folder_has_the_digest_of_the_sorted_list_of_its_files(folder):
    a, b = (hashlib.sha256(letter).hexdigest() for letter in (b"a", b"b"))
    expected = hashlib.sha256(f"b.txt\0{b}\ndeep/a.txt\0{a}\n".encode()).hexdigest()
    assert content_of(folder).digest == expected
    assert content_of(folder).size == 2


@pytest.mark.parametrize("change", [
    lambda folder: (folder / "b.txt").write_bytes(b"c"),
    lambda folder: (folder / "b.txt").rename(folder / "c.txt"),
    lambda folder: (folder / "b.txt").rename(folder / "deep" / "b.txt"),
    lambda folder: (folder / "b.txt").unlink(),
    lambda folder: (folder / "new").write_bytes(b""),
], ids=["bytes", "name", "place", "missing", "added"])
def test_any_change_of_names_or_bytes_changes_the_digest(folder, change):
    before = content_of(folder).digest
    change(folder)
    assert content_of(folder).digest != before
    assert not is_intact(folder, before)


def test_times_modes_and_empty_folders_do_not_count(folder):
    before = content_of(folder)
    os.utime(folder / "b.txt", (0, 0))
    (folder / "b.txt").chmod(0o400)
    (folder / "empty").mkdir()
    assert content_of(folder) == before


def test_links_are_refused(folder, tmp_path):
    (folder / "link").symlink_to(folder / "b.txt")
    with pytest.raises(InputError, match="is a link"):
        content_of(folder)
    (tmp_path / "link").symlink_to(folder / "b.txt")
    with pytest.raises(InputError, match="is a link"):
        content_of(tmp_path / "link")


@given(files=st.dictionaries(st.sampled_from("abcdef"), st.binary(max_size=20), min_size=1))
def test_what_is_kept_is_equal_and_kept_once(files, tmp_path_factory):
    root = tmp_path_factory.mktemp("law")
    made = root / "made"
    made.mkdir()
    for name, data in files.items():
        (made / name).write_bytes(data)
    first = keep(root / "store", made)
    assert keep(root / "store", made) == first == content_of(place_of(root / "store",
                                                                      first.digest))
    assert len(list((root / "store" / "objects").glob("*/*"))) == 1


def test_a_damaged_content_is_mended_when_it_is_kept_again(folder, tmp_path):
    kept = keep(tmp_path / "store", folder)
    place = place_of(tmp_path / "store", kept.digest)
    (place / "b.txt").chmod(0o600)
    (place / "b.txt").write_bytes(b"forged")
    assert not is_intact(place, kept.digest)
    keep(tmp_path / "store", folder)
    assert is_intact(place, kept.digest)


def test_a_source_that_changes_while_it_is_kept_is_refused(folder, tmp_path, monkeypatch):
    before = contents.shutil.copytree

    def change_and_copy(source, target, *more):
        (folder / "b.txt").write_bytes(b"other")
        return before(source, target, *more)

    monkeypatch.setattr(contents.shutil, "copytree", change_and_copy)
    with pytest.raises(ArtifactError, match="changed while it was stored"):
        keep(tmp_path / "store", folder)
    assert not list((tmp_path / "store" / "objects").glob("*/*"))


def test_a_full_disk_is_said_in_one_line(folder, tmp_path, monkeypatch):
    def full(source, target, **_):
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    copytree = contents.shutil.copytree
    monkeypatch.setattr(contents.shutil, "copytree", lambda source, target, *_, **__: copytree(
        source, target, copy_function=full))
    with pytest.raises(OutputError, match=r"into the store: No space left on device; free some"):
        keep(tmp_path / "store", folder)
    assert not list((tmp_path / "store" / "objects").glob("*/*"))


def test_an_interrupted_copy_leaves_nothing_under_the_digest(folder, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(contents.shutil, "copytree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path / "store", folder)
    assert not place_of(tmp_path / "store", content_of(folder).digest).exists()


def test_what_is_kept_is_not_for_writing(folder, tmp_path):
    kept = keep(tmp_path / "store", folder)
    modes = {path.stat().st_mode & 0o222 for path in place_of(
        tmp_path / "store", kept.digest).rglob("*") if path.is_file()}
    assert modes == {0}
