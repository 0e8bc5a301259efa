"""The pages of deploy/: their commands run, and what they name is there."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from riskwatch.cli import build_parser, main

MODULE = Path(__file__).parents[1]
DEPLOY = MODULE / "deploy"
PAGES = {name: (DEPLOY / name).read_text("utf-8") for name in ("README.md", "scale.md")}


def lines_of(kind: str) -> list[str]:
    """Return the lines of the blocks of a kind."""
    blocks = re.findall(rf"^```{kind}\n(.*?)^```$", PAGES["README.md"], re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def test_the_commands_of_the_page_run_in_their_order(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["cycle"]) == 0
    commands = [shlex.split(line) for line in lines_of("sh")]
    assert len(commands) == 7
    for command in commands:
        assert command[0] == "riskwatch"
        assert main(command[1:]) == 0, command
    said = capsys.readouterr().out
    assert "CRON_TZ=UTC" in said and "removed from build/crontab.txt" in said
    assert "audit: " in said and ", 0 problems" in said


def test_the_words_of_schedule_are_all_on_the_page() -> None:
    (commands,) = [action for action in build_parser()._actions  # pylint: disable=W0212
                   if isinstance(action.choices, dict)]
    assert isinstance(commands.choices, dict)
    words = set(re.findall(r"--[a-z-]+", commands.choices["schedule"].format_help()))
    assert words - {"--help", "--out"} <= set(re.findall(r"--[a-z-]+", PAGES["README.md"]))


def test_files_and_settings_that_the_pages_name_are_there() -> None:
    for line in lines_of("text"):
        for word in re.findall(r"(?:deploy|config|src)/[\w.*/-]+", line):
            assert [*MODULE.glob(word)], word
    table = re.findall(r"^\| (`[^|]*) \|", PAGES["README.md"].split("## Try")[0], re.M)
    for name in re.findall(r"`([^`]+)`", " ".join(table)):
        assert (DEPLOY / name).exists(), name
    known = tomllib.loads((MODULE / "config" / "riskwatch.toml").read_text("utf-8"))
    named = re.findall(r"`(schedule|ingest)\.([a-z_]+)(?: = \d+)?`", "".join(PAGES.values()))
    assert named and all(key in known[section] for section, key in named)
