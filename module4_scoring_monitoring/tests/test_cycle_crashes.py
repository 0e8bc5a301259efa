"""Killed before any call that changes files, a whole cycle is gone on with by the next one.

Ingest, quarantine, score, drift, decision, training, trial, deployment, diagnostics, alerts and
report: nothing is scored twice, nothing deployed twice, and the same model serves in the end.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import kill_points
import pytest
from crash_scenes import spread
from cycle_scenes import (WITHOUT_REPORT, check_next, copied_from, cycle, place_of,
                          prepare)

from riskwatch.stages import STAGES
from riskwatch.store import load_release

pytestmark = pytest.mark.skipif(not kill_points.is_possible(),
                                reason="this machine lets no process be traced")


@pytest.mark.timeout(7200)
def test_a_killed_whole_cycle_is_gone_on_with(tmp_path: Path, say: Callable[[str], None]) -> None:
    base, whole = tmp_path / "base", tmp_path / "whole"
    prepare(base)
    scene = copied_from(base)
    scene(whole)
    context = cycle(whole)
    assert {entry.record.outcome for entry in context.steps} == {"done"}
    wanted = load_release(place_of(whole, 2)).release.model_sha256
    shutil.rmtree(whole / "out")
    scene(whole)
    count = kill_points.count_points(lambda: cycle(whole))
    shutil.rmtree(whole / "out")
    scene(whole)
    before_report = kill_points.count_points(lambda: cycle(whole, stages=WITHOUT_REPORT))
    ends: Counter[str] = Counter()

    def check(folder: Path) -> None:
        has_report = int(folder.name.split()[-1]) > before_report - 60  # the end of the run
        ends.update(check_next(folder, wanted, STAGES if has_report else WITHOUT_REPORT))

    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, scene, cycle, check)
    # A number written with a digit more can need a call more: the last places may not be there.
    assert deaths >= len(places) - 2 and len(places) >= 20 and count > 300
    # Before its row stands a run leaves none, and the ledger still closes behind its end.
    assert ends["killed"] >= 0.6 * deaths
    say(f"whole cycle: killed at {deaths} of {count} calls, 0 violations")
