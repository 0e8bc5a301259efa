"""Drafts: empty, removed at the end, and those of dead processes at the next work."""

import os
import signal
from pathlib import Path

import pytest

from rentals.drafts import draft_folder
from rentals.errors import OutputError


def _dead_draft(parent: Path) -> None:
    """Leave a draft as a process that is killed while it works does."""
    child = os.fork()
    if child == 0:
        with draft_folder(parent) as draft:
            (draft / "half").write_text("half", encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def test_a_draft_is_empty_and_vanishes(tmp_path):
    with draft_folder(tmp_path / "deep" / "drafts") as draft:
        assert not list(draft.iterdir())
        (draft / "made").mkdir()
    assert not list((tmp_path / "deep" / "drafts").iterdir())


def test_a_draft_vanishes_when_its_work_fails(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        with draft_folder(tmp_path):
            raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_drafts_of_the_dead_are_removed_and_those_of_the_living_are_not(tmp_path):
    with draft_folder(tmp_path) as living:
        _dead_draft(tmp_path)
        assert len(list(tmp_path.iterdir())) == 2
        with draft_folder(tmp_path) as other:
            assert set(tmp_path.iterdir()) == {living, other}
    assert not list(tmp_path.iterdir())


def test_what_is_no_draft_stays(tmp_path):
    (tmp_path / "mine").mkdir()
    with draft_folder(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_place_that_cannot_hold_a_draft_is_named(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        with draft_folder(tmp_path / "file" / "drafts"):
            pytest.fail("there is a draft")
