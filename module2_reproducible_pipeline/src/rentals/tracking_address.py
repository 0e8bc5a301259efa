"""Find where MLflow records: a database in the folder of results, or a server that answers.

In: settings and a folder. Out: an address that can be used, or one plain line why not.
The look at the server comes before any work, because an hour of training is too dear a question.
"""

import logging
from pathlib import Path

from rentals.errors import TrackingError
from rentals.settings import TrackingSettings

LOGGER = logging.getLogger(__name__)
_SECONDS_TO_ANSWER = 5


def local_uri(folder: Path) -> str:
    """Return the address of MLflow's own database in a folder of results."""
    return f"sqlite:///{folder.resolve()}/mlflow.db"


def usable_uri(settings: TrackingSettings, folder: Path) -> str:
    """Return where to record, after a look whether a server answers.

    Parameters
    ----------
    settings : TrackingSettings
        Its ``uri``, and what to do when nobody answers there.
    folder : Path
        Of results.

    Returns
    -------
    str

    Raises
    ------
    TrackingError
        The server does not answer, and the settings say to fail.
    """
    if not settings.uri.startswith(("http://", "https://")):
        return settings.uri or local_uri(folder)
    import requests  # pylint: disable=import-outside-toplevel  # only servers need it
    try:
        answer = requests.get(f"{settings.uri.rstrip('/')}/health", timeout=_SECONDS_TO_ANSWER)
        answer.raise_for_status()
        return settings.uri
    except requests.RequestException as err:
        said = (f"{public_address(settings.uri)}: no MLflow server answers there "
                f"({type(err).__name__})")
        if settings.when_unreachable == "fail":
            # Not "from err": its text may hold a user and password.
            raise TrackingError(f"{said}; start it, or set tracking.when_unreachable=local"
                                ) from None
        LOGGER.warning("%s; recording in %s instead", said, folder)
        return local_uri(folder)


def how_to_look(uri: str, program: str = "mlflow") -> str:
    """Return what to open or to type to see the runs that were recorded at an address."""
    shown = public_address(uri)
    return shown if uri.startswith("http") else f"{program} ui --backend-store-uri {shown}"


def public_address(uri: str) -> str:
    """Return an address without user and password."""
    scheme, sign, rest = uri.partition("://")
    return f"{scheme}{sign}{rest.rpartition('@')[2]}"
