"""Diagnose: is everything around the model as it should be? It looks, and changes nothing else.

In: a workplace, its ledger, the files that came in. Out: a row of the ledger for each check.
Nothing is trained or deployed to time it, and the network is asked only when told to.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from riskwatch.dataset import drop_rows
from riskwatch.diagnose_data import has_history, integrity, stability, summary_statistics
from riskwatch.diagnose_machine import clock_check, disk_check, feed_check, usage_check
from riskwatch.diagnose_packages import (Package, both, known_vulnerabilities, listed_packages,
                                         newest_versions, package_checks, required_packages)
from riskwatch.diagnose_release import release_check
from riskwatch.diagnose_schedule import schedule_checks
from riskwatch.diagnose_timings import step_check, timed, timing_check
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.records import Diagnostic, File, Run, Step
from riskwatch.score import predict
from riskwatch.store import current_version, load_release
from riskwatch.workplace import Workplace

#: Stages whose seconds are followed.
TIMED_STEPS = ("ingest", "train")
#: So many earlier figures are a history.
_MOST_HISTORY = 30
_TIMED_ROWS = 1000


def diagnose(place: Workplace, ledger: Ledger, files: Sequence[Entry[File]] = (), *,
             look_online: bool = False, run_id: int | None = None
             ) -> tuple[Entry[Diagnostic], ...]:
    """Check everything, and write it down.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    files : sequence of Entry of File
        Accepted ones that are to be looked at. Without any, only disk, clock, feed and the
        release are checked: the rest has not changed, and the same drop twice would spoil
        the history.
    look_online : bool
        Also ask the package index, which takes seconds; else "newest" is unknown.
    run_id : int, optional

    Returns
    -------
    tuple of Entry of Diagnostic
    """
    release = release_check(place, ledger)
    found = [*machine_checks(place, ledger), *schedule_checks(place, ledger, run_id), *release]
    if files or look_online:
        found += _packages(place, look_online)
    if files:
        factor = place.settings.diagnosis.slower_factor
        found += [step_check(step, _step_seconds(ledger, step), factor) for step in TIMED_STEPS]
        if all(check.status == "ok" for check in release):
            found += prediction_check(place, ledger, files[-1].record)
    for file in files:
        found += drop_checks(place, ledger, file.record)
    return ledger.append(*found, run_id=run_id)


def machine_checks(place: Workplace, ledger: Ledger) -> tuple[Diagnostic, ...]:
    """Return the checks of disk, clock and feed.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    tuple of Diagnostic
    """
    limits, now = place.settings.diagnosis, place.clock()
    times = [datetime.fromisoformat(entry.made_utc) for kind in (Run, Step, File, Diagnostic)
             if (entry := ledger.latest(kind)) is not None]
    newest_file = max((datetime.fromisoformat(entry.made_utc)
                       for status in ("accepted", "refused")
                       if (entry := ledger.latest(File, status=status)) is not None),
                      default=None)
    allowed = limits.most_used_megabytes
    return (disk_check(place.out, limits.least_free_megabytes),
            *((usage_check(place.out, allowed),) if allowed else ()),
            clock_check(now, max(times, default=None)),
            feed_check(now, newest_file, limits.silent_days))


def drop_checks(place: Workplace, ledger: Ledger, file: File) -> tuple[Diagnostic, ...]:
    """Return the checks of one drop: integrity, statistics, stability.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    file : File
        Accepted.

    Returns
    -------
    tuple of Diagnostic
    """
    limits = place.settings.diagnosis
    rows = drop_rows(place, ledger, file)
    figures = (*integrity(rows, limits), *summary_statistics(rows[~rows["is_repeated"]]))
    history = {(figure.check, figure.subject): _history(ledger, figure.check, figure.subject)
               for figure in figures if has_history(figure)}
    return (*figures, *stability(figures, history, int((~rows["is_repeated"]).sum())))


def prediction_check(place: Workplace, ledger: Ledger, file: File) -> tuple[Diagnostic, ...]:
    """Return how long the serving model takes for the rows of a drop; empty without a model.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    file : File
        Accepted; its first 1,000 rows are predicted several times.

    Returns
    -------
    tuple of Diagnostic
    """
    if current_version(place) is None:
        return ()
    limits, stored = place.settings.diagnosis, load_release(place)
    rows = drop_rows(place, ledger, file).head(_TIMED_ROWS)
    predict(stored, rows)  # the first one loads what the others find loaded
    subject = f"prediction by {stored.facts.model_name}"
    return (timing_check(subject, timed(lambda: predict(stored, rows), limits.timing_repeats),
                         _history(ledger, "timing", subject), limits.slower_factor),)


def _packages(place: Workplace, look_online: bool) -> tuple[Diagnostic, ...]:
    return tuple(package_checks(both(_installed(), listed_packages(place.requirements)),
                                newest_versions() if look_online else None,
                                known_vulnerabilities() if look_online else None))


@cache
def _installed() -> tuple[Package, ...]:
    return required_packages()  # what is installed does not change under a running process


def _history(ledger: Ledger, check: str, subject: str) -> list[float]:
    page = ledger.page(Diagnostic, Query(filters={"subject": subject}), limit=4 * _MOST_HISTORY)
    values = [entry.record.value for entry in page.entries
              if entry.record.check == check and entry.record.value is not None]
    return values[:_MOST_HISTORY]


def _step_seconds(ledger: Ledger, step: str) -> list[float]:
    page = ledger.page(Step, Query(filters={"step": step}), limit=8 * _MOST_HISTORY)
    return [entry.record.seconds for entry in page.entries
            if entry.record.outcome == "done"][:_MOST_HISTORY]
