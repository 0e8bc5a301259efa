"""Drops are watched in a cycle: a row of the ledger for each test, fault and rule."""

from watched_drops import Cycle, action, lines, verdicts
from watched_drops import cycle_runner  # noqa: F401  pylint: disable=unused-import

from riskwatch.decision_watch import decide_cycle
from riskwatch.drift_watch import Watch, watch_drops
from riskwatch.ledger import Ledger
from riskwatch.records import DriftVerdict
from riskwatch.store import load_release
from riskwatch.workplace import Workplace


def test_no_news_watches_nothing_and_a_stable_drop_keeps(ledger: Ledger, cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    quiet = cycle()
    assert (quiet.decision, quiet.verdicts) == (None, ())
    stable = cycle("stable")
    assert action(stable) == "keep" and stable.challenger is None
    tests = {(record.column, record.test) for record in verdicts(stable)}
    assert tests == {
        *((column, "distribution") for column in (
            "lastmonth_activity", "lastyear_activity", "number_of_employees",
            "predicted_probability")),
        ("all columns", "joint"), *((column, rule) for column in ("f1", "error_rate") for rule in
                                    ("raw_comparison", "parametric", "non_parametric"))}
    assert not verdicts(stable, verdict="drift", test="distribution")
    assert "P(y given x)" in verdicts(stable, test="joint")[0].detail
    assert ledger.latest(DriftVerdict) is not None


def test_a_change_of_unit_asks_a_person_and_trains_nothing(cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    thousands = [",".join([name, month, year, str(int(staff) * 1000), left])
                 for name, month, year, staff, left in (line.split(",")
                                                        for line in lines("stable", 3))]
    context = cycle(rows=thousands)
    assert action(context) == "ask_person" and context.challenger is None
    assert [record.column for record in verdicts(context, test="unit_change")] == [
        "number_of_employees"]


def test_a_drop_too_small_is_not_judged(cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    context = cycle(rows=lines("stable", 3, 49, labelled=False))
    assert action(context) == "insufficient_evidence"
    assert {record.verdict for record in verdicts(context)} == {"not_enough_data"}


def test_the_history_of_scores_feeds_the_rules(cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    for _ in range(5):
        context = cycle("stable")
        assert verdicts(context, test="parametric", verdict="not_enough_data")
    context = cycle("stable")
    assert not verdicts(context, test="parametric", verdict="not_enough_data")
    fallen = cycle("concept_drift")
    found = {(record.column, record.test): record.verdict for record in verdicts(fallen)
             if record.column in ("f1", "error_rate")}
    assert set(found.values()) == {"drift"}


def test_nothing_scored_is_nothing_seen(place: Workplace, ledger: Ledger, cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    watch = Watch(place, ledger, load_release(place))
    seen = watch_drops(watch, ())
    assert (seen.reports, seen.entries) == ((), ())
    assert decide_cycle(watch, (), seen).entry.record.action == "keep"
