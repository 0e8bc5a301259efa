"""Locks: one holder at a time, and none after the holder's death."""

import os
import signal
import subprocess
import sys
import time

import pytest

from rentals.locks import lock_folder, locked_folder

_HOLD = ("import sys, time; from pathlib import Path; from rentals.locks import lock_folder\n"
         "lock_folder(Path(sys.argv[1]), wait=True); print('held', flush=True); time.sleep(60)")


def test_a_held_folder_is_refused_at_once_or_waited_for(tmp_path):
    with locked_folder(tmp_path):
        with pytest.raises(BlockingIOError):
            lock_folder(tmp_path, wait=False)
    os.close(lock_folder(tmp_path, wait=False))


def test_another_process_waits_and_a_killed_holder_holds_nothing(tmp_path):
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], text=True,
                          stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(BlockingIOError):
            lock_folder(tmp_path, wait=False)
        holder.send_signal(signal.SIGKILL)
        started = time.monotonic()
        with locked_folder(tmp_path):
            assert time.monotonic() - started < 30


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        lock_folder(tmp_path / "no", wait=True)
