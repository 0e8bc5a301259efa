"""Score a folder of files, on this machine or on a Dask cluster, with the same bytes out.

In: parsed arguments. Out: a file of answers for each file, ``scores.json``, an exit code.
An engine only says where parts are scored; how, stands in `census.score_part`. When one machine
is enough, and what a cluster is for, stands in ``deploy/scale.md``.
"""

import argparse
import hashlib
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from census.errors import InputError
from census.files import shown, write_json
from census.lock import hold
from census.release_reader import current_version
from census.score_part import Outcome, Part, score_part

_SUFFIXES, _SECONDS_TO_ANSWER = (".csv", ".parquet"), 30
_Engine = Callable[[Sequence[Part]], Iterable[Outcome]]


def score(arguments: argparse.Namespace) -> int:
    """Score every file of a folder with the release in service.

    Parameters
    ----------
    arguments : argparse.Namespace
        ``data``, ``scores``, ``engine``, ``workers``, ``scheduler``, ``out``.

    Returns
    -------
    int
        0; a fault is an `InputError`, raised after all other parts are done.
    """
    parts = find_parts(arguments.data, arguments.scores, arguments.out)
    with hold(arguments.scores), ENGINES[arguments.engine](
            arguments.workers, arguments.scheduler) as run:
        outcomes = sorted(_told(run(parts), len(parts)), key=lambda outcome: outcome.name)
    faults = [outcome.fault for outcome in outcomes if outcome.fault]
    if faults:
        more = f"; {len(faults) - 1} more of {len(parts)} files have faults" if faults[1:] else ""
        raise InputError(f"{faults[0]}{more}; mend it and run this again, what is done stays")
    rows = sum(outcome.rows for outcome in outcomes)
    write_json(arguments.scores / "scores.json", {
        "model_version": parts[0].version, "rows": rows, "files": {
            outcome.name: {"rows": outcome.rows, "sha256": outcome.sha256}
            for outcome in outcomes}})
    again = sum(outcome.was_done for outcome in outcomes)
    print(f"{arguments.scores}: {rows} rows of {len(parts)} files by {parts[0].version}"
          + (f"; {again} files were done before" if again else ""))
    return 0


def find_parts(data: Path, scores: Path, out: Path) -> list[Part]:
    """Return the files of a folder as parts, by name.

    Parameters
    ----------
    data : Path
        A folder of ``.csv`` and ``.parquet`` files; names that begin with ``.`` or ``_`` are
        passed over, as other programs do.
    scores : Path
        Where answers go, by the same names.
    out : Path
        Where ``releases`` is.

    Returns
    -------
    list of Part
        With absolute paths, which hold on every machine that shares the disk.
    """
    try:
        files = sorted(path for path in data.iterdir() if path.name[0] not in "._")
    except OSError as err:
        raise InputError(f"{shown(data)}: {err.strerror}; give a folder of CSV or Parquet files"
                         ) from err
    foreign = [path.name for path in files if path.suffix not in _SUFFIXES or not path.is_file()]
    if foreign or not files:
        raise InputError(f"{shown(data)} holds {ascii(foreign[0]) if foreign else 'no file'}; "
                         "give a folder of .csv or .parquet files")
    if data.resolve() == scores.resolve():
        raise InputError("--scores names the folder of the data; give another")
    version = current_version(out)
    return [Part(str(path.resolve()), str(scores.resolve() / path.name), str(out.resolve()),
                 version) for path in files]


def what_computes() -> Mapping[str, str]:
    """Return the code and versions on which the bytes of an answer depend."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return {"code": digest.hexdigest(), "Python": platform.python_version(),
            **{name: metadata.version(name) for name in ("numpy", "pyarrow")}}


def _told(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """Say how far it is, at every tenth."""
    for number, outcome in enumerate(outcomes, 1):
        if number * 10 // total > (number - 1) * 10 // total:
            print(f"{number} of {total} files", file=sys.stderr, flush=True)
        yield outcome


@contextmanager
def _local(workers: int, _: str | None) -> Iterator[_Engine]:
    # pylint: disable=import-outside-toplevel  # not needed by one process
    if workers == 1:
        yield lambda parts: map(score_part, parts)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            yield lambda parts: pool.map(score_part, parts)
    except BrokenProcessPool as err:
        raise InputError("a worker process died, perhaps for want of memory; run this again, "
                         "what is done stays") from err


@contextmanager
def _dask(workers: int, scheduler: str | None) -> Iterator[_Engine]:
    try:
        import distributed  # pylint: disable=import-outside-toplevel  # an extra
    except ImportError as err:
        raise InputError("the engine dask is not installed; install the extra [dask]") from err
    try:
        with ExitStack() as stack:
            if not scheduler:
                scheduler = stack.enter_context(distributed.LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=workers, threads_per_worker=1, host="127.0.0.1",
                    dashboard_address=None)).scheduler_address
            client = stack.enter_context(distributed.Client(  # type: ignore[no-untyped-call]
                scheduler, timeout=_SECONDS_TO_ANSWER, set_as_default=False))
            client.wait_for_workers(1, timeout=_SECONDS_TO_ANSWER)
            _check_workers(client.run(what_computes))
            yield lambda parts: _completed(client, parts)
    except (OSError, ValueError, ImportError) as err:  # also of workers without this package
        raise InputError(f"the Dask cluster at {scheduler!a}: {_said(err)}") from err
    except (distributed.KilledWorker, distributed.client.FutureCancelledError) as err:
        raise InputError(f"workers died again and again; their logs say why ({_said(err)})"
                         ) from err


def _completed(client: Any, parts: Sequence[Part]) -> Iterator[Outcome]:
    """Yield outcomes as they come; what a dying worker held is done again by another."""
    from distributed import as_completed  # pylint: disable=import-outside-toplevel  # an extra

    futures = client.map(score_part, parts, pure=False)
    done = as_completed(  # type: ignore[no-untyped-call]
        futures, loop=client.loop, with_results=True)
    yield from (outcome for _, outcome in done)


def _check_workers(found: Mapping[str, Mapping[str, str]]) -> None:
    ours = what_computes()
    for worker, theirs in found.items():
        other = [name for name, value in ours.items() if theirs.get(name) != value]
        if other:
            raise InputError(f"the worker {worker} has another {' and '.join(other)}; install "
                             "the same there")


def _said(err: BaseException) -> str:
    return " ".join(str(err).split())[:200] or type(err).__name__


ENGINES = {"local": _local, "dask": _dask}
