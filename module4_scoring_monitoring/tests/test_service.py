"""The parts of a service: an answer is made once for each state, address, question and type."""

import pytest
from flask import Flask
from web_story import told

from riskwatch.web.answers import JSON, Answer
from riskwatch.web.options import Options
from riskwatch.web.service import Service, cache_key


@pytest.mark.parametrize("change", [
    {"PATH_INFO": "/b"}, {"QUERY_STRING": "limit=1"}, {"HTTP_ACCEPT": "text/csv"}])
def test_the_key_of_an_answer_is_all_that_it_depends_on(change: dict[str, str]) -> None:
    environ = {"PATH_INFO": "/a", "QUERY_STRING": "", "HTTP_ACCEPT": "*/*"}
    assert cache_key(environ) == cache_key({**environ, "HTTP_USER_AGENT": "x"})
    assert cache_key({**environ, **change}) != cache_key(environ)


def test_an_answer_is_made_once_and_long_headers_fill_nothing(tmp_path: object) -> None:
    service = Service.of(told(tmp_path / "out"), Options(), None)  # type: ignore[operator]
    made: list[int] = []

    def make() -> Answer:
        made.append(1)
        return Answer(b"{}", JSON)

    for accept, count in (("*/*", 1), ("*/*", 1), ("a/b," * 100, 2), ("a/b," * 100, 3)):
        with Flask("x").test_request_context("/", headers={"Accept": accept}):
            assert service.cached(make).status_code == 200
        assert len(made) == count
