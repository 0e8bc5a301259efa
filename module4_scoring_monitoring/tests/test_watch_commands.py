"""The commands that watch, by their words: lines, files, exit codes."""

import json
from pathlib import Path

import pytest
from drift_tables import normal
from watched_drops import lines

from riskwatch.cli import main
from riskwatch.schema import HEADER


def run(*words: object) -> int:
    """Call the command line."""
    return main([str(word) for word in words])


def test_drift_prints_a_line_a_pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side, mean in (("reference", 0), ("current", 2)):
        text = "x\n" + "\n".join(map(str, normal(mean, 100, mean))) + "\n"
        (tmp_path / f"a_{side}.csv").write_text(text, encoding="utf-8")
    assert run("drift", tmp_path) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "large"
    (tmp_path / "a_current.csv").write_text("y,y\n", encoding="utf-8")
    assert run("drift", tmp_path) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "unreadable"
    assert run("drift", tmp_path / "none") == 2
    assert "is not a folder of pairs" in capsys.readouterr().err


def test_the_laboratory_writes_a_table_and_a_picture(tmp_path: Path,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "quick.toml"
    config.write_text("[drift]\npermutations = 19\n", encoding="utf-8")
    words = ("drift-lab", "--config", config, "--tries", 1, "--most-rows", 50, "--out")
    assert run(*words, tmp_path / "one") == 0
    out = capsys.readouterr().out
    assert "any column PSI > .2: " in out and "alarms of 96 pairs with no drift" in out
    picture = tmp_path / "one" / "drift_lab" / "rates.png"
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 20_000
    table = (tmp_path / "one" / "drift_lab" / "rates.csv").read_text(encoding="utf-8")
    assert table.count("\n") == 1 + 4 * 22 + 6


def test_diagnose_tells_and_exits_by_what_it_found(tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    drop = tmp_path / "in" / "a.csv"
    drop.write_text("\n".join([HEADER, *lines("stable", 1, 60), ""]), encoding="utf-8")
    assert run("ingest", "--out", tmp_path, "--data", tmp_path / "in") == 0
    assert run("diagnose", "--out", tmp_path) == 0
    assert "ok      feed: inbox" in capsys.readouterr().out
    drop.write_text("\n".join([HEADER, *(f"aaaa,{n},1,1,0" for n in range(2, 62)), ""]),
                    encoding="utf-8")
    assert run("ingest", "--out", tmp_path, "--data", tmp_path / "in") == 0
    assert run("diagnose", "--out", tmp_path) == 1
    assert "failed  impossible_share: " in capsys.readouterr().out
