"""The README is true: its blocks run, its paths exist, its settings are settings."""

import re
import runpy
import shlex
import shutil
from pathlib import Path

import pytest
import yaml
from quick import WORDS, run_captured

import rentals
from rentals.artifacts import Store
from rentals.commands import COMMANDS
from rentals.configuration import load_settings
from rentals.lineage import all_runs

MODULE = Path(__file__).parents[1]
TEXT = (MODULE / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.M | re.S)
CHANGELOG = (MODULE / "lessons/release_story/CHANGELOG.md").read_text(encoding="utf-8")
#: Ways to start that their own tests start for real.
ELSEWHERE = ("mlflow run", ".venv/bin/mlflow ui")


def _blocks(language):
    return [content for name, content in BLOCKS if name == language]


@pytest.fixture(scope="module", name="shown")
def _shown(home, tmp_path_factory):
    """The folder in which every command of the README was run, in order."""
    folder = tmp_path_factory.mktemp("reader")
    said = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        first, *lines = "".join(_blocks("sh")).replace("\\\n", "").splitlines()
        # The first one is what made the folder that all tests share.
        assert shlex.split(first) == ["rentals", "run", "--out", "build/try", *WORDS]
        shutil.copytree(home / "out", folder / "build" / "try")
        store = Store(folder / "build" / "try" / "artifacts")
        shutil.copyfile(store.get("test_data.csv").path, "build/try/mine.csv")
        run = next(record.run for record in all_runs(store) if record.step == "clean")
        for line in lines:
            words = shlex.split(line.replace("RUN_ID", run[:12]))
            assert words[0] == "rentals"
            code, said[words[1]] = run_captured(words[1:])
            assert code == 0, (line, said[words[1]])
    return folder, said


def test_the_commands_do_what_the_readme_says(shown):
    folder, said = shown
    for path in ("predictions.csv", "logs/rentals.log", "report/index.html", "lineage.png",
                 "mlflow.db", "wandb"):
        assert (folder / "build/try" / path).exists(), path
    assert "2 of 2 artifacts are equal, byte for byte" in said["reproduce"]
    assert Store(folder / "build/try/artifacts").get("clean_sample.csv:cheap").number == 2
    assert sum(" chosen_model:v" in line for line in said["run"].splitlines()) == 3


def test_the_python_block_runs(shown, monkeypatch, capsys):
    monkeypatch.chdir(shown[0])
    script = shown[0] / "example.py"
    script.write_text(_blocks("python")[0], encoding="utf-8")
    runpy.run_path(str(script))
    assert re.search(r"\d+ test rows, mean absolute error \d+\.\d\d dollars by ridge",
                     capsys.readouterr().out)


def test_every_block_is_of_a_language_that_is_tested():
    assert {name for name, _ in BLOCKS} == {"text", "sh", "python"}


def test_plain_blocks_show_verbs_or_ways_that_are_tested_elsewhere():
    makefile = (MODULE / "Makefile").read_text(encoding="utf-8")
    for line in "".join(_blocks("text")).splitlines():
        verb = re.match(r"make +(\w+)? *#|make +#", line)
        assert verb or line.startswith(ELSEWHERE), line
        if verb and verb.group(1):
            assert re.search(rf"^{verb.group(1)}:", makefile, re.M), line


def test_the_parameters_of_mlflow_run_are_parameters_of_the_entry_points():
    points = yaml.safe_load((MODULE / "MLproject").read_text("utf-8"))["entry_points"]
    lines = [line for line in "".join(_blocks("text")).splitlines()
             if line.startswith("mlflow run")]
    assert len(lines) == 4
    for line in lines:
        words = shlex.split(line)
        point = words[words.index("-e") + 1] if "-e" in words else "main"
        given = dict(word.split("=", 1) for flag, word in zip(words, words[1:]) if flag == "-P")
        assert set(given) <= set(points[point]["parameters"]), line
        assert "local" in words
        load_settings(given.get("hydra_options", "").split())


def test_settings_named_in_the_text_are_settings():
    words = re.findall(r"`((?:[a-z_]+\.)+[a-z_]+=\w+|(?:data|tracking)=\w+)`", TEXT)
    words += re.findall(r"rentals run ((?:tracking|data)[.\w]*=\w+)", TEXT)
    assert len(words) >= 4
    for word in words:
        load_settings([word])


def test_every_path_named_exists():
    text = TEXT + "".join(path.read_text("utf-8") for path in (MODULE / "lessons").rglob("*.md"))
    named = set(re.findall(r"`((?:src|config|lessons|tests)/[\w./]+)`", text))
    named |= set(re.findall(r"\]\(([\w./]+\.md)\)", TEXT))
    assert len(named) > 25
    for path in named:
        assert (MODULE / path).exists(), path


def test_every_room_is_named_and_no_other():
    rooms = {path.stem for path in (MODULE / "src" / "rentals").glob("[!_]*.py")}
    section = TEXT.split("## The rooms")[1].split("## ")[0]
    assert rooms <= set(re.findall(r"\w+", section))
    named = set(re.findall(r"`(\w+)`", section)) - {"steps", "checks", "fit", "pyproject"}
    assert named <= rooms


def test_the_first_reading_is_short():
    section = TEXT.split("## The rooms")[1].split("Around them")[0]
    files = re.findall(r"`(src/rentals/[\w/]+\.py)`", section)
    lines = sum(len((MODULE / file).read_text(encoding="utf-8").splitlines()) for file in files)
    assert len(files) <= 10
    assert lines <= 1500


def test_every_command_is_documented():
    for name in COMMANDS:
        assert re.search(rf"rentals\s+{name}\b", TEXT), name


def test_the_newest_entry_of_the_changelog_is_this_version():
    versions = re.findall(r"^## (\d+\.\d+\.\d+) ", CHANGELOG, re.M)
    assert versions == sorted(versions, reverse=True) and versions[-1] == "1.0.0"
    assert versions[0] == rentals.__version__
    project = (MODULE / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{versions[0]}"' in project and f"Version {versions[0]}," in TEXT
