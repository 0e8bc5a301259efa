"""Saving a file starts the check; passing goes on to the next task."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from watchfiles import Change
from small_course import make_course, solve

from coursekit.learn_watch import is_saved_work


def wait_for(log: Path, text: str, count: int = 1) -> None:
    """Wait until a text was printed so often."""
    deadline = time.monotonic() + 60
    while log.read_text(encoding="utf-8").count(text) < count:
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)


@pytest.fixture(name="log")
def log_fixture(tmp_path: Path) -> Path:
    """Where the watcher prints to."""
    log = tmp_path / "log.txt"
    log.touch()
    return log


#: What a shell starts in the background ignores Ctrl-C, and hands that down.
_HEARS_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from coursekit.cli import main
sys.exit(main(sys.argv[1:]))
"""


def start(root: Path, log: Path, *words: str) -> "subprocess.Popen[bytes]":
    """Start a watcher."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-c", _HEARS_CTRL_C, "learn", "watch", *words, "--from", str(root)],
            stdout=output, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUNBUFFERED": "1"})


def test_every_save_is_checked_until_nothing_is_open(tmp_path: Path, log: Path) -> None:
    lessons = make_course(tmp_path / "clone")
    with start(tmp_path / "clone", log) as process:
        wait_for(log, "Watching")
        time.sleep(0.5)  # the watcher says so just before it watches
        solve(lessons, "double", "3 * number")
        wait_for(log, "got 12, expected 8")
        wait_for(log, "Watching", 2)
        time.sleep(0.5)
        solve(lessons, "double", "2 * number")
        wait_for(log, "half(4): got 0, expected 2")
        wait_for(log, "Watching", 3)
        time.sleep(0.5)
        solve(lessons, "half", "number / 2")
        assert process.wait(timeout=60) == 0
    assert "No task is open" in log.read_text(encoding="utf-8")


def test_ctrl_c_leaves_quietly(tmp_path: Path, log: Path) -> None:
    make_course(tmp_path / "clone")
    with start(tmp_path / "clone", log) as process:
        wait_for(log, "Watching")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) in (0, 130)
    text = log.read_text(encoding="utf-8")
    assert "Traceback" not in text and "KeyboardInterrupt" not in text
    assert "goes on from here" in text


@pytest.mark.parametrize("path, is_let_through", [
    ("work/x/exercise.py", True), ("work/x/you/.git/refs/heads/main", True),
    ("work/x/remote.git/refs/heads/main", True), ("work/x/you/.git/HEAD", True),
    ("work/x/you/.git/index", False), ("work/x/you/.git/refs/heads/main.lock", False),
    ("work/x/__pycache__/exercise.pyc", False)])
def test_saves_and_commits_are_seen_and_traces_of_tools_are_not(path: str, is_let_through: bool
                                                                ) -> None:
    assert is_saved_work(Change.modified, f"/place/{path}") is is_let_through
