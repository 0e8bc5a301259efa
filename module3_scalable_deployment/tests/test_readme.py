"""The README is true: its blocks run, its paths exist, its settings are settings."""

import re
import shlex
from pathlib import Path

import pytest

from census.cli import main
from census.commands import COMMANDS

MODULE = Path(__file__).parents[1]
TEXT = (MODULE / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.M | re.S)

#: Lines before the settings, where these are written to, the settings, the commands.
SHELL = re.compile(r"(.*)cat > (\S+) <<'END'\n(.*)END\n(.*)", re.S)


def _blocks(language):
    return [content for name, content in BLOCKS if name == language]


@pytest.fixture(scope="module", name="shown")
def _shown(tmp_path_factory):
    """The folder in which every command of the README was run, in order."""
    folder = tmp_path_factory.mktemp("reader")
    before, name, settings, commands = SHELL.fullmatch("".join(_blocks("sh"))).groups()
    assert before.splitlines() == [". .venv/bin/activate", "mkdir -p build"]
    (folder / "build").mkdir()
    (folder / name).write_text(settings, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # In this process, because ten starts of Python would double the time.
        for line in commands.splitlines():
            words = shlex.split(line)
            assert words[0] == "census"
            assert main(words[1:]) == 0, line
    return folder


def test_the_commands_do_what_the_readme_says(shown):
    for path in ("try/data/census.csv", "try/logs/census.log", "try/slices/slice_output.txt",
                 "try/bias/report.md", "try/card/model_card.html", "try/releases/current",
                 "all/report/index.html"):
        assert (shown / "build" / path).exists(), path


def test_every_block_is_of_a_language_that_is_tested():
    assert {name for name, _ in BLOCKS} == {"text", "sh"}


def test_the_verbs_shown_are_verbs_of_the_makefile():
    makefile = (MODULE / "Makefile").read_text(encoding="utf-8")
    for verb in re.findall(r"make (\w+)", TEXT):
        assert re.search(rf"^{verb}:", makefile, re.M), verb


def test_every_path_named_exists():
    named = set(re.findall(r"`((?:src|config|lessons|tests)/[\w./]+)`", TEXT))
    assert len(named) > 12
    for path in named:
        assert (MODULE / path).exists(), path


def test_every_room_is_named():
    rooms = {path.stem for path in (MODULE / "src" / "census").rglob("[!_]*.py")}
    section = TEXT.split("## The rooms")[1].split("## ")[0]
    assert rooms <= set(re.findall(r"\w+", section))


def test_the_first_reading_is_short():
    section = TEXT.split("## The rooms")[1].split("Around them")[0]
    files = re.findall(r"`(src/census/[\w/]+\.py)`", section)
    lines = sum(len((MODULE / file).read_text(encoding="utf-8").splitlines()) for file in files)
    assert len(files) <= 10
    assert lines <= 1500


def test_every_command_is_documented():
    for name in COMMANDS:
        assert f"census {name}" in TEXT, name
