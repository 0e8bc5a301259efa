"""The page's facts: the worst verdict counts, releases are marked, failures stand first."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from web_story import told

from riskwatch.ledger import Ledger, open_ledger
from riskwatch.records import DriftVerdict
from riskwatch.web.dashboard import build_board, look_of


@pytest.fixture(name="book")
def told_ledger(tmp_path: object) -> Iterator[Ledger]:
    """A ledger that tells the story."""
    with closing(open_ledger(told(tmp_path / "out"))) as opened:  # type: ignore[operator]
        yield opened


def test_the_board_tells_the_story(book: Ledger) -> None:
    board = build_board(book)
    facts = {fact.name: fact for fact in board.facts}
    assert facts["F1 on the hold-out"].value == "0.750" and facts["Serving"].look == "good"
    assert (facts["Checks"].value, facts["Checks"].look) == ("1 failed", "bad")
    assert facts["Last run"].look == "warn"
    assert [row["status"] for row in board.checks] == ["failed", "unknown"]
    assert str(board.score).count('class="release"') == 1
    assert str(board.score).count("<circle") == 11  # one of twelve drops has no labels
    assert str(board.drift).count('class="cell drift"') == 3
    assert len(board.latest_runs) == 12 and board.scores[0]["drop"] == "2026-03-12"


def test_one_test_that_says_drift_outweighs_the_others(book: Ledger) -> None:
    calm = DriftVerdict(file_id=6, column="lastmonth_activity", test="psi", verdict="no_drift",
                        statistic=0.0, p_value=1.0, p_adjusted=1.0, effect=0.0,
                        reference_rows=1, current_rows=1)
    book.append(calm)
    assert str(build_board(book).drift).count('class="cell drift"') == 3


def test_an_empty_ledger_is_a_page_too(ledger: Ledger) -> None:
    board = build_board(ledger)
    assert [fact.value for fact in board.facts] == ["nothing yet"] and not board.checks


@pytest.mark.parametrize(("state", "look"), [
    ("done", "good"), ("failed", "bad"), ("killed", "bad"), ("check_said_no", "warn"),
    (None, "plain")])
def test_states_have_looks(state: str | None, look: str) -> None:
    assert look_of(state) == look
