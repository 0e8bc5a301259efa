"""The stages that watch: what was left undone is done by the next cycle, and a no is said."""

from collections.abc import Callable
from pathlib import Path

from watched_drops import Cycle, action, lines
from watched_drops import cycle_runner  # noqa: F401  pylint: disable=unused-import

from riskwatch.cycle import Context
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.score import score_drop
from riskwatch.store import load_release
from riskwatch.watch_stages import has_undecided
from riskwatch.workplace import Workplace


def test_what_a_killed_cycle_scored_is_watched_by_the_next(
        place: Workplace, ledger: Ledger, put: Callable[..., Path], cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    put("late.csv", lines("stable", 50))
    taken = ingest(place, ledger)
    score_drop(place, ledger, load_release(place), taken.accepted[0])  # and then nothing more
    assert has_undecided(Context(place, ledger, 2))
    context = cycle()
    assert [entry.record.file_id for entry in context.scores] == [taken.accepted[0].id]
    assert action(context) == "keep" and not has_undecided(context)


def test_a_failed_diagnostic_is_told_and_makes_the_cycle_say_no(cycle: Cycle) -> None:
    fields = [line.split(",") for line in lines("stable", 1)]
    gaps = [",".join([name, "", *others]) for name, _, *others in fields]
    context = cycle(rows=gaps)
    assert context.has_failed_check
    detail = next(entry.record.detail for entry in context.steps
                  if entry.record.step == "diagnose")
    assert "missing_share of lastmonth_activity" in detail


def test_a_quiet_cycle_checks_machine_and_release_only(cycle: Cycle) -> None:
    cycle("stable")
    quiet = cycle()
    assert {entry.record.check for entry in quiet.diagnostics} == {
        "disk", "clock", "feed", "release"}
