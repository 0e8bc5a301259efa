"""Which isolation is used, and what holds without a sandbox."""

import sys
from pathlib import Path

import pytest
from small_rubric import needs_bubblewrap, session_of

from coursekit import sandbox
from coursekit.session import Session


def test_without_bubblewrap_nothing_runs_unless_asked_for(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(sandbox.SandboxError, match="apt-get install bubblewrap"):
        sandbox.choose_isolation(sandbox.STRONG)
    assert sandbox.choose_isolation(sandbox.WEAK) == sandbox.WEAK


def test_the_weak_isolation_still_limits_time_and_clears_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEKIT_SECRET", "token")
    with Session(tmp_path, Path(sys.executable), sandbox.WEAK, preload=()) as session:
        job = {"kind": "run", "name": "tried", "path": ["."], "functions": {}, "seconds": 1,
               "kwargs": {}}
        loop = session.run({**job, "source": "def tried(contract):\n    while True: pass\n"})
        seen = session.run({**job, "source": "def tried(contract):\n    import os\n"
                                             "    return dict(os.environ)\n"})
    assert loop["ended"] == "timeout"
    assert "COURSEKIT_SECRET" not in seen["answer"] and "HOME" in seen["answer"]


@needs_bubblewrap
def test_who_asks_for_the_user_and_the_home_inside_is_answered(tmp_path):
    with session_of(tmp_path) as session:
        found = session.run({
            "kind": "run", "name": "who", "path": ["."], "functions": {}, "kwargs": {},
            "seconds": 9, "source": "import getpass, pathlib\ndef who(contract):\n"
                                    "    return [getpass.getuser(), str(pathlib.Path.home())]\n"})
    assert "grading" in found["answer"] and "/tmp/home" in found["answer"]
