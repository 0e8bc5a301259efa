"""Show where a long run is: a bar on a terminal, plain lines elsewhere.

In: the number of steps. Out: a ``Step`` that rooms open around their work.
The rooms know neither terminal nor bar; they only say what they are about to do.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

LOGGER = logging.getLogger(__name__)
#: Opens a named step of a long run; the caller draws it.
Step = Callable[[str], AbstractContextManager[None]]


@contextmanager
def shown_progress(step_count: int, *, is_terminal: bool) -> Iterator[Step]:
    """Yield a ``Step`` that shows and logs each step with its seconds.

    Parameters
    ----------
    step_count : int
        How many steps will come; the bar is full after them.
    is_terminal : bool
        Draw a bar; otherwise the log's lines are enough.

    Yields
    ------
    callable
        Takes a title, returns a context.
    """
    if not is_terminal:
        yield logged_step
        return
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("start", total=step_count)

        @contextmanager
        def drawn_step(title: str) -> Iterator[None]:
            progress.update(task, description=title)
            with logged_step(title):
                yield
            progress.advance(task)

        yield drawn_step
        progress.update(task, description="done")


@contextmanager
def logged_step(title: str) -> Iterator[None]:
    """Log the beginning, and the end with its seconds; a failure says where it happened."""
    started = perf_counter()
    LOGGER.info("%s ...", title)
    try:
        yield
    except BaseException:
        LOGGER.info("%s: failed after %.1f s", title, perf_counter() - started)
        raise
    LOGGER.info("%s: %.1f s", title, perf_counter() - started)
