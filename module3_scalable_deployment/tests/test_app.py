"""The application is put together without touching anything, and refuses what it does not know."""

import subprocess
import sys
from pathlib import Path

from running_service import wait_for

from census.serving.app import create_app
from census.serving.options import build_options


def test_making_an_application_reads_no_release(tmp_path: Path) -> None:
    """The model is read when the service starts, not when its parts are put together."""
    guard = create_app(build_options({"folder": tmp_path / "nowhere",
                                      "access_log": tmp_path / "log"}))
    assert not guard.service.holder.is_ready
    assert guard.pages < guard.routes and "/v1/predictions" in guard.routes


def test_importing_the_service_does_nothing(tmp_path: Path) -> None:
    """No file, no thread, no word, and none of the libraries of training."""
    code = ("import sys, threading\n"
            "import census.serving.server, census.release, census.service_commands\n"
            "assert threading.active_count() == 1\n"
            "heavy = {'pandas', 'sklearn', 'skops', 'scipy', 'matplotlib', 'requests'}\n"
            "print(sorted(heavy & set(sys.modules)))")
    found = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True,
                           text=True, timeout=60, check=True)
    assert (found.stdout, found.stderr) == ("[]\n", "") and not list(tmp_path.iterdir())


def test_waiting_is_not_for_ever() -> None:
    """The tests' own helper fails when what it waits for does not come."""
    try:
        wait_for(lambda: False, 0.1)
    except AssertionError:
        return
    raise RuntimeError("it waited and said nothing")
