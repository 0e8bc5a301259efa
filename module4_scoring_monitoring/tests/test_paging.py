"""The one function behind every list: pages, filters, times, and refusals that echo nothing."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_story import HOSTILE, told

from riskwatch.ledger import Ledger, open_ledger
from riskwatch.records import Run
from riskwatch.web.paging import Listing, list_page, parse_question
from riskwatch.web.problems import Problem
from riskwatch.web.resources import BY_PATH, RESOURCES, Resource

SCORES, RUNS = BY_PATH["/v1/scores"], BY_PATH["/v1/runs"]


@pytest.fixture(name="book", scope="module")
def told_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger that tells the story."""
    with closing(open_ledger(told(tmp_path_factory.mktemp("told") / "out"))) as ledger:
        yield ledger


def ask(ledger: Ledger, resource: Resource, **parameters: str) -> Listing:
    """Ask as a request does."""
    return list_page(ledger, resource, parse_question(
        resource, {name: [value] for name, value in parameters.items()}))


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_hold_every_row_once_and_in_order(book: Ledger, resource: Resource, order: str
                                                ) -> None:
    whole = ask(book, resource, limit="1000", order=order)
    found, cursor = list(ask(book, resource, limit="5", order=order).items), None
    cursor = ask(book, resource, limit="5", order=order).next_cursor
    while cursor is not None:
        page = ask(book, resource, limit="5", order=order, cursor=cursor)
        found, cursor = found + list(page.items), page.next_cursor
    assert found == list(whole.items) and whole.next_cursor is None and found
    numbers = [row["id"] for row in found]
    assert numbers == sorted(set(numbers), reverse=order == "newest")
    assert all(list(row) == list(resource.columns) for row in found)


def test_filters_and_times_choose_rows(book: Ledger) -> None:
    drops = ask(book, SCORES, subject="drop", limit="1000").items
    assert len(drops) == 12 and {row["subject"] for row in drops} == {"drop"}
    assert [row["file_id"] for row in ask(book, SCORES, file_id="3").items] == [3]
    moment = drops[5]["made_utc"]
    early = ask(book, SCORES, subject="drop", until=moment, limit="1000").items
    late = ask(book, SCORES, subject="drop", since=moment, limit="1000").items
    assert len(early) + len(late) == 12 and moment == late[-1]["made_utc"]
    assert all(row["made_utc"] < moment for row in early)
    zoned = datetime.fromisoformat(moment.replace("Z", "+00:00")).isoformat()
    assert ask(book, SCORES, subject="drop", since=zoned, limit="1000").items == late


def test_names_in_any_script_are_asked_for_as_they_are(book: Ledger) -> None:
    files = BY_PATH["/v1/data/files"]
    assert [row["name"] for row in ask(book, files, name=HOSTILE).items] == [HOSTILE]
    for name in ("กำ", "a\nb", "'; DROP TABLE files; --", "\u202e"):
        assert ask(book, files, name=name).items == []


def test_a_run_carries_its_end_or_none(book: Ledger) -> None:
    going = book.append(Run(command="cycle", trigger="cron", program_version="1", process_id=1))[0]
    rows = ask(book, RUNS, limit="1000").items
    assert rows[0]["id"] == going.id and rows[0]["outcome"] is None
    assert rows[-4]["outcome"] == "check_said_no" and rows[-4]["exit_code"] == 1
    assert rows[-1]["outcome"] == "done" and rows[-1]["seconds"] == 2.0


@pytest.mark.parametrize(("name", "value"), [
    ("limit", "0"), ("limit", "1001"), ("limit", "1.5"), ("limit", "٣"), ("limit", ""),
    ("limit", "9" * 30), ("cursor", "x"), ("cursor", "2026-03-01T12:00:00.000000Z_"),
    ("order", "up"), ("since", "yesterday"), ("since", "2026-02-30T00:00:00Z"),
    ("since", "2026-03-01T12:00:00"), ("until", "2026-03-01T24:60:00Z"), ("subject", "moon"),
    ("file_id", "one"), ("model_version", "a\x00b"), ("model_version", "x" * 201),
    ("secret_column", "1"), ("chain", "1"), ("f1", "1")])
def test_what_is_no_question_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_question(SCORES, {name: [value]})
    assert caught.value.status == 422
    words = str(caught.value.detail) + str(caught.value.errors)
    assert name in words or "unknown" in words
    assert name not in ("secret_column", "chain") or name not in words


def test_a_parameter_that_is_given_twice_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        parse_question(SCORES, {"limit": ["1", "2"]})
    assert caught.value.errors == [("query/limit", "give it once")]


@pytest.mark.parametrize("text", ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59",
                                  "9999-12-31T23:59:59-23:59", "2026-03-01t12:00:00.123456789z"])
def test_moments_at_the_edge_of_time_are_moments_or_refused(text: str) -> None:
    try:
        query = parse_question(SCORES, {"since": [text]}).query
    except Problem as problem:
        assert problem.status == 422
        return
    assert query.since is not None
    assert datetime(1970, 1, 1, tzinfo=UTC) <= query.since <= datetime(9999, 12, 31, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(["limit", "cursor", "since", "file_id", "subject", "x"]),
                       st.lists(st.text(max_size=40), min_size=1, max_size=2), max_size=3))
def test_any_text_is_a_question_or_a_problem(parameters: dict[str, list[str]]) -> None:
    try:
        question = parse_question(SCORES, parameters)
    except Problem as problem:
        assert problem.status == 422
        return
    assert 1 <= question.limit <= 1000
