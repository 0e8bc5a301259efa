"""Killed before any system call that changes files, a run leaves the old state or the new one.

And the next run completes it, with nothing lost, nothing doubled and no lock that stays.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import kill_points
import pytest
from crash_scenes import (before_cycle, before_ingest, check_ingest, cycle, deploy_third, go_back,
                          ingest_all, place_of, points_of, spread, state, two_releases)

from riskwatch.audit import audit
from riskwatch.dataset import labelled_rows
from riskwatch.deploy import recover, serving_version
from riskwatch.ledger import open_ledger
from riskwatch.records import File, RunEnd
from riskwatch.store import current_version, load_release

pytestmark = pytest.mark.skipif(not kill_points.is_possible(),
                                reason="this machine lets no process be traced")


@pytest.mark.timeout(900)
def test_a_killed_ingest_takes_each_file_in_once_and_whole(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """Merge of segments, quarantine and ledger included."""
    count = points_of(tmp_path, before_ingest, ingest_all)
    wanted = state(tmp_path / "count")
    assert len(wanted[1]) == 6 and len(wanted[2]) == 2
    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, before_ingest, ingest_all,
                                 check_ingest(wanted))
    # A number written with a digit more can need a call more: the last place may not be there.
    assert deaths >= len(places) - 1 and len(places) >= 20
    say(f"ingest: killed at {deaths} of {count} calls, 0 violations")


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("action", "least"), [(deploy_third, 20), (go_back, 8)],
                         ids=["deploy", "rollback"])
def test_a_killed_switch_leaves_one_whole_release_serving(
        tmp_path: Path, say: Callable[[str], None], action: Callable[[Path], Any],
        least: int) -> None:
    """The link names a whole release at every moment, and then follows the ledger."""
    def check(folder: Path) -> None:
        place = place_of(folder)
        load_release(place)
        with closing(open_ledger(place)) as ledger:
            recover(place, ledger)
            assert current_version(place) == serving_version(ledger)
            load_release(place)
            assert not audit(place, ledger).problems
        if action is deploy_third:
            action(folder)
        load_release(place)

    count = points_of(tmp_path, two_releases, action)
    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, two_releases, action, check)
    assert deaths >= len(places) - 1 and len(places) >= least
    say(f"{action.__name__}: killed at {deaths} of {count} calls, 0 violations")


@pytest.mark.timeout(1800)
def test_a_killed_cycle_is_gone_on_with_and_leaves_its_row(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    """Ingest, train, score, deploy: the next cycle ends where one cycle would have ended."""
    def check(folder: Path) -> None:
        cycle(folder)
        place = place_of(folder)
        with closing(open_ledger(place)) as ledger:
            assert not audit(place, ledger).problems
            assert serving_version(ledger) == current_version(place)
            assert current_version(place) is not None
            assert [*ledger.columns(File, "status")] == [("accepted",)]
            assert not ledger.unended_runs()
            outcomes = [outcome for (outcome,) in ledger.columns(RunEnd, "outcome")]
            assert outcomes in (["done"], ["killed", "done"], ["done", "done"])
            assert load_release(place).facts.rows == len(
                labelled_rows(place, ledger, "train", 100))

    count = points_of(tmp_path, before_cycle, cycle)
    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, before_cycle, cycle, check)
    # A number written with a digit more can need a call more: the last place may not be there.
    assert deaths >= len(places) - 1 and len(places) >= 20
    say(f"cycle: killed at {deaths} of {count} calls, 0 violations")


def test_the_killer_sees_the_calls_of_libraries_written_in_c(tmp_path: Path) -> None:
    """SQLite's writes count: a ledger alone makes dozens of calls."""
    assert kill_points.count_points(lambda: open_ledger(place_of(tmp_path)).close()) > 20
    shutil.rmtree(tmp_path / "out")
    assert kill_points.dies_before(15, lambda: open_ledger(place_of(tmp_path)).close())[0]
