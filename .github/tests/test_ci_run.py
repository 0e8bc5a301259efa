"""`.ci/run`: an absolute path to the true data, the counts last, an honest exit code."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from street import ROOT, executable, run

MAKE = """#!/bin/sh
[ "$1" != --version ] || { echo "GNU Make 4.3"; exit; }
echo "$1 $CAPSTONES_REAL_DATA" >> "$MAKE_LOG"
[ "$1" != "$MAKE_FAILS" ] || exit 2
if [ "$1" = test ]; then
  echo "==== 3 passed, 1 skipped in 0.12s ===="
  echo '{"total": "3 passed, 0 failed, 1 skipped"}' > build/test.json
fi
"""


@pytest.fixture(name="clone")
def make_clone(tmp_path):
    """The parts of the repository that `.ci/run` touches, with a stand-in for make."""
    clone = tmp_path / "a b" / "clone"
    for name in (".ci/run", ".github/doctor.py"):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, clone / name)
    executable(tmp_path / "bin" / "make", MAKE)
    return clone


def ci_run(clone: Path, **changes: str):
    """Run the clone's `.ci/run` from another folder, as a runner does."""
    base = clone.parent.parent
    path = f"{base / 'bin'}:{Path(sys.executable).parent}:/usr/bin:/bin"
    values = {"PATH": path, "MAKE_LOG": str(base / "log"), "MAKE_FAILS": "", "CI": "true",
              "CAPSTONES_REAL_DATA": "", **changes}
    return run([str(clone / ".ci" / "run")], base, **values)


def test_it_is_executable_and_bash_can_read_it():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert run(["bash", "-n", str(ROOT / ".ci" / "run")], ROOT).returncode == 0


def test_it_lints_and_tests_and_its_last_line_counts(clone):
    done = ci_run(clone)
    assert done.returncode == 0, done.stderr
    assert (clone.parent.parent / "log").read_text().split() == ["lint", "test"]
    closing = done.stdout.splitlines()
    assert closing[-1] == "3 passed, 0 failed, 1 skipped"
    assert "==== 3 passed, 1 skipped in 0.12s ====" in closing[-5:]


def test_the_true_data_beside_the_clone_are_named_absolutely(clone):
    real = clone.parent / "shared" / "real"
    real.mkdir(parents=True)
    ci_run(clone)
    assert f"test {real}" in (clone.parent.parent / "log").read_text()


def test_a_path_that_was_given_is_kept(clone):
    (clone.parent / "shared" / "real").mkdir(parents=True)
    ci_run(clone, CAPSTONES_REAL_DATA="/given")
    assert "test /given" in (clone.parent.parent / "log").read_text()


@pytest.mark.parametrize("verb", ["lint", "test"])
def test_a_failure_is_told_by_the_exit_code_and_does_not_stop_the_rest(clone, verb):
    done = ci_run(clone, MAKE_FAILS=verb)
    assert done.returncode == 1
    assert f"FAILED: {verb}" in " ".join(done.stdout.split())
    assert len((clone.parent.parent / "log").read_text().splitlines()) == 2


def test_tests_that_never_ran_are_not_counted_as_passed(clone):
    (clone / "build").mkdir()
    (clone / "build" / "test.json").write_text('{"total": "9 passed, 0 failed, 0 skipped"}')
    assert ci_run(clone, MAKE_FAILS="test").stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_it_works_without_a_home(clone):
    assert ci_run(clone, HOME="").returncode == 0
