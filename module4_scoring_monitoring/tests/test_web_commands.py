"""The commands `serve` and `client`: their words reach the service, their faults are one line."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from riskwatch.cli import build_parser, main
from riskwatch.web import server
from riskwatch.web_commands import serve_api
from riskwatch.workplace import Workplace


def test_words_and_environment_become_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                              ) -> None:
    given: list[Any] = []
    monkeypatch.setattr(server, "run", lambda place, options: given.append(options) or 0)
    monkeypatch.setenv("RISKWATCH_CONTROL_KEY", "a-key-of-sixteen-or-more")
    words = build_parser().parse_args(["serve", "--port", "8000", "--threads", "5", "--seed", "3",
                                       "--data", "a", "b", "--out", str(tmp_path)])
    assert serve_api(words, Workplace(tmp_path)) == 0
    options = given[0]
    assert (options.host, options.port, options.threads, options.seed) == ("127.0.0.1", 8000, 5, 3)
    assert options.data == (Path("a"), Path("b"))
    assert options.control_key.get_secret_value() == "a-key-of-sixteen-or-more"


def test_defaults_are_a_free_port_of_this_machine(tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(server, "run", lambda place, options: given.append(options) or 0)
    monkeypatch.delenv("RISKWATCH_CONTROL_KEY", raising=False)
    words: argparse.Namespace = build_parser().parse_args(["serve"])
    assert serve_api(words, Workplace(tmp_path)) == 0
    assert (given[0].host, given[0].port, given[0].control_key) == ("127.0.0.1", 0, None)


def test_a_wrong_port_is_one_plain_line(tmp_path: Path,
                                        capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "99999", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("riskwatch serve: port: ")
