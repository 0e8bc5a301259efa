"""Deploy: which release serves, and how to go back.

In: a version, or the wish to go back. Out: an entry in the ledger, and a link that follows it.
The ledger is written first: a run that is killed between the two leaves a link that the next
run corrects (`recover`), and at every moment the link names one whole release.
"""

import logging

from riskwatch.errors import InputError
from riskwatch.files import make_folder
from riskwatch.ledger import Entry, Ledger, Query
from riskwatch.records import Deployment
from riskwatch.store import (check_release, current_version, point_current, remove_release,
                             stored_versions)
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)


def deploy(place: Workplace, ledger: Ledger, version: str, reason: str, *,
           run_id: int | None = None) -> Entry[Deployment]:
    """Make a stored release the one that serves.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    version : str
    reason : str
        In words, for the history.
    run_id : int, optional

    Returns
    -------
    Entry of Deployment

    Raises
    ------
    ModelFileError
        There is no such release, or it is damaged; what served goes on serving.
    """
    serving = serving_version(ledger)
    record = Deployment(action="deploy", version=version, previous=serving, reason=reason,
                        model_sha256=check_release(place, version).model_sha256)
    return _switch(place, ledger, record, run_id)


def rollback(place: Workplace, ledger: Ledger, reason: str, *, run_id: int | None = None
             ) -> Entry[Deployment]:
    """Make the release serve that served before the present one.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    reason : str
    run_id : int, optional

    Returns
    -------
    Entry of Deployment

    Raises
    ------
    InputError
        Nothing served before.
    ModelFileError
        The release before is damaged.
    """
    served = _stack(ledger)
    if len(served) < 2:
        raise InputError("there is nothing to roll back to: no other release served before")
    record = Deployment(action="rollback", version=served[-2], previous=served[-1], reason=reason,
                        model_sha256=check_release(place, served[-2]).model_sha256)
    return _switch(place, ledger, record, run_id)


def recover(place: Workplace, ledger: Ledger) -> bool:
    """Make the link follow the ledger, where a killed run or a hand left it behind.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    bool
        Whether anything had to be done.

    Raises
    ------
    ModelFileError
        The release that should serve is missing or damaged.
    """
    wanted = serving_version(ledger)
    make_folder(place.releases)
    if wanted is None or current_version(place) == wanted:
        return False
    check_release(place, wanted)
    point_current(place, wanted)
    LOGGER.warning("the link to the current release was put right: %s", wanted)
    return True


def serving_version(ledger: Ledger) -> str | None:
    """Return the version that shall serve by the ledger, None before the first deployment."""
    latest = ledger.latest(Deployment)
    return None if latest is None else latest.record.version


def remove_old(place: Workplace, ledger: Ledger) -> tuple[str, ...]:
    """Remove the oldest releases that never served, beyond the number that is kept.

    Parameters
    ----------
    place : Workplace
        ``settings.training.kept_releases``.
    ledger : Ledger

    Returns
    -------
    tuple of str
        Their versions.
    """
    served = {version for (version,) in ledger.columns(Deployment, "version")}
    waiting = [version for version in stored_versions(place) if version not in served]
    gone = tuple(waiting[:-place.settings.training.kept_releases])
    for version in gone:
        remove_release(place, version)
    return gone


def _switch(place: Workplace, ledger: Ledger, record: Deployment, run_id: int | None
            ) -> Entry[Deployment]:
    entry = ledger.append(record, run_id=run_id)[0]
    point_current(place, record.version)
    LOGGER.info("%s: %s serves, before it %s: %s", record.action, record.version,
                record.previous, record.reason)
    return entry


def _stack(ledger: Ledger) -> list[str]:
    """Return the releases that one can go back through; the last one serves."""
    served: list[str] = []
    for entry in ledger.entries(Deployment, Query(newest_first=False)):
        if entry.record.action == "rollback":
            served.pop()
        elif not served or served[-1] != entry.record.version:
            served.append(entry.record.version)
    return served
