"""The probe starts a real service and leaves none behind."""

import shlex
import shutil
import sys
from pathlib import Path

import pytest

from census.probe import ProbeError, probe


def test_a_released_model_answers_and_its_service_stops(whole_run):
    found = probe(whole_run / "out")
    assert (found.status, found.exit_code) == (200, 0)
    assert found.label in ("<=50K", ">50K") and 0 <= found.probability <= 1
    assert found.model_version == (whole_run / "out" / "releases" / "current").readlink().name


def _let_python_be(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a program that runs a script stand in for the interpreter."""
    (folder / "logs").mkdir()
    fake = folder / "python"
    words = shlex.join([sys.executable, "-c", script])
    fake.write_text(f"#!/bin/sh\nexec {words}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))


@pytest.mark.parametrize(("script", "said"), [
    ("raise SystemExit(3)", "ended before it was ready"),
    ("print('listening on nothing', flush=True)", "ended before it was ready")])
def test_a_service_that_does_not_start_is_told(tmp_path, monkeypatch, script, said):
    _let_python_be(script, tmp_path, monkeypatch)
    with pytest.raises(ProbeError, match=said):
        probe(tmp_path)


def test_a_service_that_hangs_is_ended(tmp_path, monkeypatch):
    _let_python_be("import time; time.sleep(100)", tmp_path, monkeypatch)
    monkeypatch.setattr("census.probe._SECONDS_TO_START", 0.5)
    with pytest.raises(ProbeError, match="ended before it was ready"):
        probe(tmp_path)


def test_a_damaged_release_answers_not_ready(whole_run, tmp_path):
    shutil.copytree(whole_run / "out" / "releases", tmp_path / "releases", symlinks=True)
    (tmp_path / "logs").mkdir()
    path = tmp_path / "releases" / "current" / "serving.json"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(ProbeError, match="503"):
        probe(tmp_path)
