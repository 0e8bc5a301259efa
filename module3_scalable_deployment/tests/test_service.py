"""A service with a key answers only to those who send it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from running_service import Running, csv_of, fresh_service
from served_models import POOR

from census.errors import OutputError
from census.serving.options import build_options
from census.serving.service import build_service

KEY = "a key of the tests"


@pytest.fixture(scope="module", name="running")
def running_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with a key."""
    with fresh_service(tmp_path_factory, environment={"CENSUS_API_KEY": KEY}) as found:
        yield found


@pytest.mark.parametrize("key", [None, "", "a", KEY[:-1], KEY + "x", KEY.upper(), "ü" * 18])
def test_a_wrong_key_opens_nothing(running: Running, key: str | None) -> None:
    headers = {} if key is None else {"X-API-Key": key.encode("utf-8")}
    for answer in (running.post(POOR, headers=headers),
                   running.get("/v1/model", headers=headers),
                   running.get("/v1/model/slices", headers=headers),
                   running.get("/v1/model/fairness", headers=headers)):
        assert answer.status_code == 401 and answer.headers["www-authenticate"]
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_right_key_opens_all(running: Running) -> None:
    headers = {"X-API-Key": KEY}
    assert running.post(POOR, headers=headers).status_code == 200
    assert running.get("/v1/model", headers=headers).status_code == 200


def test_health_and_greeting_need_no_key(running: Running) -> None:
    for path in ("/", "/health/live", "/health/ready", "/metrics", "/ui", "/docs"):
        assert running.get(path).status_code == 200


def test_a_log_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(csv_of([POOR]))
    with pytest.raises(OutputError, match="cannot write the log"):
        build_service(build_options({"folder": tmp_path,
                                     "access_log": tmp_path / "file" / "log"}))
