"""simulate and run by words: what they print, and bad input in one plain line."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from riskwatch import pipeline
from riskwatch.cli import main
from riskwatch.errors import OutputError
from riskwatch.lock import hold
from riskwatch.simulation_commands import day_shower


@pytest.mark.parametrize("command", ["simulate", "run"])
def test_bad_input_is_one_plain_line_and_exit_2(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
        command: str) -> None:
    monkeypatch.chdir(tmp_path)
    for words, text in (
            (["--days", "0"], "--days 0: give a number from 1 to 10000"),
            (["--days", "10001"], "--days 10001"),
            (["--data", "/nowhere"], "/nowhere: cannot be read"),
            (["--data", "."], "holds no CSV file"), (["--config", "/nowhere"], "cannot read")):
        assert main([command, *words, "--out", "out"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"riskwatch {command}: ") and text in line
    assert not (tmp_path / "out" / "simulation").exists()


def test_a_folder_that_no_simulation_made_stays_and_is_exit_2(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "simulation").mkdir()
    (tmp_path / "simulation" / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["simulate", "--days", "1", "--out", str(tmp_path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "was not made by a simulation" in lines[0]
    assert (tmp_path / "simulation" / "mine.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("held", [".", "simulation"])
def test_a_second_one_exits_75(tmp_path: Path, held: str) -> None:
    with hold(tmp_path / held):
        assert main(["simulate", "--days", "1", "--out", str(tmp_path)]) == 75


@pytest.mark.parametrize(("is_sound", "code"), [(True, 0), (False, 1)])
def test_only_what_went_wrong_is_exit_1(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
        is_sound: bool, code: int) -> None:
    told = SimpleNamespace(played=SimpleNamespace(is_sound=is_sound), is_sound=is_sound,
                           in_words=lambda: ("one", "two"), pictures={"svg": "a.svg"})
    monkeypatch.setattr(pipeline, "play", lambda *_: told)
    monkeypatch.setattr(pipeline, "run", lambda *_: told)
    assert main(["simulate", "--out", str(tmp_path)]) == code
    assert capsys.readouterr().out == "one\ntwo\ntimeline: a.svg\n"
    assert main(["run", "--out", str(tmp_path)]) == code
    assert capsys.readouterr().out == "one\ntwo\n"


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                 capsys: pytest.CaptureFixture[str]) -> None:
    def full(*_: object) -> None:
        raise OutputError("cannot write x: no space; free some space")

    monkeypatch.setattr(pipeline, "play", full)
    assert main(["simulate", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "riskwatch simulate: cannot write x: no space; free some space\n")


def test_days_are_shown_in_lines_where_there_is_no_terminal(
        capsys: pytest.CaptureFixture[str]) -> None:
    with day_shower() as on_day:
        for day in range(25):
            on_day(day, 25)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "day 0 of 25", "day 10 of 25", "day 20 of 25"]


def test_days_are_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with day_shower() as on_day:
        on_day(11, 25)
    assert "12/25" in capsys.readouterr().err
