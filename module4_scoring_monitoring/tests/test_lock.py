"""One run at a time in a folder, and no lock that outlives its run."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from riskwatch.errors import BusyError, OutputError
from riskwatch.lock import hold

HOLDER = """
import sys
from pathlib import Path
from riskwatch.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(name="start_holder")
def holder_starter(tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Start a process that holds the folder's lock until its input ends; none is left behind."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        # pylint: disable-next=consider-using-with  # it has to go on beside the test
        process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout and process.stdout.readline() == b"held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_second_process_is_told_who_is_busy_and_what_to_do(
        start_holder: Callable[[], object], tmp_path: Path) -> None:
    start_holder()
    with pytest.raises(BusyError) as caught, hold(tmp_path):
        pytest.fail("two hold the lock")
    assert str(caught.value) == (f"{tmp_path}: another run writes here; wait for it, or choose "
                                 "another folder with --out")


def test_lock_ends_with_a_killed_process(
        start_holder: Callable[[], "subprocess.Popen[bytes]"], tmp_path: Path) -> None:
    process = start_holder()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / ".lock").exists()
    with hold(tmp_path):
        pass


def test_lock_ends_with_the_context_even_after_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold(tmp_path):
        raise ZeroDivisionError
    with hold(tmp_path):
        with pytest.raises(BusyError), hold(tmp_path):
            pytest.fail("two hold the lock")
    with hold(tmp_path):
        pass


def test_busy_folder_stays_locked_after_a_refusal(
        start_holder: Callable[[], object], tmp_path: Path) -> None:
    start_holder()
    for _ in range(2):
        with pytest.raises(BusyError), hold(tmp_path):
            pytest.fail("two hold the lock")


def test_folders_are_locked_apart_and_made_when_missing(tmp_path: Path) -> None:
    with hold(tmp_path / "a" / "b"), hold(tmp_path / "a" / "c"):
        assert (tmp_path / "a" / "b").is_dir()


def test_eight_at_once_give_exactly_one_holder(tmp_path: Path) -> None:
    script = ("import sys\nfrom pathlib import Path\nfrom riskwatch.errors import BusyError\n"
              "from riskwatch.lock import hold\nprint('ready', flush=True)\nsys.stdin.readline()\n"
              "try:\n    with hold(Path(sys.argv[1])):\n        print('held', flush=True)\n"
              "        sys.stdin.read()\nexcept BusyError:\n    print('busy', flush=True)\n")
    # pylint: disable-next=consider-using-with  # eight at once
    runs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(8)]
    try:
        assert [run.stdout.readline() for run in runs if run.stdout] == ["ready\n"] * 8
        for run in runs:
            assert run.stdin
            run.stdin.write("\n")
            run.stdin.flush()
        said = [run.stdout.readline() for run in runs if run.stdout]
    finally:
        for run in runs:
            run.kill()
            run.communicate()
    assert sorted(said) == ["busy\n"] * 7 + ["held\n"]


@pytest.mark.parametrize("place", ["file", "file/below", "x" * 300])
def test_folder_that_cannot_be_made_is_an_output_error(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written: .*; choose another folder"):
        with hold(tmp_path / place):
            pytest.fail("there is no such folder")


def test_folder_in_place_of_the_lock_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(OutputError, match="Is a directory"), hold(tmp_path):
        pytest.fail("a folder cannot be locked")


def test_disk_without_locks_is_an_output_error(tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OutputError, match="cannot be locked: .*; choose a folder on a local"):
        with hold(tmp_path):
            pytest.fail("nothing is locked")
