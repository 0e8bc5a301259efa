"""What the ledger tells over time: scores of drops, seconds of cycles, missing shares.

In: a ledger. Out: series, oldest first, at most so many points that a picture can show them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.ledger_pages import R
from riskwatch.records import Diagnostic, File, Score, Step
from riskwatch.schema import CORPORATION, FEATURES

MOST_DROPS, MOST_CYCLES = 90, 60
_PAGE, _MOST_STEPS = 500, 2000
#: The stage that makes the report says nothing about itself: its time is not yet known.
_REPORT = "report"


@dataclass(frozen=True)
class ScoredDrop:
    """A drop by its period, and what the model of its time did on it."""

    label: str
    entry: Entry[Score]


@dataclass(frozen=True)
class CycleSeconds:
    """A cycle that had something to do: when, and the seconds of each stage."""

    made_utc: str
    seconds: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class MissingShare:
    """A column, its share of missing values in each drop, and when that was written."""

    column: str
    made_utc: tuple[str, ...]
    shares: tuple[float, ...]


def newest(ledger: Ledger, kind: type[R], most: int, **filters: str | int) -> Iterator[Entry[R]]:
    """Yield the newest entries with these values, newest first.

    Parameters
    ----------
    ledger : Ledger
    kind : type
    most : int
    **filters : str or int

    Yields
    ------
    Entry
    """
    cursor, left = None, most
    while left > 0:
        page = ledger.page(kind, Query(filters=filters), cursor=cursor, limit=min(left, _PAGE))
        yield from page.entries
        left -= len(page.entries)
        if (cursor := page.next_cursor) is None:
            return


def file_label(ledger: Ledger, number: int | None) -> str:
    """Return the period of a file, or its name where it has none."""
    file = None if number is None else ledger.get(File, number)
    return "hold-out" if file is None else file.record.period or file.record.name


def scored_drops(ledger: Ledger) -> tuple[ScoredDrop, ...]:
    """Return the scores of the latest drops, oldest first.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    tuple of ScoredDrop
    """
    found = [ScoredDrop(file_label(ledger, entry.record.file_id), entry)
             for entry in newest(ledger, Score, MOST_DROPS, subject="drop")]
    return tuple(reversed(found))


def cycle_seconds(ledger: Ledger) -> tuple[CycleSeconds, ...]:
    """Return the seconds of the latest cycles that did more than look, oldest first.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    tuple of CycleSeconds
    """
    cycles: dict[int | None, dict[str, float]] = {}
    times: dict[int | None, str] = {}
    for entry in newest(ledger, Step, _MOST_STEPS):
        if entry.record.outcome == "skipped" or entry.record.step == _REPORT:
            continue
        stages = cycles.setdefault(entry.run_id, {})
        stages[entry.record.step] = stages.get(entry.record.step, 0.0) + entry.record.seconds
        times[entry.run_id] = entry.made_utc
    busy = [CycleSeconds(times[run], tuple(reversed(stages.items())))
            for run, stages in cycles.items() if {"score", "train"} & set(stages)]
    return tuple(reversed(busy[:MOST_CYCLES]))


def missing_shares(ledger: Ledger) -> tuple[MissingShare, ...]:
    """Return the missing share of each column that must not be empty, oldest first.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    tuple of MissingShare
        Without the label, which comes late.
    """
    columns = (CORPORATION, *FEATURES)
    found: dict[str, list[tuple[str, float]]] = {name: [] for name in columns}
    checks = newest(ledger, Diagnostic, (len(columns) + 1) * MOST_DROPS, check="missing_share")
    for entry in checks:
        if entry.record.subject in found and entry.record.value is not None:
            found[entry.record.subject].append((entry.made_utc, entry.record.value))
    series = {name: list(islice(points, MOST_DROPS))[::-1] for name, points in found.items()}
    return tuple(MissingShare(name, tuple(made for made, _ in points),
                              tuple(share for _, share in points))
                 for name, points in series.items() if points)
