"""Being ended in the middle: by Ctrl-C, by a closed terminal, or by another program.

In: a signal. Out: an exception, so that sandboxes and temporary folders go before we do.
"""

import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """We were asked to end; ``code`` is the exit code that says by which signal."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


def _raise(number: int, _frame: FrameType | None) -> None:
    # Whoever asks twice must not break off the tidying up.
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)


@contextmanager
def told_to_stop() -> Iterator[None]:
    """Turn the first signal that asks us to end into `Stopped`, and ignore those after it."""
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread may say what a signal does.
        yield
        return
    # Under nohup the closed terminal is to be ignored, and stays so.
    under_nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    before = {number: signal.signal(number, _raise) for number in SIGNALS
              if not (number == signal.SIGHUP and under_nohup)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def not_now() -> Iterator[None]:
    """Let such a signal wait until the work inside is whole.

    The handler is what waits: a blocked signal would be taken by another thread of this process,
    and Python runs its handler in the main thread all the same.
    """
    if threading.current_thread() is not threading.main_thread():
        # No handler runs in another thread, so nothing can break off its work.
        yield
        return
    waiting: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: waiting.append(number))
              for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if waiting:
            signal.raise_signal(waiting[0])


def die_with_parent() -> None:
    """Have this process killed when the one that started it ends, however that ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
