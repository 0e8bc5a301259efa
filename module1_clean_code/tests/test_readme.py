"""The README is true: its blocks run, its paths exist, its settings are settings."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from churn.cli import main
from churn.commands import COMMANDS

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
        # In this process, because seven starts of Python would double the time.
        for line in commands.splitlines():
            words = shlex.split(line)
            assert words[0] == "churn"
            assert main(words[1:]) == 0, line
    return folder


def test_the_commands_do_what_the_readme_says(shown):
    for path in ("try/predictions.csv", "try/logs/churn.log", "try/eda/index.html",
                 "try/evaluation/index.html", "try/drift/index.html", "try/releases/current",
                 "all/report/index.html"):
        assert (shown / "build" / path).exists(), path
    assert len(list((shown / "build/all/course").rglob("*.skops"))) == 2


def test_the_python_block_runs(shown, monkeypatch, capsys):
    monkeypatch.chdir(shown)
    script = shown / "example.py"
    script.write_text(_blocks("python")[0], encoding="utf-8")
    runpy.run_path(str(script))
    assert re.search(r"800 customers, 1\d\.\d% left", capsys.readouterr().out)


def test_every_block_is_of_a_language_that_is_tested():
    assert {name for name, _ in BLOCKS} == {"text", "sh", "python"}


def test_the_verbs_shown_are_verbs_of_the_makefile():
    makefile = (MODULE / "Makefile").read_text(encoding="utf-8")
    # Those of the monorepo stand in its own Makefile.
    for verb in set(re.findall(r"make (\w+)", TEXT)) - {"learn", "start", "grade"}:
        assert re.search(rf"^{verb}:", makefile, re.M), verb


def test_every_path_named_exists():
    named = set(re.findall(r"`((?:src|config|lessons|tests)/[\w./]+)`", TEXT))
    assert len(named) > 12
    for path in named:
        assert (MODULE / path).exists(), path


def test_every_room_is_named():
    rooms = {path.stem for path in (MODULE / "src" / "churn").glob("[!_]*.py")}
    section = TEXT.split("## The rooms")[1].split("## ")[0]
    assert rooms <= set(re.findall(r"\w+", section))


def test_the_first_reading_is_short():
    section = TEXT.split("## The rooms")[1].split("Around them")[0]
    files = re.findall(r"`(src/churn/\w+\.py)`", section)
    lines = sum(len((MODULE / file).read_text(encoding="utf-8").splitlines()) for file in files)
    assert len(files) <= 10
    assert lines <= 1500


def test_every_command_is_documented():
    for name in COMMANDS:
        assert f"churn {name}" in TEXT, name
