"""The ledger only grows, numbers its rows, and lets a piece of work be claimed once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import text

from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger, Query, open_ledger
from riskwatch.ledger_engine import writing
from riskwatch.records import Decision, File, Run, RunEnd, Step
from riskwatch.workplace import Workplace

STEP = Step(step="score", outcome="done", seconds=1.25)
RUN = Run(command="cycle", trigger="cron", program_version="1", process_id=7)


def file_of(sha256: str, status: str = "accepted") -> File:
    """A file of a digest."""
    return File(sha256=sha256, name="a.csv", byte_count=1, status=status)  # type: ignore[arg-type]


def test_what_is_appended_is_read_back(ledger: Ledger) -> None:
    entries = ledger.append(RUN, STEP, STEP, run_id=1)
    assert [entry.id for entry in entries] == [1, 1, 2]
    assert ledger.get(Step, 2) == entries[2]
    assert ledger.latest(Step) == entries[2] and ledger.latest(Step, step="x") is None
    assert entries[0].record == RUN and entries[0].run_id == 1
    assert entries[0].made_utc == "2026-03-01T12:00:02.000000Z"
    assert list(ledger.columns(Step, "id", "seconds")) == [(1, 1.25), (2, 1.25)]


def test_records_of_one_call_come_in_together_or_not_at_all(ledger: Ledger) -> None:
    ledger.append(file_of("aa"))
    with pytest.raises(LedgerError, match="it is there already"):
        ledger.append(STEP, file_of("bb"), file_of("aa"))
    assert ledger.latest(Step) is None and ledger.heads()["files"][0] == 1
    ledger.append(file_of("aa", "copy"))  # only taking in happens once


@pytest.mark.parametrize("statement", ["UPDATE steps SET seconds = 2", "DELETE FROM steps"])
def test_rows_cannot_be_changed(ledger: Ledger, statement: str) -> None:
    ledger.append(STEP)
    with pytest.raises(LedgerError, match="append-only"), writing(ledger.engine) as connection:
        connection.execute(text(statement))
    assert ledger.get(Step, 1) is not None


def test_a_claim_is_won_by_one_of_many(place: Workplace, ledger: Ledger) -> None:
    def try_it(number: int) -> bool:
        with closing(open_ledger(place)) as own:
            return own.claim("work", number)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(try_it, range(8))) == [False] * 7 + [True]
    assert ledger.heads()["claims"][0] == 1
    assert ledger.claim("other") and not ledger.claim("other")


def test_writers_at_the_same_time_leave_no_gap(place: Workplace, ledger: Ledger) -> None:
    def write(_: int) -> None:
        with closing(open_ledger(place)) as own:
            for _ in range(5):
                own.append(STEP, RUN)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert [number for (number,) in ledger.columns(Step, "id")] == list(range(1, 21))


def test_runs_without_an_end_are_found(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        ledger.append(RUN)
        if number != 2:
            ledger.append(RunEnd(outcome="done", exit_code=0, seconds=1.0), run_id=number)
    assert [entry.id for entry in ledger.unended_runs()] == [2]
    with pytest.raises(LedgerError, match="already"):  # one end a run
        ledger.append(RunEnd(outcome="killed", exit_code=None, seconds=None), run_id=1)


def test_what_sqlite_would_not_give_back_is_refused(ledger: Ledger) -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            ledger.append(Decision(kind="gate", action="refuse", reason="", difference=value))
    assert ledger.heads()["decisions"] == (0, "0" * 64)


def test_a_ledger_survives_being_opened_again(place: Workplace, ledger: Ledger) -> None:
    ledger.append(STEP)
    ledger.close()
    with closing(open_ledger(place)) as again:
        assert again.append(STEP)[0].id == 2
        assert len(list(again.entries(Step, Query(newest_first=False)))) == 2
    with closing(sqlite3.connect(place.ledger)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("content", [b"no database" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_ledger_says_what_to_do(place: Workplace, content: bytes) -> None:
    place.out.mkdir()
    place.ledger.write_bytes(content)
    with pytest.raises(LedgerError, match="riskwatch restore FILE") as caught:
        open_ledger(place)
    assert "\n" not in str(caught.value) and str(place.ledger) in str(caught.value)
    assert place.ledger.read_bytes() == content


def test_a_locked_ledger_says_so(place: Workplace, ledger: Ledger,
                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskwatch.ledger_engine.PATIENCE", 0.1)
    with closing(sqlite3.connect(place.ledger)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="another program holds the ledger"):
            open_ledger(place)
    assert ledger.append(STEP)


def test_a_place_that_cannot_be_written_says_so(place: Workplace) -> None:
    place.ledger.mkdir(parents=True)
    with pytest.raises(LedgerError, match="unable to open"):
        open_ledger(place)
