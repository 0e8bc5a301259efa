"""A regression is flagged, noise is not."""

import numpy as np
import pytest

from riskwatch.diagnose_timings import Timing, step_check, timed, timing_check


def test_work_is_repeated_and_its_spread_told() -> None:
    ticks = iter([0.0, 1.0, 10.0, 13.0, 20.0, 22.0])
    calls = []
    found = timed(lambda: calls.append(1), 3, lambda: next(ticks))
    assert (len(calls), found) == (3, Timing(1.0, 2.0, 3.0, 3))


def checked(quickest: float, history: list[float]) -> str:
    """The status of a timing."""
    return timing_check("x", Timing(quickest, quickest * 1.2, quickest * 9, 5), history, 2).status


@pytest.mark.parametrize(("quickest", "status"), [(0.1, "ok"), (0.199, "ok"), (0.21, "failed")])
def test_twice_as_slow_as_usual_is_a_regression(quickest: float, status: str) -> None:
    assert checked(quickest, [0.1, 0.09, 0.11, 0.1, 0.1]) == status


def test_what_was_that_slow_before_is_no_regression() -> None:
    assert checked(0.35, [0.1, 0.1, 0.1, 0.1, 0.4]) == "ok"


def test_a_short_history_compares_nothing() -> None:
    assert checked(9.0, [0.1] * 4) == "unknown"


def test_milliseconds_are_not_compared() -> None:
    assert checked(0.009, [0.001] * 9) == "ok"


def test_noise_is_not_flagged_and_a_real_slowdown_is() -> None:
    """Work of .1 s on a machine where every second repeat is disturbed by up to tenfold."""
    rng = np.random.default_rng(2)

    def quickest(work: float) -> float:
        disturbed = np.where(rng.random(5) < 0.5, rng.uniform(1, 10, 5), rng.uniform(1, 1.1, 5))
        return float((work * disturbed).min())

    past = [quickest(0.1) for _ in range(20)]
    assert sum(checked(quickest(0.1), past) == "failed" for _ in range(200)) <= 4
    usual = [0.1 * (1 + place / 200) for place in range(20)]
    assert all(checked(quickest(0.3), usual) == "failed" for _ in range(50))


def test_a_stage_is_judged_by_the_quickest_of_its_last_three_runs() -> None:
    assert step_check("train", [9.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 2).status == "ok"
    assert step_check("train", [9.0, 9.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0], 2).status == "failed"
    assert step_check("train", [9.0, 9.0], 2).status == "unknown"
    assert step_check("train", [], 2).detail == "it has not run yet"
