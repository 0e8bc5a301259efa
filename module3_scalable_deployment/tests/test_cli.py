"""The command line as its users meet it: exit codes, plain lines, interrupts."""

import os
import signal
import subprocess
import sys

import pytest

from census.cli import build_parser, main
from census.commands import COMMANDS
from census.lock import hold

STAGES = [name for name, command in COMMANDS.items() if command.kind == "stage"]


def _python(*words, **options):
    return subprocess.run([sys.executable, "-m", "census.cli", *map(str, words)],
                          capture_output=True, text=True, check=False, timeout=120, **options)


@pytest.mark.parametrize(("words", "said"), [
    (["data", "--data", "none.csv"], "none.csv"),
    (["generate", "--data", "."], "not a regular file"),
    (["run", "--params", "none.yaml"], "none.yaml"),
    (["run", "--seed", "-1"], "seed"),
    (["prepare"], "census.csv"),
    (["train"], "train.csv"),
    (["evaluate"], "run `census train` first"),
    (["slices"], "predictions.csv"),
    (["fetch", "--source", "ftp://x"], "http"),
    (["fetch", "--sources", "none.toml"], "none.toml"),
    (["generate", "--out", "/proc/nothing"], "/proc/nothing"),
])
def test_bad_input_is_one_plain_line_and_exit_2(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    printed = capsys.readouterr().err
    line = printed.splitlines()[-1]
    assert said in line and line.startswith(f"census {words[0]}: ")
    assert "Traceback" not in printed


def test_bad_input_is_exit_2_for_the_shell_too(tmp_path):
    found = _python("generate", "--data", "none.csv", cwd=tmp_path)
    assert found.returncode == 2
    assert "none.csv" in found.stderr.splitlines()[-1] and "Traceback" not in found.stderr


def test_usage_faults_are_exit_2(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["nonsense"])
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_settings_file_beside_the_user_is_taken(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text("generate:\n  rows: 1234\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["generate"]) == 0
    text = (tmp_path / "build" / "data" / "census.csv").read_text(encoding="utf-8")
    assert text.count("\n") == 1236


def test_the_log_explains_a_failed_run_by_itself(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("age\n17\n", encoding="utf-8")
    assert main(["generate", "--data", str(bad), "--seed", "9", "--out",
                 str(tmp_path / "o")]) == 2
    log = (tmp_path / "o" / "logs" / "census.log").read_text(encoding="utf-8")
    for explanation in ("census 1.0.0 generate", "bad.csv", "'seed': 9", "Traceback",
                        "the header lacks workclass"):
        assert explanation in log, explanation


def test_help_lists_every_command_and_loads_nothing_heavy():
    code = ("import sys; from census.cli import main\n"
            "try: main(['--help'])\n"
            "except SystemExit: pass\n"
            "heavy = {'numpy', 'pandas', 'sklearn', 'pydantic', 'fastapi', 'yaml'}\n"
            "print(sorted(heavy & set(sys.modules)))")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                           check=True)
    for name in COMMANDS:
        assert f"\n    {name}" in found.stdout
    assert found.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_takes_the_common_words(name):
    found = build_parser().parse_args([name, "--params", "p", "--seed", "1", "--out", "o"])
    assert (str(found.params), found.seed, str(found.out)) == ("p", 1, "o")


def test_a_second_run_in_the_same_folder_exits_75(tmp_path):
    with hold(tmp_path):
        found = _python("generate", "--out", tmp_path)
    assert found.returncode == 75
    assert "another run" in found.stderr


def test_an_interrupt_is_one_line_and_exit_130(tmp_path):
    # A process that was started in the background ignores the signal unless told otherwise.
    code = ("import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
            "from census.cli import main; sys.exit(main(sys.argv[1:]))")
    words = [sys.executable, "-c", code, "run", "--out", str(tmp_path)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
                          env=dict(os.environ)) as process:
        while "prepare:" not in (line := process.stderr.readline()):
            assert line, "ended before it was interrupted"
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "interrupted" in rest and "Traceback" not in rest
