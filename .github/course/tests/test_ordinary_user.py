"""Grading needs no root: an ordinary user gets the same report, and the same walls hold."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from ordinary_user import COURSE, NOBODY, as_nobody, variables, why_not
from small_rubric import LIBRARY, needs_bubblewrap, write_rubric, write_submission
from test_stop import PROGRAM

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]


@pytest.fixture(name="run", scope="module")
def _run():
    """Return a function that runs a program as nobody, in a folder of nobody's."""
    # Other users may not pass through pytest's own temporary folder.
    room = Path(tempfile.mkdtemp(prefix="ordinary"))
    room.chmod(0o755)
    try:
        why = why_not(room)
        if why:
            pytest.skip(f"NOT TESTED: a grading by an ordinary user: {why}")

        def run(*words):
            for path in (room, *room.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
            return subprocess.run(as_nobody(list(words), room), capture_output=True, text=True,
                                  timeout=240, check=False, env=variables(room), cwd=COURSE)

        run.room = room
        yield run
    finally:
        shutil.rmtree(room)


@pytest.fixture(name="grade", scope="module")
def _grade(run):
    """Return a function that grades a submission as nobody."""
    rubric = write_rubric(run.room)

    def grade(name, files):
        source, out = write_submission(run.room / name, files), run.room / f"{name}-out"
        done = run(sys.executable, "-c", PROGRAM, str(COURSE / "tests"), "grade", "1",
                   str(source), "--rubric", str(rubric), "--out", str(out), "--seed", "5")
        assert done.stderr == ""
        return done.returncode, json.loads((out / "grade.json").read_text(encoding="utf-8"))

    return grade


def test_a_right_submission_passes_and_the_canary_stays_inside(grade):
    code, found = grade("right", {})
    assert (code, found["verdict"], found["faults"]) == (0, "pass", [])
    assert {entry["state"] for entry in found["criteria"]} == {"pass", "manual"}
    tried = {entry["tried"]: entry["ended"] for entry in found["canary"]}
    assert len(tried) >= 10 and all(entry["blocked"] for entry in found["canary"])
    assert tried["start 2000 processes"] == "BlockingIOError"
    assert tried["signal a process outside"] == "ProcessLookupError"


def test_harm_is_the_submissions_own_failure(grade):
    harm = LIBRARY.replace("    return", "    import os\n    os.kill(-1, 9)\n    return")
    code, found = grade("harm", {"numbers_library.py": harm})
    assert (code, found["faults"]) == (1, [])
    assert {entry["id"]: entry["state"] for entry in found["criteria"]}["M1-02"] == "fail"


def test_every_way_out_is_closed_to_an_ordinary_user_too(run):
    done = run(sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-n", "0",
               f"--basetemp={run.room / 'base'}", "tests/test_sandbox.py")
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"^1[5-9] passed", done.stdout, re.M) and "skipped" not in done.stdout
