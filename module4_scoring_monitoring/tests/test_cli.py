"""The command line: exit codes, one plain line, quick help, one run at a time."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from poison_drops import GOOD

from riskwatch.cli import build_parser, main
from riskwatch.ledger import open_ledger
from riskwatch.lock import hold
from riskwatch.records import Run, RunEnd
from riskwatch.workplace import Workplace


def run(*words: "str | Path") -> int:
    """Run the command line with these words."""
    return main([str(word) for word in words])


def test_help_answers_at_once_and_loads_nothing_heavy() -> None:
    code = ("import sys; from riskwatch.cli import main\ntry:\n main(['--help'])\nexcept "
            "SystemExit: pass\nprint([n for n in ('numpy', 'pandas', 'sqlalchemy', 'duckdb', "
            "'sklearn', 'pydantic') if n in sys.modules])")
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                            check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", [["ingest"], ["cycle"], ["train"], ["rollback"], ["data"]])
def test_a_second_run_exits_75_and_is_recorded(
        tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with hold(tmp_path):
        assert run(*words, "--out", tmp_path) == 75
    assert "another run" in capsys.readouterr().err
    with closing(open_ledger(Workplace(tmp_path))) as ledger:
        end, begun = ledger.latest(RunEnd), ledger.latest(Run)
    assert end and begun and end.run_id == begun.id
    assert (end.record.outcome, begun.record.command) == ("locked_out", words[0])


@pytest.mark.parametrize(("words", "text"), [
    (["ingest", "--data", "/nowhere"], "/nowhere: cannot be read"),
    (["score"], "no model serves"), (["train"], "labelled rows to train on"),
    (["deploy", "x"], "is no release"), (["rollback"], "nothing to roll back to"),
    (["restore", "/nowhere"], "no such backup"), (["backup", "/proc/x"], "cannot write"),
    (["cycle", "--config", "/nowhere"], "cannot read the settings"),
    (["cycle", "--seed", "-1"], "setting seed")])
def test_bad_input_is_one_plain_line_and_exit_2(
        tmp_path: Path, words: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_ledger(Workplace(tmp_path / "out"))):
        pass
    assert run(*words, "--out", tmp_path / "out") == 2
    lines = [line for line in capsys.readouterr().err.splitlines()
             if line.startswith(f"riskwatch {words[0]}: ")]
    assert len(lines) == 1 and text in lines[0]


@pytest.mark.parametrize("words", [[], ["nonsense"], ["cycle", "--trigger", "moon"], ["deploy"]])
def test_wrong_words_exit_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_eight_starts_at_once_are_one_run(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.csv").write_text(GOOD, encoding="utf-8")
    with hold(tmp_path):  # so that all eight are up before one can win
        # pylint: disable-next=consider-using-with  # they have to run beside each other
        started = [subprocess.Popen([sys.executable, "-m", "riskwatch.cli", "cycle", "--out",
                                     str(tmp_path)], stderr=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL) for _ in range(8)]
        codes = [process.wait() for process in started]
    assert codes == [75] * 8
    assert run("cycle", "--out", tmp_path) == 0
    with closing(open_ledger(Workplace(tmp_path))) as ledger:
        outcomes = [outcome for (outcome,) in ledger.columns(RunEnd, "outcome")]
        assert outcomes == ["locked_out"] * 8 + ["done"]
        assert not ledger.unended_runs()


def test_a_full_story_by_words_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "quick.toml"
    config.write_text("[synthetic]\ndrops = 3\n[scoring]\nbootstrap_resamples = 100\n[training]\n"
                      'candidates = ["logistic_regression"]\n', encoding="utf-8")
    common = ("--config", config, "--out", tmp_path / "out")
    assert run("data", *common) == 0
    for day in range(3):
        assert run("cycle", *common, "--data", tmp_path / "out" / "drops" / f"day_{day:03d}") == 0
    assert run("train", *common) == 0
    assert run("releases", *common) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.endswith("rows  serves")
             or line.endswith("rows")]
    assert len(lines) >= 2 and lines[0].endswith("serves")  # cycles may have tried others
    assert run("deploy", lines[-1].split()[0], *common) == 0
    assert run("score", *common) == 0
    assert "rows of the hold-out: F1 0." in capsys.readouterr().out
    assert run("backup", tmp_path / "copy.sqlite", *common) == 0
    assert run("rollback", *common, "--reason", "worse") == 0
    assert f"{lines[0].split()[0]} serves again" in capsys.readouterr().out
    assert run("audit", *common) == 0
    assert run("restore", tmp_path / "copy.sqlite", *common) == 0
    capsys.readouterr()
    assert run("audit", *common) == 1  # the link is where the newer ledger had put it
    assert "the link names" in capsys.readouterr().out
    assert run("cycle", *common) == 0 and run("audit", *common) == 0
    assert (tmp_path / "out" / "logs" / "riskwatch.log").stat().st_size > 0


def test_a_refused_file_makes_ingest_say_no(tmp_path: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("nonsense\n", encoding="utf-8")
    assert run("ingest", "--out", tmp_path / "out", "--data", tmp_path / "in") == 1
    assert "refused: " in capsys.readouterr().out
    assert os.listdir(tmp_path / "in") == ["a.csv"]


def test_every_command_has_its_help() -> None:
    from riskwatch.commands import COMMANDS  # pylint: disable=import-outside-toplevel

    text = build_parser().format_help()
    assert all(f"    {name}" in text for name in COMMANDS)


def test_the_settings_stand_in_the_log_and_not_on_the_console(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ingest", "--out", tmp_path, "--seed", "7") == 0
    assert "settings: {'seed': 7" in (tmp_path / "logs" / "riskwatch.log").read_text()
    assert "settings:" not in "".join(capsys.readouterr())
