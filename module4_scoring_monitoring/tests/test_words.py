"""The words of the commands: each has help and work, and unknown words are refused."""

import pytest

from riskwatch.cli import build_parser
from riskwatch.commands import COMMANDS
from riskwatch.words import HELP


def test_every_command_has_help_and_work() -> None:
    assert set(HELP) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(HELP))
def test_an_unknown_word_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([name, "--no-such-word"])
    assert ended.value.code == 2
    assert "usage: riskwatch" in capsys.readouterr().err


def test_a_command_keeps_its_words() -> None:
    arguments = build_parser().parse_args(["cycle", "--data", "a", "b", "--trigger", "cron"])
    assert [path.name for path in arguments.data] == ["a", "b"]
    assert arguments.trigger == "cron"
