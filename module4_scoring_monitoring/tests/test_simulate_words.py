"""The end of a play in words: exact days, and each failure told."""

from dataclasses import replace

import pytest
from played_days import DAYS
from played_days import told_days  # noqa: F401  pylint: disable=unused-import

from riskwatch.ledger_audit import AuditResult
from riskwatch.simulate import DayEnd
from riskwatch.simulate_truth import EraSeen
from riskwatch.simulate_words import Told, day_ranges, era_in_words


@pytest.mark.parametrize(("days", "text"), [
    ((), "none"), ((4,), "4"), ((1, 2, 3), "1-3"), ((5, 0, 3, 4, 4), "0, 3-5"),
    ((0, 2, 4), "0, 2, 4")])
def test_days_are_ranges(days: tuple[int, ...], text: str) -> None:
    assert day_ranges(days) == text


@pytest.mark.parametrize(("noticed", "text"), [
    (9, "x y (days 9 to 12): sign on its first day"), (10, "sign on day 10, 1 day later"),
    (12, "sign on day 12, 3 days later"), (None, "x y (days 9 to 12): not noticed")])
def test_an_era_says_how_late_it_was_noticed(noticed: int | None, text: str) -> None:
    assert era_in_words(EraSeen("x_y", 9, 12, noticed, "sign")).endswith(text)


def test_the_end_tells_counts_days_and_the_truth(told: Told) -> None:
    lines = told.in_words()
    status = [one.file.status for one in told.story.files]
    assert lines[0] == (f"{DAYS} days, {len(status)} files: {status.count('accepted')} accepted, "
                        "1 refused, 1 copies")
    kept = told.story.by_action()["keep"]
    assert f"decided keep {len(kept)} times: days {day_ranges(kept)}" in lines
    assert f"audit: {told.played.audit.rows} rows of the ledger, 0 problems" in lines
    assert "against the truth:" in lines
    assert "  broken file refused: noticed in 1 of 1 files" in lines
    own = replace(told, truth=None)
    assert own.in_words() == told.happened() and "against the truth:" not in own.in_words()


def test_failures_and_problems_are_told(told: Told) -> None:
    played = replace(told.played, days=(DayEnd(0), DayEnd(1, fault="the disk is full"),
                                        DayEnd(2, check_said_no=True)),
                     audit=AuditResult(("runs: row 3 is missing",), 9))
    lines = replace(told, played=played).happened()
    assert "the cycle of day 1 failed: the disk is full" in lines
    assert "audit: 9 rows of the ledger, 1 problems" in lines
    assert "  runs: row 3 is missing" in lines
    assert "cycles that exited 1 because a diagnostic said no: 1, on days 2" in lines
