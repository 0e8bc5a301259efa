"""A submission becomes a private, harmless copy, whatever it is."""

import os
import stat
import subprocess
import zipfile

import pytest
from small_rubric import has_git, write_submission

from coursekit import intake
from coursekit.contract import list_files


def test_a_folder_is_copied_and_the_original_left_alone(tmp_path):
    source = write_submission(tmp_path / "s", {"deep/a.txt": "a", ".git/config": "x"})
    before = sorted(path.name for path in source.rglob("*"))
    taken = intake.take_in(str(source), tmp_path / "copy")
    assert list_files(taken.folder) == ["deep/a.txt", "numbers_library.py", "test_numbers.py"]
    assert not (taken.folder / ".git").exists() and taken.files == 3
    assert sorted(path.name for path in source.rglob("*")) == before


def test_links_that_lead_out_are_left_out_and_told(tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    source = write_submission(tmp_path / "s")
    (source / "out.txt").symlink_to(tmp_path / "secret")
    (source / "folder").symlink_to(tmp_path)
    (source / "loop").symlink_to("loop")
    (source / "inner.py").symlink_to("numbers_library.py")
    os.mkfifo(source / "pipe")
    taken = intake.take_in(str(source), tmp_path / "copy")
    assert list_files(taken.folder) == ["inner.py", "numbers_library.py", "test_numbers.py"]
    told = " ".join(taken.notes)
    assert all(name in told for name in ("out.txt", "folder", "loop", "pipe"))
    assert "secret" not in "".join(path.read_text(encoding="utf-8")
                                   for path in taken.folder.rglob("*") if path.is_file())


def test_a_zip_cannot_write_beside_its_folder(tmp_path):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.py", "x = 1\n")
        archive.writestr("../evil.py", "x")
        archive.writestr("/abs.py", "x")
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    taken = intake.take_in(str(path), tmp_path / "in" / "copy")
    assert list_files(taken.folder) == ["good.py"] and len(taken.notes) == 3
    assert not (tmp_path / "in" / "evil.py").exists()


def test_the_one_folder_of_a_zip_is_the_submission(tmp_path):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project-main/numbers_library.py", "")
    assert list_files(intake.take_in(str(path), tmp_path / "copy").folder) \
        == ["numbers_library.py"]


def test_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MOST_BYTES", 1000)
    source = write_submission(tmp_path / "s", {"data.csv": "x" * 2000})
    with pytest.raises(intake.IntakeError, match="leave out data"):
        intake.take_in(str(source), tmp_path / "copy")
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", "0" * 10_000)
    with pytest.raises(intake.IntakeError):
        intake.take_in(str(bomb), tmp_path / "copy2")


def test_garbage_is_an_empty_submission(tmp_path):
    path = tmp_path / "garbage.zip"
    path.write_bytes(bytes(range(256)) * 20)
    taken = intake.take_in(str(path), tmp_path / "copy")
    assert list_files(taken.folder) == [] and "neither" in taken.notes[0]


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(intake.IntakeError, match="no such"):
        intake.take_in(str(tmp_path / "nothing"), tmp_path / "copy")


@pytest.mark.skipif(not has_git(), reason="git is not installed")
def test_a_git_address_with_a_ref_is_cloned_at_that_ref(tmp_path):
    source = write_submission(tmp_path / "s")
    git = ["git", "-C", str(source), "-c", "user.name=A B", "-c", "user.email=a@example.org"]
    hook = tmp_path / "ran"
    for step in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "begin"],
                 ["tag", "v1"], ["rm", "-q", "test_numbers.py"], ["commit", "-qm", "drop tests"]):
        subprocess.run([*git, *step], check=True, capture_output=True)
    (source / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {hook}\n")
    address = f"file://{source}"
    newest = intake.take_in(address, tmp_path / "a")
    tagged = intake.take_in(f"{address}@v1", tmp_path / "b")
    assert list_files(newest.folder) == ["numbers_library.py"]
    assert list_files(tagged.folder) == ["numbers_library.py", "test_numbers.py"]
    assert [line.split(": ")[1] for line in newest.history] == ["drop tests", "begin"]
    assert not hook.exists()
    with pytest.raises(intake.IntakeError, match="git says"):
        intake.take_in(f"{address}@nothing", tmp_path / "c")
    with pytest.raises(intake.IntakeError):
        intake.take_in(f"{address}@--upload-pack=x", tmp_path / "d")
