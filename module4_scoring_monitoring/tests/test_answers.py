"""Answers: strict JSON, harmless CSV, and a cache that is never older than the ledger."""

import csv
import io
import json

import pytest
from flask import Flask, request
from web_story import HOSTILE

from riskwatch.web.answers import (CSV, JSON, Answer, AnswerCache, list_answer, respond,
                                   wanted_type)
from riskwatch.web.paging import Listing
from riskwatch.web.problems import Problem
from riskwatch.web.resources import BY_PATH

FILES = BY_PATH["/v1/data/files"]
ROW = {**dict.fromkeys(FILES.columns), "id": 1, "name": HOSTILE, "reason": 'a "b",\nü\ud800'}


def test_json_is_ascii_and_says_where_it_goes_on() -> None:
    answer = list_answer(FILES, Listing([ROW], "c"), JSON, "/v1/data/files?cursor=c")
    content = json.loads(answer.body.decode("ascii"))
    assert content == {"items": [ROW], "next_cursor": "c"}
    assert answer.headers["Link"] == '</v1/data/files?cursor=c>; rel="next"'
    with pytest.raises(ValueError, match="JSON compliant"):
        list_answer(FILES, Listing([{"id": float("nan")}], None), JSON, None)


def test_csv_has_a_header_and_runs_no_formula() -> None:
    answer = list_answer(FILES, Listing([ROW], None), CSV, None)
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8"), newline="")))
    assert rows[0] == list(FILES.columns) and len(rows) == 2
    assert dict(zip(rows[0], rows[1]))["name"] == f"'{HOSTILE}"
    assert dict(zip(rows[0], rows[1]))["reason"].startswith('a "b",\nü')
    assert "Link" not in answer.headers and answer.headers["Vary"] == "Accept"


def test_an_answer_is_kept_until_the_ledger_changes() -> None:
    cache, made = AnswerCache(1_000_000), []

    def make() -> Answer:
        made.append(1)
        return Answer(str(len(made)).encode(), JSON)

    first, again = cache.answer("s1", "k", make), cache.answer("s1", "k", make)
    assert first == again and first[0].body == b"1"
    assert cache.answer("s1", "other", make)[0].body == b"2"
    assert cache.answer("s2", "k", make)[0].body == b"3"
    assert cache.kept("s1", "k") is None and cache.kept("s2", "other") is None


def test_the_cache_holds_no_more_than_its_bytes() -> None:
    cache = AnswerCache(100_000)
    for number in range(100):
        cache.answer("s", number, lambda: Answer(b"x" * 2_000, JSON))
    kept = [number for number in range(100) if cache.kept("s", number)]
    assert kept == list(range(90, 100))  # 10,000 bytes each, bookkeeping counted
    cache.answer("s", "large", lambda: Answer(b"x" * 90_000, JSON))
    assert cache.kept("s", "large") is None


@pytest.mark.parametrize(("accept", "wanted"), [
    (None, JSON), ("*/*", JSON), ("text/csv", CSV), ("text/*", CSV),
    ("application/json;q=0.1, text/csv", CSV), ("image/png", None), ("", JSON)])
def test_the_caller_chooses_the_representation(accept: str | None, wanted: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    with Flask("x").test_request_context(headers=headers):
        if wanted is not None:
            assert wanted_type(request) == wanted
            return
        with pytest.raises(Problem) as caught:
            wanted_type(request)
        assert caught.value.status == 406


@pytest.mark.parametrize(("header", "status"), [
    (None, 200), ('"abc"', 304), ('W/"abc"', 304), ('"x", "abc"', 304), ("*", 304), ('"x"', 200)])
def test_who_has_it_already_gets_304(header: str | None, status: int) -> None:
    headers = {} if header is None else {"If-None-Match": header}
    with Flask("x").test_request_context(headers=headers):
        response = respond(request, Answer(b"body", JSON), "abc")
    assert response.status_code == status and response.headers["ETag"] == '"abc"'
    assert response.get_data() == (b"" if status == 304 else b"body")
