"""Only what a simulation made is ever emptied; the user's files are told apart before the play."""

import os
from pathlib import Path

import pytest

from riskwatch.errors import BusyError, InputError
from riskwatch.lock import hold
from riskwatch.simulate_files import MARKER, emptied, own_files


def test_a_new_folder_gets_a_marker_and_a_marked_one_is_emptied(tmp_path: Path) -> None:
    folder, outside = tmp_path / "simulation", tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    with emptied(folder):
        assert {path.name for path in folder.iterdir()} == {MARKER, ".lock"}
        (folder / "deep" / "er").mkdir(parents=True)
        (folder / "deep" / "er" / "file").touch()
        (folder / "file").touch()
        (folder / "link").symlink_to(outside)
    with emptied(folder):
        assert {path.name for path in folder.iterdir()} == {MARKER, ".lock"}
    assert (outside / "kept").exists()


def test_a_folder_in_which_a_play_was_killed_before_its_marker_is_taken(tmp_path: Path) -> None:
    with hold(tmp_path / "simulation"):
        pass
    with emptied(tmp_path / "simulation"):
        assert (tmp_path / "simulation" / MARKER).is_file()


@pytest.mark.parametrize("kind", ["foreign", "file", "link", "marked by a link"])
def test_what_no_simulation_made_is_refused_and_stays(tmp_path: Path, kind: str) -> None:
    folder, other = tmp_path / "simulation", tmp_path / "other"
    with emptied(other):
        (other / "mine").touch()
    if kind == "file":
        folder.write_text("mine", encoding="utf-8")
    elif kind == "link":
        folder.symlink_to(other)
    else:
        folder.mkdir()
        (folder / "mine").touch()
        if kind == "marked by a link":
            (folder / MARKER).symlink_to(other / MARKER)
    with pytest.raises(InputError, match="was not made by a simulation"), emptied(folder):
        pass
    assert (other / "mine").exists()
    assert folder.is_symlink() or folder.is_file() or (folder / "mine").exists()


def test_a_play_that_goes_on_is_not_emptied(tmp_path: Path) -> None:
    with emptied(tmp_path / "simulation"):
        (tmp_path / "simulation" / "mine").touch()
        with pytest.raises(BusyError), emptied(tmp_path / "simulation"):
            pass
        assert (tmp_path / "simulation" / "mine").exists()


def test_own_files_are_the_csv_files_by_name(tmp_path: Path) -> None:
    for name in ("b/1.csv", "a/2.CSV", "a/notes.txt", "b/.3.csv", "b/0.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.name for path in own_files([tmp_path / "b", tmp_path / "a"])] == [
        "0.csv", "1.csv", "2.CSV"]


@pytest.mark.parametrize(("kind", "words"), [
    ("absent", "cannot be read: No such file"), ("empty", "holds no CSV file"),
    ("a file", "cannot be read: Not a directory"), ("a folder inside", "is no file"),
    ("a pipe inside", "is no file"), ("a broken link inside", "is no file")])
def test_what_cannot_be_played_is_refused_in_one_line(tmp_path: Path, kind: str, words: str
                                                      ) -> None:
    folder = tmp_path / "mine"
    if kind == "a file":
        folder.touch()
    elif kind != "absent":
        folder.mkdir()
    inside = folder / "a.csv"
    if kind == "a folder inside":
        inside.mkdir()
    elif kind == "a pipe inside":
        os.mkfifo(inside)
    elif kind == "a broken link inside":
        inside.symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match=words) as caught:
        own_files([folder])
    assert "\n" not in str(caught.value)
