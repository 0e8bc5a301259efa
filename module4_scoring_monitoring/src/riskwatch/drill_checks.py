"""Was the fault of a drill found, and is it gone, with nothing broken on the way?

In: a drill's workplace, its ledgers, and what was noted when it began. Out: who found it, and
complaints in words. What counts is the ledger, which only grows, and the things themselves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from riskwatch.audit import audit
from riskwatch.deploy import serving_version
from riskwatch.diagnose import prediction_check
from riskwatch.diagnose_machine import usage_check
from riskwatch.diagnose_packages import is_within, listed_packages
from riskwatch.diagnose_release import release_check
from riskwatch.drill_faults import (ALLOWED_MEGABYTES, STALE, STALE_VERSION, Drill, Facts)
from riskwatch.drill_place import LISTED, SETTINGS, taken_in
from riskwatch.ledger import Entry, Ledger
from riskwatch.ledger_pages import R
from riskwatch.records import Diagnostic, File
from riskwatch.tables import SPECS, TABLES
from riskwatch.workplace import Workplace

_NEGLIGIBLE_SECONDS = 0.01


@dataclass(frozen=True)
class Begun:
    """What was noted when a drill began; ``heads`` are those of the ledger's tables."""

    number: int
    facts: Facts
    heads: Mapping[str, tuple[int, str]]


def goes_on(ledger: Ledger, begun: Begun) -> bool:
    """Return whether a ledger still holds every row that it held when the drill began."""
    return all(dict(ledger.columns(spec.record, "id", "chain")).get(number) == chain
               for spec in SPECS for number, chain in (begun.heads[spec.name],) if number)


def found_by(ledger: Ledger, drill: Drill, begun: Begun) -> str | None:
    """Return the words of the first run since the beginning that met the fault, else None."""
    if drill.check == "refused":
        return next((f"refused: {entry.record.reason}" for entry in _since(ledger, begun, File)
                     if entry.record.status == "refused"
                     and entry.record.name == drill.subject), None)
    return next((f"{entry.record.check}: {entry.record.subject} ({entry.record.detail})"
                 for entry in _since(ledger, begun, Diagnostic)
                 if entry.record.status == "failed" and entry.record.check == drill.check
                 and entry.record.subject.startswith(drill.subject)), None)


def complaints(place: Workplace, ledger: Ledger, drill: Drill, begun: Begun) -> Iterator[str]:
    """Yield what is still wrong.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
        The present one.
    drill : Drill
    begun : Begun

    Yields
    ------
    str
        Plain words, without the way to mend it.
    """
    yield from _REMAINS[drill.fault](place, ledger, begun)
    yield from (f"audit: {problem}" for problem in audit(place, ledger).problems)


def _since(ledger: Ledger, begun: Begun, kind: type[R]) -> Iterator[Entry[R]]:
    """Yield the entries of a table that came since the beginning, newest first."""
    last = begun.heads[TABLES[kind].name][0]
    return takewhile(lambda entry: entry.id > last, ledger.entries(kind))


def _right_rows(place: Workplace, ledger: Ledger, begun: Begun) -> Iterator[str]:
    files = taken_in(place, ledger, after=begun.heads[TABLES[File].name][0])
    if begun.facts.truth not in [digest for _, digest in files]:
        yield "the rows of 14 January 2026, as they should be, are not in"
    for name, digest in files:
        if digest not in (begun.facts.truth, begun.facts.known):
            yield f"{name}: was taken in with rows that are not right"


def _right_list(place: Workplace, _: Ledger, __: Begun) -> Iterator[str]:
    found = {package.name.lower(): package for package in listed_packages(place.requirements)}
    for name in LISTED:
        if name not in found:
            yield f"{place.requirements.name}: lacks {name}"
        elif not found[name].is_within:
            yield (f"{place.requirements.name}: asks for {name} {found[name].required}, "
                   f"installed is {found[name].installed}")
    if STALE in found and is_within(STALE_VERSION, found[STALE].required):
        yield f"{place.requirements.name}: a version of {STALE} would do that loads no model here"


def _quick_again(place: Workplace, ledger: Ledger, begun: Begun) -> Iterator[str]:
    if serving_version(ledger) == begun.facts.version:
        yield "the release that made it slow still serves"
        return
    latest = ledger.latest(File, status="accepted")
    assert latest is not None
    limit = max(_NEGLIGIBLE_SECONDS,
                place.settings.diagnosis.slower_factor * begun.facts.usual_seconds)
    for timing in prediction_check(place, ledger, latest.record):
        if timing.value is not None and timing.value > limit:
            yield f"{timing.subject} takes {timing.value:.3f} s, at most {limit:.3f} s is usual"


def _room_again(place: Workplace, _: Ledger, __: Begun) -> Iterator[str]:
    if place.settings.diagnosis.most_used_megabytes != ALLOWED_MEGABYTES:
        yield f"{SETTINGS}: another number there is no room on the landlord's disk"
    used = usage_check(place.out, ALLOWED_MEGABYTES)
    if used.status != "ok":
        yield f"{used.value:.0f} MB are used, {ALLOWED_MEGABYTES} MB are allowed"


def _sound_release(place: Workplace, ledger: Ledger, _: Begun) -> Iterator[str]:
    for check in release_check(place, ledger):
        if check.status != "ok":
            yield f"the release {check.subject} shall serve: {check.detail}"


_REMAINS: Mapping[str, Callable[[Workplace, Ledger, Begun], Iterator[str]]] = {
    "missing-column": _right_rows, "unit-change": _right_rows, "late-file": _right_rows,
    "duplicate-file": _right_rows, "stale-dependency": _right_list, "slow-step": _quick_again,
    "full-disk": _room_again, "broken-deploy": _sound_release,
}
