"""Files of a release: one writer at a time, calm reading, names that are versions only."""

import fcntl
import os

import pytest

from riskwatch.errors import ModelFileError
from riskwatch.release_files import checked_version, held, put_release, unusable
from riskwatch.workplace import Workplace

VERSION = "20260301T120001Z-01234567"


@pytest.mark.parametrize("name", ["", ".", "..", "/", f"{VERSION}/", f"../{VERSION}",
                                  f"{VERSION}\n", VERSION.lower(), "current"])
def test_only_versions_are_names_of_releases(place: Workplace, name: str) -> None:
    assert checked_version(place, VERSION) == VERSION
    with pytest.raises(ModelFileError, match="is no release") as caught:
        checked_version(place, name)
    assert str(caught.value).isprintable()


def test_the_folder_is_held_while_it_changes(place: Workplace) -> None:
    place.releases.mkdir(parents=True)
    with held(place.releases):
        other = os.open(place.releases, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


def test_what_a_killed_run_left_is_swept_away(place: Workplace) -> None:
    (place.releases / ".part").mkdir(parents=True)
    (place.releases / ".part" / "model.skops").write_bytes(b"half")
    put_release(place.releases / VERSION, {"a": b"1", "b": b"2"})
    assert os.listdir(place.releases) == [VERSION]
    assert sorted(os.listdir(place.releases / VERSION)) == ["a", "b"]


def test_a_fault_says_what_to_do(place: Workplace) -> None:
    text = str(unusable(place.releases / VERSION, ModelFileError("it is damaged")))
    assert "it is damaged; roll back" in text and VERSION in text
