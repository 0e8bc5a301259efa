"""Everything is looked at, written down, compared with before; nothing else is touched."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from watched_drops import Cycle, lines
from watched_drops import cycle_runner  # noqa: F401  pylint: disable=unused-import

from riskwatch.deploy import serving_version
from riskwatch.diagnose import diagnose
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.records import Diagnostic
from riskwatch.store import stored_versions
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no process."""
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")
    monkeypatch.setattr("subprocess.run", fail)


def test_a_drop_is_looked_at_from_all_sides(place: Workplace, ledger: Ledger, cycle: Cycle
                                            ) -> None:
    context = cycle("stable")
    found = [entry.record for entry in context.diagnostics]
    assert {record.check for record in found} == {
        "disk", "clock", "feed", "release", "dependency", "timing", "missing_share",
        "repeated_share", "out_of_range_share", "impossible_share", "summary_statistics",
        "stability"}
    assert not [record for record in found if record.status == "failed"]
    timing = next(record for record in found if record.subject.startswith("prediction by"))
    assert timing.value is not None and timing.value > 0 and "5 repeats" in timing.detail
    assert ledger.latest(Diagnostic) is not None
    # Nothing is trained or deployed in order to be timed.
    before = serving_version(ledger), stored_versions(place)
    diagnose(place, ledger)
    assert (serving_version(ledger), stored_versions(place)) == before


def test_packages_are_asked_for_outside_only_when_told(
        place: Workplace, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskwatch.diagnose.newest_versions", lambda: {"duckdb": "99.0"})
    monkeypatch.setattr("riskwatch.diagnose.known_vulnerabilities", lambda: None)
    found = {entry.record.subject: entry.record.detail
             for entry in diagnose(place, ledger, look_online=True)}
    assert "newest 99.0, vulnerabilities unknown" in found["duckdb"]


def test_a_broken_drop_fails_by_name(place: Workplace, ledger: Ledger, put: Put) -> None:
    put("a.csv", [f"{name},9,3,,{left}" for name, _, _, _, left in
                  (line.split(",") for line in lines("stable", 1, 60))])
    failed = {(entry.record.check, entry.record.subject)
              for entry in diagnose(place, ledger, ingest(place, ledger).accepted)
              if entry.record.status == "failed"}
    assert failed == {("missing_share", "number_of_employees"),
                      ("impossible_share", "lastmonth_activity > lastyear_activity")}


def test_a_drop_unlike_eight_others_is_unstable(place: Workplace, ledger: Ledger, put: Put
                                                ) -> None:
    for number in range(8):
        put(f"{number}.csv", lines("stable", number, 150))
        found = diagnose(place, ledger, ingest(place, ledger).accepted)
        assert {entry.record.status for entry in found if entry.record.check == "stability"
                } == {"unknown"}
    put("far.csv", [",".join([name, month, str(int(year) * 100 + 99), staff, left])
                    for name, month, year, staff, left in
                    (line.split(",") for line in lines("stable", 9, 150))])
    found = diagnose(place, ledger, ingest(place, ledger).accepted)
    assert [entry.record.subject for entry in found if entry.record.check == "stability"
            and entry.record.status == "failed"] == ["lastyear_activity.median"]


def test_a_feed_that_went_silent_and_a_clock_that_went_back_are_found(
        place: Workplace, ledger: Ledger, put: Put) -> None:
    put("a.csv", lines("stable", 1, 60))
    ingest(place, ledger)

    def statuses() -> dict[str, str]:
        return {entry.record.check: entry.record.status for entry in diagnose(place, ledger)}

    clock = place.clock
    assert statuses() == {"disk": "ok", "clock": "ok", "feed": "ok"}
    clock.now += timedelta(days=4)  # type: ignore[attr-defined]
    assert statuses()["feed"] == "failed"
    clock.now -= timedelta(days=5)  # type: ignore[attr-defined]
    assert statuses()["clock"] == "failed"
