"""Pages: every entry once, in order, by filters and times, at the same price near and far."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from conftest import NOON, Clock

from riskwatch.chain import EMPTY, link
from riskwatch.errors import InputError
from riskwatch.ledger import Ledger, Query, open_ledger
from riskwatch.ledger_engine import writing
from riskwatch.ledger_pages import as_utc_text
from riskwatch.records import Score, Step
from riskwatch.tables import TABLES
from riskwatch.workplace import Workplace

STEPS = [Step(step=name, outcome="done", seconds=float(number))
         for number, name in enumerate(["score", "train"] * 6)]


@pytest.fixture(name="filled")
def filled_ledger(ledger: Ledger) -> Ledger:
    """Twelve steps, one second apart."""
    for step in STEPS:
        ledger.append(step)
    return ledger


def walk(ledger: Ledger, query: Query, limit: int) -> list[int]:
    """Turn all pages, and return the numbers of their entries."""
    cursor, found = None, []
    while True:
        page = ledger.page(Step, query, cursor=cursor, limit=limit)
        found += [entry.id for entry in page.entries]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 5, 6, 12, 1000])
@pytest.mark.parametrize("since", [None, NOON])
def test_pages_hold_every_entry_once_in_order(filled: Ledger, limit: int,
                                              since: datetime | None) -> None:
    assert walk(filled, Query(since=since), limit) == list(range(12, 0, -1))
    assert walk(filled, Query(since=since, newest_first=False), limit) == list(range(1, 13))
    assert walk(filled, Query(filters={"step": "train"}, since=since), limit) == [
        12, 10, 8, 6, 4, 2]
    assert [entry.id for entry in filled.entries(Step)] == list(range(12, 0, -1))


def test_a_range_of_time_holds_its_beginning_and_not_its_end(filled: Ledger) -> None:
    first = filled.get(Step, 4)
    last = filled.get(Step, 9)
    assert first and last
    query = Query(since=datetime.fromisoformat(first.made_utc),
                  until=datetime.fromisoformat(last.made_utc))
    assert walk(filled, query, 2) == [8, 7, 6, 5, 4]


def test_entries_made_while_somebody_turns_pages_move_nothing(filled: Ledger) -> None:
    page = filled.page(Step, limit=5)
    filled.append(*STEPS)
    rest = filled.page(Step, cursor=page.next_cursor, limit=100)
    assert [entry.id for entry in rest.entries] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(("query", "options", "rule"), [
    (Query(filters={"seconds": 1}), {}, "cannot be filtered by 'seconds'; there are: run_id,"),
    (Query(filters={"x' OR 1": 1}), {}, "cannot be filtered"),
    (Query(), {"cursor": "1"}, "is no cursor"),
    (Query(), {"cursor": f"{'x' * 27}_²"}, "is no cursor"),
    (Query(), {"cursor": f"{'x' * 27}_{'9' * 30}"}, "is no cursor"),
    (Query(), {"limit": 0}, "1 to 1000 entries"),
    (Query(), {"limit": 1001}, "1 to 1000 entries"),
])
def test_a_question_that_is_none_is_refused(filled: Ledger, query: Query,
                                            options: dict[str, str], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        filled.page(Step, query, **options)  # type: ignore[arg-type]


def test_times_sort_as_texts_and_need_a_zone() -> None:
    east = datetime(2026, 1, 1, 1, tzinfo=UTC).astimezone()
    assert as_utc_text(east) == "2026-01-01T01:00:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        as_utc_text(datetime(2026, 1, 1))


ROWS_OF_A_LONG_LEDGER = 1_000_000


@pytest.fixture(scope="module", name="long_ledger")
def long_ledger_fixture(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger with a million scores, written in bulk."""
    place = Workplace(Path(tmp_path_factory.mktemp("long")), clock=Clock())
    ledger = open_ledger(place)
    chain, rows = EMPTY, []
    for number in range(1, ROWS_OF_A_LONG_LEDGER + 1):
        row = {"id": number, "made_utc": as_utc_text(NOON + timedelta(seconds=number)),
               "run_id": number // 10, "model_version": f"v{number % 50}",
               "subject": "drop" if number % 2 else "hold_out", "file_id": number // 5,
               "rows": 100, "labelled_rows": 100, **{
                   field.name: 0.5 for field in fields(Score) if field.name not in (
                       "model_version", "subject", "file_id", "rows", "labelled_rows")}}
        rows.append(row)
    with writing(ledger.engine) as connection:
        for start in range(0, len(rows), 50_000):
            part = rows[start:start + 50_000]
            for row in part:
                chain = link(chain, row)
                row["chain"] = chain
            connection.execute(TABLES[Score].insert(), part)
    return ledger


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_a_page_of_a_million_rows_comes_at_once(long_ledger: Ledger,
                                                say: Callable[[str], None]) -> None:
    """Near and far pages, each filter, ranges of time: p99 below 50 ms."""
    rng, seconds = np.random.default_rng(1), []
    with closing(long_ledger) as ledger:
        for _ in range(100):
            number = int(rng.integers(1, ROWS_OF_A_LONG_LEDGER))
            moment = NOON + timedelta(seconds=number)
            for query in (Query(), Query(filters={"model_version": f"v{number % 60}"}),
                          Query(filters={"subject": "drop"}, until=moment),
                          Query(since=moment, newest_first=False),
                          Query(since=moment - timedelta(hours=1), until=moment),
                          Query(filters={"file_id": number // 5}),
                          Query(filters={"run_id": number}, since=moment)):
                cursor = f"{as_utc_text(moment)}_{number}"
                for place in (None, cursor):
                    started = perf_counter()
                    ledger.page(Score, query, cursor=place, limit=100)
                    seconds.append(perf_counter() - started)
    p99 = float(np.quantile(seconds, 0.99)) * 1000
    say(f"ledger of {ROWS_OF_A_LONG_LEDGER} rows: {len(seconds)} pages, p99 {p99:.1f} ms")
    assert p99 < 50
