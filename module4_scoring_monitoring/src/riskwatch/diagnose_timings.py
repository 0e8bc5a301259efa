"""How long does it take, and has it become slower?

In: work to repeat, or seconds that were noted. Out: a `Diagnostic`. The quickest of several
repeats is compared with the quickest ones before: other work on the machine can only add time,
so noise makes single repeats slow, and only a regression makes all of them slow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from riskwatch.records import Diagnostic

#: Fewer figures before are no history.
LEAST_HISTORY = 5
#: Below so many seconds a factor is the clock's own noise.
_NEGLIGIBLE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of repeated work: the quickest, the middle, the slowest."""

    quickest: float
    median: float
    slowest: float
    repeats: int


def timed(work: Callable[[], object], repeats: int,
          clock: Callable[[], float] = perf_counter) -> Timing:
    """Repeat work and time it; it must be safe to repeat, and change nothing.

    Parameters
    ----------
    work : callable
    repeats : int
    clock : callable
        Returns seconds.

    Returns
    -------
    Timing
    """
    seconds = []
    for _ in range(repeats):
        started = clock()
        work()
        seconds.append(clock() - started)
    return Timing(min(seconds), float(np.median(seconds)), max(seconds), repeats)


def timing_check(subject: str, timing: Timing, history: Sequence[float], slower_factor: float
                 ) -> Diagnostic:
    """Return whether work has become slower than it was.

    Parameters
    ----------
    subject : str
        What was timed.
    timing : Timing
    history : sequence of float
        The quickest seconds of earlier times.
    slower_factor : float

    Returns
    -------
    Diagnostic
        ``value`` is the quickest; ``failed`` when even that is ``slower_factor`` times the
        median of the history, and beyond all of its figures.
    """
    detail = (f"{timing.median:.6f} s in the middle, {timing.slowest:.6f} s at most, "
              f"{timing.repeats} repeats")
    if len(history) < LEAST_HISTORY:
        return Diagnostic(check="timing", subject=subject, status="unknown", unit="s",
                          value=round(timing.quickest, 6),
                          detail=f"{detail}; {len(history)} earlier times, {LEAST_HISTORY} are "
                          "needed to compare")
    usual = float(np.median(history))
    limit = max(slower_factor * usual, _NEGLIGIBLE_SECONDS, *history)
    return Diagnostic(check="timing", subject=subject, unit="s",
                      status="failed" if timing.quickest > limit else "ok",
                      value=round(timing.quickest, 6),
                      detail=f"{detail}; {usual:.6f} s was usual, {limit:.6f} s is the limit")


def step_check(step: str, seconds: Sequence[float], slower_factor: float) -> Diagnostic:
    """Return whether a stage of the cycle has become slower; nothing is run for it.

    Parameters
    ----------
    step : str
    seconds : sequence of float
        As the ledger has them, the latest first.
    slower_factor : float

    Returns
    -------
    Diagnostic
        The quickest of the three latest is compared with those before.
    """
    latest, before = seconds[:3], seconds[3:]
    if not latest:
        return Diagnostic(check="timing", subject=f"step {step}", status="unknown",
                          detail="it has not run yet")
    return timing_check(f"step {step}", Timing(min(latest), float(np.median(latest)), max(latest),
                                               len(latest)), before, slower_factor)
