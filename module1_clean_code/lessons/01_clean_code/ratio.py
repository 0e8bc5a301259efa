"""Compare the cost of two functions so that a busy machine does not decide.

In: two functions and what they take. Out: the least CPU seconds of each.
CPU time of this process leaves other programs out; the rounds alternate; the least of several
is the time without disturbance.
"""

import time
from collections.abc import Callable
from typing import Any


def fastest(forms: tuple[Callable[[Any], Any], Callable[[Any], Any]], table: Any
            ) -> tuple[float, float]:
    """Return the least CPU seconds of a slow and of a quick function."""
    slow, quick = forms
    quick(table)
    slow_seconds, quick_seconds = [], []
    for _ in range(2):
        slow_seconds.append(_seconds(slow, table))
        quick_seconds += [_seconds(quick, table) for _ in range(5)]
        if quick_seconds[0] * 5 > slow_seconds[0]:
            break  # far from 50: further rounds would only take time
    return min(slow_seconds), max(min(quick_seconds), 1e-6)


def _seconds(form: Callable[[Any], Any], table: Any) -> float:
    started = time.process_time()
    form(table)
    return time.process_time() - started
