"""What `riskwatch simulate` and `riskwatch run` do, once their words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from riskwatch.errors import InputError
from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1
_MOST_DAYS = 10_000
_DAYS_A_LINE = 10


def play_days(arguments: argparse.Namespace, place: Workplace) -> int:
    """Play the days, draw the timeline, say what happened; exit 1 when a cycle failed."""
    from riskwatch.pipeline import play

    check_days(arguments.days)
    with day_shower() as on_day:
        told = play(place, arguments.days, arguments.data, on_day)
    for line in told.in_words():
        print(line)
    print(f"timeline: {told.pictures['svg']}")
    return DONE if told.played.is_sound else CHECK_SAID_NO


def run_all(arguments: argparse.Namespace, place: Workplace) -> int:
    """Play the days, serve them, ask everything once, and write the report of the run."""
    from riskwatch.pipeline import run

    check_days(arguments.days)
    with day_shower() as on_day:
        done = run(place, arguments.days, arguments.data, on_day)
    for line in done.in_words():
        print(line)
    return DONE if done.is_sound else CHECK_SAID_NO


def check_days(days: int | None) -> None:
    """Refuse a number of days that cannot be played."""
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise InputError(f"--days {days}: give a number from 1 to {_MOST_DAYS}")


@contextmanager
def day_shower() -> Iterator[Callable[[int, int], None]]:
    """Yield what shows the days on standard error: a bar on a terminal, plain lines elsewhere."""
    started = perf_counter()
    if not sys.stderr.isatty():
        def print_line(day: int, count: int) -> None:
            if day % _DAYS_A_LINE == 0:
                print(f"day {day} of {count}, {perf_counter() - started:.1f} s",
                      file=sys.stderr, flush=True)
        yield print_line
        return
    from rich.console import Console
    from rich.progress import (BarColumn, MofNCompleteColumn, Progress, TextColumn,
                               TimeElapsedColumn)

    with Progress(TextColumn("simulated days"), BarColumn(), MofNCompleteColumn(),
                  TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("days", total=None)
        yield lambda day, count: progress.update(task, completed=day + 1, total=count)
