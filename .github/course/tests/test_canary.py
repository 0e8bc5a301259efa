"""The canary finds each hole in the sandbox, and no grading begins when there is one."""

import os
import tempfile
from dataclasses import replace
from functools import partial

import pytest
from small_rubric import needs_bubblewrap

from coursekit import canary, sandbox, session
from coursekit.session import Session, SessionEnded

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]


class OpenFolder(tempfile.TemporaryDirectory):
    """A folder in which everybody may write, so that nothing but the sandbox is in the way."""

    def __enter__(self):
        os.chmod(self.name, 0o777)
        self.before = os.umask(0)  # pylint: disable=attribute-defined-outside-init
        return self.name

    def __exit__(self, *given):
        os.umask(self.before)
        super().__exit__(*given)


def without(*lost):
    """Return bubblewrap's words without some."""
    return lambda words: [word for word in words if word not in lost]


def plus(*more):
    """Return bubblewrap's words with some more before the last ones."""
    return lambda words: [*words[:-4], *more, *words[-4:]]


def test_a_whole_sandbox_holds_the_canary():
    found = canary.send_canary(sandbox.STRONG)
    assert [attempt for attempt in found if not attempt.blocked] == []
    ended = {attempt.name: attempt.ended for attempt in found}
    assert len(ended) == 10
    assert ended["start 2000 processes"] == "BlockingIOError"
    assert ended["take 8 GiB of memory"] == "MemoryError"
    assert ended["write a file of 16 GiB"] == "OSError"
    assert ended["read a file outside"] == "FileNotFoundError"


def test_the_weak_isolation_sends_none(monkeypatch):
    monkeypatch.setattr(canary, "Session", None)
    assert canary.send_canary(sandbox.WEAK) == []


HOLES = {
    "reach the network": without("--unshare-net"),
    "see the grader's variables": plus("--setenv", canary.SECRET, "1"),
    "write into the submission": lambda words: [
        "--bind" if word == "--ro-bind" and words[at + 2] == sandbox.SUBMISSION else word
        for at, word in enumerate(words)]}


@pytest.mark.parametrize("hole", HOLES)
def test_each_hole_is_named(monkeypatch, hole):
    really = session.bubblewrap_words
    monkeypatch.setattr(session, "bubblewrap_words", lambda *given: HOLES[hole](really(*given)))
    monkeypatch.setattr(canary.tempfile, "TemporaryDirectory", OpenFolder)
    with pytest.raises(sandbox.SandboxError, match="does not hold here") as told:
        canary.send_canary(sandbox.STRONG)
    assert hole in str(told.value)


def test_a_window_to_the_outside_is_named(monkeypatch, tmp_path):
    really = session.bubblewrap_words
    tmp_path.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(canary.tempfile, "TemporaryDirectory", OpenFolder)
    monkeypatch.setattr(session, "bubblewrap_words", lambda view, limits: really(
        replace(view, writable=(tmp_path,)), limits))
    with pytest.raises(sandbox.SandboxError, match="read a file outside, write a file outside"):
        canary.send_canary(sandbox.STRONG)


def test_a_lost_limit_is_named(monkeypatch):
    wide = sandbox.Limits(file_bytes=1 << 45)
    monkeypatch.setattr(canary, "Session", partial(Session, limits=wide))
    with pytest.raises(sandbox.SandboxError, match="it can write a file of 16 GiB"):
        canary.send_canary(sandbox.STRONG)


@pytest.mark.parametrize("answer", [
    SessionEnded("it was killed"), {}, {"answer": None}, {"answer": "{"}, {"answer": "[]"},
    {"answer": '{"ok": true, "value": 1}'}, {"answer": '{"ok": true, "value": {"$items": [1]}}'}])
def test_a_canary_that_does_not_come_back_is_no_good_sign(monkeypatch, answer):
    def run(_self, _job):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Session, "run", run)
    with pytest.raises(sandbox.SandboxError, match="the canary did not come back"):
        canary.send_canary(sandbox.STRONG)


def test_nothing_of_the_canary_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    canary.send_canary(sandbox.STRONG)
    assert not list(tmp_path.iterdir()) and canary.SECRET not in os.environ
