"""Is the release that serves the one that was deployed, whole and unchanged?

In: a workplace and its ledger. Out: a `Diagnostic`, none before the first deployment. The files
are read and their digests compared; no model is loaded.
"""

from riskwatch.errors import ModelFileError
from riskwatch.ledger import Ledger
from riskwatch.records import Deployment, Diagnostic
from riskwatch.store import check_release, current_version
from riskwatch.workplace import Workplace


def release_check(place: Workplace, ledger: Ledger) -> tuple[Diagnostic, ...]:
    """Return whether the link, the ledger and the files of the serving release agree.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    tuple of Diagnostic
        One, ``failed`` with the reason; paths of this machine stand in none.
    """
    deployed = ledger.latest(Deployment)
    if deployed is None:
        return ()
    fault = _fault(place, deployed.record)
    return (Diagnostic(check="release", subject=deployed.record.version, detail=fault,
                       status="failed" if fault else "ok"),)


def _fault(place: Workplace, deployed: Deployment) -> str:
    try:
        current = current_version(place)
    except ModelFileError:
        return "the link names no release; deploy again"
    if current != deployed.version:
        return f"the link names {current}; the next cycle puts it right"
    try:
        sha256 = check_release(place, deployed.version).model_sha256
    except ModelFileError as err:
        return f"{err.__cause__ or 'it cannot be read'}; roll back"
    if sha256 != deployed.model_sha256:
        return "it is not the model that was deployed; roll back"
    return ""
