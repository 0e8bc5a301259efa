"""Audit a workplace: the ledger, and everything on disk that it names.

In: a workplace and its ledger. Out: what is wrong, in words. Nothing is changed.
"""

from collections.abc import Iterator

from riskwatch.deploy import serving_version
from riskwatch.errors import ModelFileError
from riskwatch.files import sha256_of_file, shown
from riskwatch.errors import InputError
from riskwatch.ledger import Ledger
from riskwatch.ledger_audit import AuditResult, audit_ledger
from riskwatch.records import File
from riskwatch.store import check_release, current_version
from riskwatch.workplace import Workplace


def audit(place: Workplace, ledger: Ledger) -> AuditResult:
    """Check the ledger's chains, the stored rows, and the release that serves.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    AuditResult
    """
    found = audit_ledger(place, ledger)
    return AuditResult((*found.problems, *_rows(place, ledger), *_release(place, ledger)),
                       found.rows)


def _rows(place: Workplace, ledger: Ledger) -> Iterator[str]:
    from riskwatch.segments import (  # pylint: disable=import-outside-toplevel
        live_segments, next_row, segment_files)

    live = live_segments(ledger)
    for path, sha256 in segment_files(place.data, live).items():
        try:
            if sha256_of_file(path) != sha256:
                yield f"{shown(path)}: was changed after it was written"
        except InputError as err:
            yield str(err)
    expected = 1
    for status, first, rows in ledger.columns(File, "status", "first_row", "rows"):
        if status == "accepted":
            if first != expected:
                yield f"files: row {expected} belongs to no file"
            expected = first + rows
    if next_row(live) != expected:
        yield f"segments: hold rows up to {next_row(live) - 1}, files say {expected - 1}"


def _release(place: Workplace, ledger: Ledger) -> Iterator[str]:
    wanted = serving_version(ledger)
    try:
        current = current_version(place)
        if current != wanted:
            yield (f"releases: the link names {current}, the ledger {wanted}; the next cycle "
                   "puts it right")
        if wanted is not None:
            check_release(place, wanted)
    except ModelFileError as err:
        yield str(err)
