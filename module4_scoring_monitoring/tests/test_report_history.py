"""What the ledger tells over time: oldest first, the newest of it, gaps left as gaps."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from web_story import score, told

from riskwatch.ledger import Ledger, open_ledger
from riskwatch.records import Diagnostic, File, Score, Step
from riskwatch.report_history import (MOST_CYCLES, MOST_DROPS, cycle_seconds, file_label,
                                      missing_shares, newest, scored_drops)


@pytest.fixture(name="book", scope="module")
def told_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger that tells the story."""
    with closing(open_ledger(told(tmp_path_factory.mktemp("story") / "out"))) as opened:
        yield opened


def test_drops_come_oldest_first_with_their_periods(book: Ledger) -> None:
    found = scored_drops(book)
    assert [drop.label for drop in found][:2] == ["2026-03-01", "2026-03-02"]
    assert found[2].label.startswith("=1+1") and len(found) == 12  # no period, so its name
    assert [drop.entry.record.f1 for drop in found][4] is None
    assert all(drop.entry.record.subject == "drop" for drop in found)


def test_only_the_latest_drops_are_told(ledger: Ledger) -> None:
    ledger.append(*(score("v", number, 0.5) for number in range(1, MOST_DROPS + 30)))
    assert [drop.entry.record.file_id for drop in scored_drops(ledger)] == list(
        range(30, MOST_DROPS + 30))


def test_cycles_that_only_looked_are_left_out_and_the_report_itself(ledger: Ledger) -> None:
    def steps(run: int, **seconds: float) -> None:
        for name, value in seconds.items():
            ledger.append(Step(step=name, outcome="skipped" if value == 0 else "done",
                               seconds=value), run_id=run)

    steps(1, ingest=1.0, train=2.0, report=9.0)
    steps(2, ingest=0.1, score=0, diagnose=0.1)
    steps(3, ingest=1.0, score=0.5, drift=0.25)
    found = cycle_seconds(ledger)
    assert [cycle.seconds for cycle in found] == [
        (("ingest", 1.0), ("train", 2.0)), (("ingest", 1.0), ("score", 0.5), ("drift", 0.25))]
    for run in range(4, MOST_CYCLES + 10):
        steps(run, score=float(run))
    assert [cycle.seconds[0][1] for cycle in cycle_seconds(ledger)][-1] == MOST_CYCLES + 9
    assert len(cycle_seconds(ledger)) == MOST_CYCLES


def test_missing_shares_come_by_column_without_the_label(ledger: Ledger) -> None:
    def share(column: str, value: float | None) -> Diagnostic:
        return Diagnostic(check="missing_share", subject=column, status="ok", value=value)

    ledger.append(share("corporation", 0.1), share("exited", 1.0),
                  Diagnostic(check="stability", subject="corporation", status="ok", value=0.9))
    ledger.append(share("corporation", 0.2), share("lastmonth_activity", 0.3),
                  share("number_of_employees", None))
    found = {line.column: line.shares for line in missing_shares(ledger)}
    assert found == {"corporation": (0.1, 0.2), "lastmonth_activity": (0.3,)}


def test_newest_stops_where_it_should(ledger: Ledger) -> None:
    ledger.append(*(score("v", number, 0.5) for number in range(1, 1202)))
    assert [entry.record.file_id for entry in newest(ledger, Score, 1100)] == list(
        range(1201, 101, -1))
    assert len(list(newest(ledger, Score, 5000, subject="drop"))) == 1201


@pytest.mark.parametrize(("period", "label"), [("2026-03", "2026-03"), (None, "a.csv")])
def test_a_file_is_called_by_its_period(ledger: Ledger, period: Any, label: str) -> None:
    ledger.append(File(sha256="a", name="a.csv", byte_count=1, status="accepted", period=period))
    assert file_label(ledger, 1) == label and file_label(ledger, None) == "hold-out"
