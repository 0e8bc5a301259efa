"""A whole run by words alone: days played, a service that answered, a report by the contract."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from played_days import QUICK

from riskwatch.cli import main

FIGURES = {"simulated_days", "drift_eras_seen", "drift_eras_missed", "false_alarms",
           "planted_faults_missed", "last_drop_roc_auc", "last_drop_f1", "deployments",
           "challengers_refused", "requests_probed", "requests_failed", "audit_problems",
           "seconds_to_play", "seconds_to_ready"}


def run(*words: "str | Path") -> int:
    """Run the command line with these words."""
    return main([str(word) for word in words])


@pytest.fixture(name="out", scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run that was made twice, the second time over the first."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "quick.toml").write_text(QUICK, encoding="utf-8")
    for days in (2, 6):
        assert run("run", "--days", str(days), "--config", folder / "quick.toml", "--out",
                   folder / "out") == 0
    return folder / "out"


def test_the_summary_keeps_the_contract_and_its_files_are_there(out: Path) -> None:
    summary = json.loads((out / "report" / "summary.json").read_text(encoding="utf-8"))
    assert set(summary) == {"module", "title", "started_utc", "seconds", "data", "figures",
                            "images", "links"}
    assert summary["module"] == "module4_scoring_monitoring"
    assert summary["data"]["source"] == "generated drops, seed 42"
    paths = [*summary["images"], *(link["path"] for link in summary["links"])]
    assert len(paths) == 7
    for path in paths:
        assert (out / "report" / path).is_file(), path
    assert {figure["name"] for figure in summary["figures"]} == FIGURES
    values = {figure["name"]: figure["value"] for figure in summary["figures"]}
    assert (values["simulated_days"], values["requests_failed"], values["requests_probed"],
            values["audit_problems"], values["planted_faults_missed"]) == (6, 0, 18, 0, 0)


def test_the_page_shows_the_timeline_and_the_service(out: Path) -> None:
    page = (out / "report" / "index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 1
    assert "GET /v1/summary-statistics" in page and "stopped with exit code 0" in page
    assert 'href="../simulation/timeline.svg"' in page and 'href="dashboard.html"' in page
    assert "://" not in page.replace("xmlns=", "")


def test_a_run_leaves_no_service_behind(out: Path) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        assert not ("serve" in words and str(out / "simulation") in words), process


def test_own_files_are_played_served_and_reported_without_a_truth(
        out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = out / "simulation" / "drops" / "day_000"
    assert run("run", "--data", mine, "--days", "3", "--config", out.parent / "quick.toml",
               "--out", tmp_path) == 0
    summary = json.loads((tmp_path / "report" / "summary.json").read_text(encoding="utf-8"))
    assert summary["data"]["source"] == "the files of day_000"
    assert "false_alarms" not in {figure["name"] for figure in summary["figures"]}
    assert "against the truth" not in capsys.readouterr().out


def test_a_run_that_was_killed_while_it_played_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    words = ["run", "--config", str(tmp_path / "quick.toml"), "--out", str(tmp_path / "out")]
    with subprocess.Popen([sys.executable, "-m", "riskwatch.cli", *words, "--days", "90"],
                          stderr=subprocess.DEVNULL) as killed:
        deadline = time.monotonic() + 60
        while not list((tmp_path / "out").glob("simulation/releases/current")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(killed.pid, signal.SIGKILL)
    assert not (tmp_path / "out" / "report").exists()
    assert run(*words, "--days", "1") == 0
    assert (tmp_path / "out" / "report" / "index.html").is_file()
