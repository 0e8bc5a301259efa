"""Where the pieces of a search run: in processes here, or on the workers of a Dask cluster.

In: settings, and the table that every piece needs. Out: results in the order of the pieces.
joblib hides the difference; what it does not hide is looked at here, before any work.
"""

import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from typing import Any

import pandas as pd
from joblib import Parallel, delayed, parallel_config

from rentals.errors import SettingsError
from rentals.search_folds import FoldErrors, Piece, measure_fold
from rentals.settings import SearchSettings
from rentals.sources import source_digest

_SECONDS_TO_ANSWER = 10
_LIBRARIES = ("joblib", "numpy", "pandas", "scikit-learn", "scipy")


@contextmanager
def spread(listings: pd.DataFrame, pieces: Sequence[Piece], settings: SearchSettings
           ) -> Iterator[Iterator[FoldErrors]]:
    """Yield the errors of every piece, in their order, while the later ones are at work.

    Parameters
    ----------
    listings : DataFrame
        Goes to every worker once.
    pieces : sequence of Piece
    settings : SearchSettings
        ``backend``, ``jobs`` and ``scheduler``.

    Yields
    ------
    iterator of FoldErrors

    Raises
    ------
    SettingsError
        The cluster does not answer, has no workers, computes with other code or versions, or
        a piece killed one worker after another. A worker may die: the others do its pieces
        again, and when none is left the search waits for a new one.
    """
    work = [delayed(measure_fold)(listings, piece) for piece in pieces]
    if settings.backend == "loky":
        with parallel_config("loky", n_jobs=settings.jobs, inner_max_num_threads=1):
            yield Parallel(return_as="generator")(work)
        return
    with _cluster(settings.scheduler) as client:
        # One piece at a time: pieces are long, and what a dying worker held is done again.
        with parallel_config("dask", client=client, scatter=[listings]):
            yield Parallel(return_as="generator", batch_size=1)(work)


def what_computes() -> Mapping[str, str]:
    """Return the code and versions on which the digits of a piece depend."""
    return {"code": source_digest("rentals.search_folds"), "Python": platform.python_version(),
            **{name: metadata.version(name) for name in _LIBRARIES}}


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """Yield a client of a cluster whose workers compute as this process does."""
    try:
        import distributed  # pylint: disable=import-outside-toplevel  # an extra
    except ImportError as err:
        raise SettingsError("search.backend: dask is not installed; install the extra [dask]"
                            ) from err
    if not re.fullmatch(r"(tcp|tls|wss?)://[^\s/]+:[0-9]+", address):
        raise SettingsError(f"search.scheduler: {address!a} is not the address of a scheduler, "
                            "such as tcp://127.0.0.1:8786")
    try:
        with distributed.Client(  # type: ignore[no-untyped-call]
                address, timeout=_SECONDS_TO_ANSWER, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=_SECONDS_TO_ANSWER)
            for worker, found in client.run(what_computes).items():
                other = [name for name, value in what_computes().items() if found[name] != value]
                if other:
                    raise SettingsError(f"search.scheduler: the worker {worker} has another "
                                        f"{' and '.join(other)}; install the same there")
            yield client
    except (OSError, ValueError, TimeoutError, ModuleNotFoundError) as err:
        raise SettingsError(f"search.scheduler {address!a}: {_said(err)}") from err
    except (distributed.KilledWorker, distributed.client.FutureCancelledError) as err:
        raise SettingsError(f"search.scheduler {address!a}: workers died again and again; "
                            f"their logs say why ({_said(err)})") from err


def _said(err: BaseException) -> str:
    return " ".join(str(err).split())[:200] or type(err).__name__
