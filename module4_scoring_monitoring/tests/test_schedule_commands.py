"""`riskwatch schedule`: its words, its answers, its exit codes."""

import shlex
import sys
from pathlib import Path

import pytest

from riskwatch.cli import main


def test_a_schedule_is_installed_shown_and_removed(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--out", str(tmp_path / "out"), "--tabfile", str(tmp_path / "tab")]
    assert main(["schedule", "show", *where]) == 1
    assert "no schedule in" in capsys.readouterr().out
    assert main(["schedule", "install", *where, "--mail-to", "ops@example.org"]) == 0
    assert "every 10 minutes (UTC, where cron knows CRON_TZ" in capsys.readouterr().out
    assert main(["schedule", "install", *where, "--mail-to", "ops@example.org"]) == 0
    assert "was installed already" in capsys.readouterr().out
    assert main(["schedule", "show", *where]) == 0
    assert capsys.readouterr().out == (tmp_path / "tab").read_text("utf-8")
    assert 'MAILTO="ops@example.org"' in (tmp_path / "tab").read_text("utf-8")
    assert main(["schedule", "remove", *where]) == 0
    assert main(["schedule", "remove", *where]) == 0
    assert capsys.readouterr().out.endswith(f"no schedule in {tmp_path / 'tab'}\n")
    assert (tmp_path / "tab").read_bytes() == b""


def test_printed_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[schedule]\nevery_minutes = 30\ntime_zone = "Europe/Berlin"\n', "utf-8")
    assert main(["schedule", "install", "--print", "--out", str(tmp_path / "out"),
                 "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert f"CRON_TZ=Europe/Berlin\n*/30 * * * * {shlex.quote(sys.executable)} " in said
    assert f"--config {config}" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("words", "said"), [
    (["install", "--every", "7"], "not evenly apart"), (["install", "--at", "25:00"], "02:30"),
    (["install", "--mail-to", "a b"], "no address"), (["show", "--print"], "install only"),
    (["install", "--environment-file", "none"], "cannot be read")])
def test_wrong_words_are_one_line_and_change_nothing(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert main(["schedule", *words, "--out", str(tmp_path / "out"), "--tabfile",
                 str(tmp_path / "tab")]) == 2
    message = capsys.readouterr().err
    assert said in message and message.count("\n") == 1
    assert not [*tmp_path.iterdir()]
