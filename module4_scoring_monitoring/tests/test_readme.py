"""The README is true: its blocks run, its paths exist, its settings are settings."""

import re
import shlex
from pathlib import Path

import pytest

from riskwatch.cli import main
from riskwatch.settings import Settings
from riskwatch.words import HELP

MODULE = Path(__file__).parents[1]
TEXT = (MODULE / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.M | re.S)

#: Lines before the settings, where these are written to, the settings, the commands.
SHELL = re.compile(r"(.*)cat > (\S+) <<'END'\n(.*)END\n(.*)", re.S)


def _blocks(language: str) -> list[str]:
    return [content for name, content in BLOCKS if name == language]


@pytest.fixture(scope="module", name="shown")
def shown_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every command of the README was run, in order."""
    folder = tmp_path_factory.mktemp("reader")
    parts = SHELL.fullmatch("".join(_blocks("sh")))
    assert parts is not None
    before, name, settings, commands = parts.groups()
    assert before.splitlines() == [". .venv/bin/activate", "mkdir -p build"]
    (folder / "build").mkdir()
    (folder / name).write_text(settings, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # In this process, because a dozen starts of Python would double the time.
        for line in commands.splitlines():
            words = shlex.split(line)
            assert words[0] == "riskwatch"
            assert main(words[1:]) == 0, line
    return folder


def test_the_commands_do_what_the_readme_says(shown: Path) -> None:
    for path in ("try/drops/manifest.json", "try/logs/riskwatch.log", "try/releases/current",
                 "try/ledger.sqlite", "try/ledger.backup", "days/simulation/timeline.svg"):
        assert (shown / "build" / path).exists(), path
    assert len(list((shown / "build" / "try" / "reports").glob("run_*/report.pdf"))) >= 2


def test_every_block_is_of_a_language_that_is_tested() -> None:
    assert {name for name, _ in BLOCKS} == {"text", "sh"}


def test_the_verbs_shown_are_verbs_of_the_makefile() -> None:
    makefile = (MODULE / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"`?make (\w+)", TEXT))
    assert len(verbs) >= 4
    for verb in verbs:
        assert re.search(rf"^{verb}:", makefile, re.M), verb


def test_every_path_named_exists() -> None:
    named = set(re.findall(r"`((?:src|config|deploy|lessons|tests)/[\w./-]+)`", TEXT))
    assert len(named) > 20
    for path in named:
        assert (MODULE / path).exists(), path


def test_every_room_is_named_and_no_other() -> None:
    rooms = {path.stem for path in (MODULE / "src" / "riskwatch").rglob("*.py")
             if not path.stem.startswith("_")}
    section = TEXT.split("## The rooms")[1].split("The cycle writes")[0]
    named = {Path(name).stem for name in re.findall(r"`([\w/.]+)`", section)}
    assert named - {"riskwatch", "web"} == rooms


def test_the_first_reading_is_short() -> None:
    section = TEXT.split("## The rooms")[1].split("Around them")[0]
    files = re.findall(r"`(src/riskwatch/[\w/]+\.py)`", section)
    lines = sum(len((MODULE / file).read_text(encoding="utf-8").splitlines()) for file in files)
    assert len(files) <= 10
    assert lines <= 1500


def test_every_command_is_documented() -> None:
    section = TEXT.split("## Measured")[0]
    for name in HELP:
        assert re.search(rf"(riskwatch {name}|also .*\b{name})\b", section), name


def test_every_section_of_the_settings_stands_in_the_file_and_with_its_default() -> None:
    import tomllib  # pylint: disable=import-outside-toplevel

    values = tomllib.loads((MODULE / "config" / "riskwatch.toml").read_text(encoding="utf-8"))
    known = Settings().model_dump()
    assert values.keys() == known.keys()
    for name, section in values.items():
        if isinstance(section, dict):
            assert section.keys() == known[name].keys(), name
    for name in re.findall(r"`\[(\w+)\]`", TEXT):
        assert name in known, name
