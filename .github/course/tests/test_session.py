"""Which isolation is used, and what holds without a sandbox."""

import sys
from pathlib import Path

import pytest

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
