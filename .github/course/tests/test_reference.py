"""Trusted commands run once for the same code and words, in folders of their own."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from coursekit.expect import GraderFault
from coursekit.reference import KEPT_SECONDS, Reference, digest_of, forget_old

SCRIPT = """#!/bin/sh
echo run >> "$LOG"
sleep 0.2
if [ "$1" = broken ]; then echo 'no such table' >&2; exit 3; fi
printf %s "$*" > made.txt
"""


@pytest.fixture(name="reference")
def _reference(tmp_path, monkeypatch):
    """Return a reference whose command notes each run, and the note."""
    folder = tmp_path / "module1_small"
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "src").mkdir()
    (folder / "src" / "code.py").write_text("one = 1\n", encoding="utf-8")
    script = folder / ".venv" / "bin" / "make-data"
    script.write_text(SCRIPT, encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    made = Reference(SimpleNamespace(module_folder=folder), tmp_path / "kept")
    made.log, made.source = tmp_path / "log", folder / "src" / "code.py"
    return made


def runs(reference):
    """Return how often the command ran."""
    return len(reference.log.read_text(encoding="utf-8").splitlines())


def test_what_is_known_is_not_run_again(reference):
    first = reference.run(["make-data", "--rows", "7"])
    assert (first / "made.txt").read_text(encoding="utf-8") == "--rows 7"
    assert reference.run(["make-data", "--rows", "7"]) == first and runs(reference) == 1
    assert reference.run(["make-data", "--rows", "8"]) != first and runs(reference) == 2


def test_other_code_runs_anew(reference):
    first = reference.run(["make-data"])
    reference.source.write_text("one = 2\n", encoding="utf-8")
    assert reference.run(["make-data"]) != first and runs(reference) == 2


def test_two_gradings_at_once_get_the_same(reference):
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(reference.run, [["make-data", "x"]] * 4))
    assert len(found) == 1 and [path.name for path in found.pop().iterdir()] == ["made.txt"]


def test_a_failed_command_is_the_graders_fault_and_leaves_nothing(reference, tmp_path):
    with pytest.raises(GraderFault, match="ended with 3: no such table"):
        reference.run(["make-data", "broken"])
    assert not list((tmp_path / "kept").iterdir())
    with pytest.raises(GraderFault, match="run `make setup`"):
        reference.run(["other"])


def test_after_a_day_it_is_forgotten(reference, tmp_path):
    first, second = reference.run(["make-data", "1"]), reference.run(["make-data", "2"])
    old = time.time() - KEPT_SECONDS - 60
    os.utime(first, (old, old))
    forget_old(tmp_path / "kept")
    assert not first.exists() and second.is_dir()


def test_the_digest_knows_names_and_bytes(tmp_path):
    (tmp_path / "a.py").write_bytes(b"1")
    first = digest_of(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    second = digest_of(tmp_path)
    (tmp_path / "b.py").write_bytes(b"2")
    assert len({first, second, digest_of(tmp_path)}) == 3
