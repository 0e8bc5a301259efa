"""The live client prints what a service answers, and says plainly when none does."""

import json
import socket
from pathlib import Path

import pytest
from running_service import service
from served_models import POOR, release_into

from census.cli import main
from census.errors import InputError
from census.live import EXAMPLE, ask
from census.serving.payloads import parse_people


def test_status_code_and_result_are_printed(tmp_path: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    version = release_into(tmp_path)
    person = tmp_path / "person.json"
    person.write_text(json.dumps(POOR))
    with service(tmp_path) as running:
        assert main(["live", running.address]) == 0
        rich = capsys.readouterr().out
        assert main(["live", running.address + "/", "--person", str(person)]) == 0
        poor = capsys.readouterr().out
        person.write_text("{}")
        assert main(["live", running.address, "--person", str(person)]) == 1
        refused = capsys.readouterr().out
    for text, label in ((rich, ">50K"), (poor, "<=50K")):
        first, second = text.splitlines()
        assert first == "status code: 200" and second.startswith("result: ")
        said = json.loads(second.removeprefix("result: "))
        assert said["label"] == label and said["model_version"] == version
    assert refused.startswith("status code: 422\n")


def test_a_key_from_the_environment_is_sent(tmp_path: Path,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    release_into(tmp_path)
    with service(tmp_path, environment={"CENSUS_API_KEY": "a key of the tests"}) as running:
        assert ask(running.address, None, 10)[0] == 401
        monkeypatch.setenv("CENSUS_API_KEY", "a key of the tests")
        assert ask(running.address, None, 10)[0] == 200


def test_the_example_is_a_person() -> None:
    parse_people(json.dumps(EXAMPLE).encode())


def test_when_nothing_answers_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "nonsense", "http://[::1"):
        assert main(["live", address]) == 2
        assert "no answer from" in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read .*none.json"):
        ask("http://127.0.0.1:9", tmp_path / "none.json", 1)
