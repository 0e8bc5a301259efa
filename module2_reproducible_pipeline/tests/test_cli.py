"""The command line: words in, exit codes out, and light until it is understood."""

import subprocess
import sys

import pytest

from quick import run_captured

from rentals import cli, commands
from rentals.errors import ArtifactError, BusyError, CheckSaidNo


@pytest.mark.parametrize("argv", [["--help"], ["run", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(argv):
    code = ("import sys; from rentals.cli import main\ntry:\n    main(sys.argv[1:])\nfinally:\n"
            "    print([n for n in ('numpy', 'hydra', 'mlflow', 'rich') if n in sys.modules])")
    said = subprocess.run([sys.executable, "-c", code, *argv], check=True, capture_output=True,
                          text=True).stdout
    assert "rentals" in said and said.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("fault", "expected"), [
    (CheckSaidNo("no"), 1), (ArtifactError("no"), 2), (BusyError("no"), 75),
    (KeyboardInterrupt(), 130)])
def test_each_kind_of_fault_has_its_exit_code(tmp_path, monkeypatch, fault, expected):
    def fail(*_):
        raise fault

    monkeypatch.setitem(commands.COMMANDS, "lineage", fail)
    code, said = run_captured(["lineage", "--out", str(tmp_path)])
    assert code == expected and "rentals lineage: " in said and "Traceback" not in said
    assert "Traceback" in (tmp_path / "logs" / "rentals.log").read_text("utf-8")


def test_options_may_stand_between_settings(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setitem(commands.COMMANDS, "run",
                        lambda arguments, *_: seen.append(arguments) or 0)
    assert run_captured(["run", "--out", str(tmp_path), "a=1", "-m", "b=2"])[0] == 0
    assert seen[0].words == ["a=1", "b=2"] and seen[0].multirun


@pytest.mark.parametrize("argv", [[], ["dance"], ["run", "--dance"], ["lineage", "a", "b"]])
def test_words_that_are_not_understood_are_usage(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(argv)
    assert caught.value.code == 2 and "usage: rentals" in capsys.readouterr().err


def test_an_address_with_a_key_does_not_reach_the_log(tmp_path):
    run_captured(["fetch", "--out", str(tmp_path), "--source", "ftp://user:key@example.org/x?k=1"])
    text = (tmp_path / "logs" / "rentals.log").read_text("utf-8")
    assert "key@" not in text and "k=1" not in text
