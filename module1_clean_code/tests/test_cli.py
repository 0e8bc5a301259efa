"""The command line as its users meet it: exit codes, plain lines, kills and interrupts."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from churn.cli import build_parser, main
from churn.lock import hold
from churn.synthetic import generate_customers


def _call(home, *words):
    return main([*words, "--config", str(home / "quick.toml")])


def _python(*words, **options):
    return subprocess.run([sys.executable, "-m", "churn.cli", *map(str, words)],
                          capture_output=True, text=True, check=False, timeout=120, **options)


def test_a_second_run_gives_the_same_bytes(home, tmp_path, say):
    assert _call(home, "run", "--out", str(tmp_path)) == 0
    first, second = home / "out", tmp_path
    compared = 0
    for path in sorted(first.rglob("*")):
        relative = path.relative_to(first)
        if path.is_dir() or relative.parts[0] in ("logs", "releases", "report", ".lock"):
            continue
        assert path.read_bytes() == (second / relative).read_bytes(), relative
        compared += 1
    models = [next(folder.glob("releases/2*/model.skops")) for folder in (first, second)]
    assert models[0].read_bytes() == models[1].read_bytes()
    say(f"two runs: {compared} files and the model are byte-identical")
    assert compared >= 20


@pytest.mark.parametrize(("words", "said"), [
    (["run", "--data", "none.csv"], "none.csv"),
    (["run", "--data", "."], "not a regular file"),
    (["run", "--config", "none.toml"], "none.toml"),
    (["run", "--seed", "-1"], "seed"),
    (["data", "--rows", "-5"], "rows"),
    (["predict"], "--data"),
    (["predict", "--data", "none.csv"], "train a new model"),
    (["evaluate"], "train a new model"),
    (["drift"], "--reference"),
    (["fetch", "--source", "ftp://x"], "http"),
    (["fetch", "--sources", "none.toml"], "none.toml"),
    (["run", "--out", "/proc/nothing"], "/proc/nothing"),
])
def test_bad_input_is_one_plain_line_and_exit_2(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    printed = capsys.readouterr().err
    line = printed.splitlines()[-1]
    assert said in line and line.startswith(f"churn {words[0]}: ")
    assert "Traceback" not in printed


def test_bad_input_is_exit_2_for_the_shell_too(tmp_path):
    found = _python("run", "--data", "none.csv", cwd=tmp_path)
    assert found.returncode == 2
    assert "none.csv" in found.stderr.splitlines()[-1] and "Traceback" not in found.stderr


def test_usage_faults_are_exit_2(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["nonsense"])
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_log_explains_a_failed_run_by_itself(tmp_path):
    bad = tmp_path / "bad.csv"
    generate_customers(100, seed=1).replace("F", "X").to_csv(bad)
    assert main(["run", "--data", str(bad), "--seed", "9", "--out", str(tmp_path / "o")]) == 2
    log = (tmp_path / "o/logs/churn.log").read_text(encoding="utf-8")
    for explanation in ("churn 1.0.0 run", "bad.csv", "'seed': 9", "load data ...",
                        "load data: failed", "Traceback", "column Gender", "is not one of F, M"):
        assert explanation in log, explanation


def test_help_lists_every_command_quickly():
    started = time.perf_counter()
    found = _python("--help")
    elapsed = time.perf_counter() - started
    for name in ("data", "fetch", "eda", "train", "evaluate", "predict", "drift", "run"):
        assert f"\n    {name} " in found.stdout
    assert found.returncode == 0
    assert elapsed < 5, "something heavy is imported by --help"


def test_every_command_takes_the_four_common_words():
    parser = build_parser()
    for name in ("data", "fetch", "eda", "train", "evaluate", "predict", "drift", "run"):
        found = parser.parse_args([name, "--data", "d", "--config", "c", "--seed", "1",
                                   "--out", "o"])
        assert (found.data, found.config, found.seed, found.out) == (
            Path("d"), Path("c"), 1, Path("o"))


def test_a_second_run_in_the_same_folder_exits_75(tmp_path):
    with hold(tmp_path):
        found = _python("data", "--out", tmp_path)
    assert found.returncode == 75
    assert "another run" in found.stderr


def test_a_killed_run_leaves_whole_files_and_the_next_one_completes(home, tmp_path):
    """Kill at several moments; what stands there is whole, and the lock is free again."""
    words = [sys.executable, "-m", "churn.cli", "run", "--config", str(home / "quick.toml"),
             "--out", str(tmp_path)]
    for wait in (2.5,):
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "TERM": "dumb"}) as process:
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        for png in tmp_path.rglob("[!.]*.png"):
            assert png.read_bytes().endswith(b"IEND\xaeB`\x82"), png
    assert _call(home, "run", "--out", str(tmp_path)) == 0


def test_an_interrupt_is_one_line_and_exit_130(home, tmp_path):
    # A process that was started in the background ignores the signal unless told otherwise.
    code = ("import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
            "from churn.cli import main; sys.exit(main(sys.argv[1:]))")
    words = [sys.executable, "-c", code, "run", "--config", str(home / "quick.toml"),
             "--out", str(tmp_path)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        while "explore" not in (line := process.stderr.readline()):
            assert line, "ended before it was interrupted"
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "interrupted" in rest and "Traceback" not in rest
