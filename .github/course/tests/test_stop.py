"""A grading that is ended in the middle: quickly, in a line, and nothing of it is left."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from small_rubric import LIBRARY, needs_bubblewrap, write_rubric, write_submission

from coursekit.inside.outcome import is_dead
from coursekit.stop import Stopped, not_now, told_to_stop

#: Grades as the command does, with the environment of these tests in place of one to be built.
PROGRAM = ("import sys; sys.path.insert(0, sys.argv.pop(1)); import small_rubric; "
           "from coursekit import cli, grading; "
           "grading.find_environment = small_rubric.our_environment; sys.exit(cli.main())")
#: Marks the endless job inside, so that its process can be found from outside.
MARK = f"endless-job-of-{os.getpid()}"
ENDLESS = LIBRARY.replace("    return", "    import subprocess, sys\n    subprocess.run([sys."
                          f"executable, '-c', 'while True: pass', '{MARK}'])\n    return")


@pytest.fixture(autouse=True)
def _no_nohup():
    """Hear SIGHUP also where these tests themselves run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(name="grading")
def _grading(tmp_path, request):
    """Return a grading that is in the middle of an endless job, and its folders."""
    isolation = getattr(request, "param", "bubblewrap")
    (tmp_path / "tmp").mkdir()
    words = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), "grade", "1",
             str(write_submission(tmp_path / "s", {"numbers_library.py": ENDLESS})), "--rubric",
             str(write_rubric(tmp_path)), "--out", str(tmp_path / "out"), "--only", "M1-02",
             "--isolation", isolation]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    before = set(descendants_marked())
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=environment, start_new_session=True) as process:
        wait_until(lambda: set(descendants_marked()) - before, process, 60)
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def processes():
    """Return the command lines of all living processes by id."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and not is_dead(entry.name):
            try:
                found[int(entry.name)] = os.fsdecode((entry / "cmdline").read_bytes())
            except OSError:
                continue
    return found


def descendants_marked():
    """Return the ids of endless jobs; bubblewrap and its server carry the mark nowhere."""
    return [pid for pid, line in processes().items() if MARK in line and "while True" in line]


def left_of(folder):
    """Return the processes that name a folder of this test, or are its endless job."""
    return {pid: line for pid, line in processes().items()
            if str(folder) in line or MARK in line and "while True" in line}


def wait_until(condition, process, seconds):
    """Wait for a condition, or fail with what the process said."""
    deadline = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"it never began: {process.communicate()}")
        time.sleep(0.05)


def all_gone(folder, seconds=5.0):
    """Tell what is left of a grading after some seconds at most."""
    deadline = time.monotonic() + seconds
    while (left := left_of(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@needs_bubblewrap
@pytest.mark.xdist_group("sandbox")
@pytest.mark.parametrize(("number", "whole_group"),
                         [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGHUP, True)])
def test_a_stopped_grading_leaves_nothing(grading, tmp_path, number, whole_group):
    begun = time.monotonic()
    (os.killpg if whole_group else os.kill)(grading.pid, number)
    _, told = grading.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert grading.returncode == 128 + number
    assert told == (f"coursekit grade: stopped by {number.name}; what was not finished has no "
                    "report\n")
    assert all_gone(tmp_path) == {}
    assert not list((tmp_path / "tmp").iterdir()) and not list((tmp_path / "out").iterdir())


@needs_bubblewrap
@pytest.mark.xdist_group("sandbox")
@pytest.mark.parametrize("grading", ["bubblewrap", "weak"], indirect=True)
def test_a_killed_grading_takes_its_sandboxes_along(grading, tmp_path):
    assert left_of(tmp_path)
    grading.kill()
    grading.wait(5)
    assert all_gone(tmp_path) == {}
    assert not list((tmp_path / "out").iterdir())


def test_a_second_signal_does_not_break_off_the_tidying_up():
    tidied = []
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped) as stop, told_to_stop():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            tidied.append(True)
    assert (stop.value.code, tidied) == (130, [True])
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_for_what_must_be_whole(number):
    steps, end = [], threading.Event()
    # Signals go to any thread that does not block them, and a grading has several.
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        with pytest.raises(Stopped) as stop, told_to_stop():
            with not_now():
                os.kill(os.getpid(), number)
                time.sleep(0.05)
                steps.append("written")
            steps.append("never")
    finally:
        end.set()
        other.join()
    assert (steps, stop.value.code) == (["written"], 128 + number)


def test_a_closed_terminal_is_ignored_under_nohup():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with told_to_stop(), not_now():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_work_that_fails_while_a_signal_waits_is_still_stopped():
    with pytest.raises(Stopped), told_to_stop(), not_now():
        os.kill(os.getpid(), signal.SIGTERM)
        raise ValueError("the disk is full")
