"""The probe asks a real service for everything, and leaves none behind, whoever is killed."""

import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from played_days import told_days  # noqa: F401  pylint: disable=unused-import

from riskwatch.client import LISTS
from riskwatch.probe import Asked, Probe, ProbeError, _check_prediction, probe, running
from riskwatch.simulate_words import Told


def test_everything_is_answered_and_the_service_stops(
        told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKWATCH_LEDGER_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    found = probe(told.played.place.out, tmp_path / "client", tmp_path / "dashboard.html")
    assert found.is_sound and found.exit_code == 0 and not found.failed
    asked = {one.request for one in found.asked}
    assert asked >= {f"GET /v1/{name}" for name in LISTS} | {
        "GET /", "GET /health/ready", "GET /scoring", "POST /prediction", "POST /v1/predictions"}
    assert all(one.byte_count > 0 for one in found.asked)
    assert (tmp_path / "dashboard.html").read_bytes().startswith(b"<!doctype html>")
    version = told.story.deployments[-1][1]
    assert version in (tmp_path / "client" / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("changes", [
    {"asked": (Asked("GET /", 503, 1.0, 9),)}, {"is_whole": False}, {"exit_code": -6}])
def test_a_failed_request_a_gap_or_a_bad_end_is_not_sound(changes: dict[str, object]) -> None:
    good = {"asked": (Asked("GET /", 200, 1.0, 9),), "collected": "", "is_whole": True,
            "seconds_to_ready": 1.0, "exit_code": 0}
    assert Probe(**good).is_sound  # type: ignore[arg-type]
    assert not Probe(**{**good, **changes}).is_sound  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [
    b"{}", b"no json", b'{"predictions": []}', b'{"predictions": [{"probability": 1.2}]}',
    b'{"predictions": [{"probability": "much"}]}', b'{"predictions": [{}, {}]}'])
def test_an_answer_that_is_no_prediction_is_told(content: bytes) -> None:
    with pytest.raises(ProbeError, match="not with a prediction"):
        _check_prediction(content)


def test_a_damaged_release_is_seen(told: Told, tmp_path: Path) -> None:
    shutil.copytree(told.played.place.out, tmp_path / "w", symlinks=True)
    model = tmp_path / "w" / "releases" / "current" / "model.skops"
    model.write_bytes(model.read_bytes()[:-5])
    found = probe(tmp_path / "w", tmp_path / "client", tmp_path / "dashboard.html")
    assert not found.is_sound and found.exit_code == 0
    assert ("POST /v1/predictions", 503) in {(one.request, one.status) for one in found.failed}


def _let_python_be(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a program that runs a script stand in for the interpreter."""
    fake = folder / "python"
    words = shlex.join([sys.executable, "-c", script])
    fake.write_text(f"#!/bin/sh\nexec {words}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))


@pytest.mark.parametrize("script", [
    "raise SystemExit(3)", "print('listening on nothing', flush=True)",
    "import time; time.sleep(100)"])
def test_a_service_that_does_not_start_is_told(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    _let_python_be(script, tmp_path, monkeypatch)
    monkeypatch.setattr("riskwatch.probe._SECONDS_TO_START", 1.0)
    with pytest.raises(ProbeError, match="ended before it was ready"):
        probe(tmp_path, tmp_path / "client", tmp_path / "dashboard.html")


def test_a_service_that_does_not_answer_is_told_and_ended(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.socket()) as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        _let_python_be(f"import time; print('listening on http://127.0.0.1:{port}', flush=True); "
                       "time.sleep(100)", tmp_path, monkeypatch)
        with pytest.raises(ProbeError, match="does not answer"):
            probe(tmp_path, tmp_path / "client", tmp_path / "dashboard.html")


def test_the_service_ends_with_whoever_started_it(told: Told) -> None:
    script = ("import sys, time\nfrom pathlib import Path\nfrom riskwatch.probe import running\n"
              "with running(Path(sys.argv[1])) as (_, address):\n"
              "    print(address, flush=True)\n    time.sleep(100)")
    with subprocess.Popen([sys.executable, "-c", script, str(told.played.place.out)],
                          stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        address = parent.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", address)
        parent.send_signal(signal.SIGKILL)
    port = urlsplit(address).port
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with closing(socket.socket()) as asking:
            if asking.connect_ex(("127.0.0.1", port)) != 0:
                break
        time.sleep(0.1)
    else:
        pytest.fail("the service goes on without its parent")


def test_a_fault_while_it_runs_ends_the_service(told: Told) -> None:
    with pytest.raises(ZeroDivisionError), running(told.played.place.out) as (service, _):
        raise ZeroDivisionError
    assert service.returncode == -signal.SIGKILL
