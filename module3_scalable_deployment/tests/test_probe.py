"""The probe starts a real service and leaves none behind."""

import shutil
import sys

import pytest

from census.probe import ProbeError, probe


def test_a_released_model_answers_and_its_service_stops(whole_run):
    found = probe(whole_run / "out")
    assert (found.status, found.exit_code) == (200, 0)
    assert found.label in ("<=50K", ">50K") and 0 <= found.probability <= 1
    assert found.model_version == (whole_run / "out" / "releases" / "current").readlink().name


@pytest.mark.parametrize(("script", "said"), [
    ("raise SystemExit(3)", "ended before it was ready"),
    ("print('listening on nothing', flush=True)", "ended before it was ready")])
def test_a_service_that_does_not_start_is_told(tmp_path, monkeypatch, script, said):
    (tmp_path / "logs").mkdir()
    fake = tmp_path / "python"
    fake.write_text(f"#!{sys.executable}\n{script}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(ProbeError, match=said):
        probe(tmp_path)


def test_a_service_that_hangs_is_ended(tmp_path, monkeypatch):
    (tmp_path / "logs").mkdir()
    fake = tmp_path / "python"
    fake.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(100)\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
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
