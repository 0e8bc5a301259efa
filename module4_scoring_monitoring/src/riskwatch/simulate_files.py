"""Where a simulation plays, and the user's files that it may play.

In: folders. Out: a folder that is empty and locked, or files in order. Only what carries the
marker of an earlier simulation is ever removed.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from riskwatch.errors import InputError
from riskwatch.files import faults_named, shown, write_json
from riskwatch.lock import hold

MARKER = "simulation.json"
_LOCK = ".lock"


def own_files(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the CSV files of folders by name, wherever they stand.

    Parameters
    ----------
    folders : sequence of Path

    Returns
    -------
    tuple of Path

    Raises
    ------
    InputError
        A folder cannot be read, holds no CSV file, or one that is no file.
    """
    found: list[Path] = []
    for folder in folders:
        try:
            here = [path for path in folder.iterdir()
                    if path.name.lower().endswith(".csv") and not path.name.startswith(".")]
        except OSError as err:
            raise InputError(f"{folder}: cannot be read: {err.strerror}; give a folder of CSV "
                             "files") from err
        if not here:
            raise InputError(f"{folder}: holds no CSV file; give a folder of CSV files")
        for path in here:
            try:
                if not path.is_file():
                    raise InputError(f"{shown(path)}: is no file; remove it, or give another "
                                     "folder")
                path.open("rb").close()
            except OSError as err:
                raise InputError(f"{shown(path)}: cannot be read: {err.strerror}; give another "
                                 "folder") from err
        found += here
    return tuple(sorted(found, key=lambda path: (path.name, str(path))))


@contextmanager
def emptied(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder that only a simulation fills, and empty it.

    Parameters
    ----------
    folder : Path
        Made when missing. One that was there and has no marker of a simulation is refused.

    Raises
    ------
    InputError
        Somebody else's files are in it.
    BusyError
        Another process works there.
    """
    marker = folder / MARKER
    with faults_named(folder):
        kept = {_LOCK, MARKER}
        is_foreign = folder.is_symlink() or (
            folder.exists() and not (marker.is_file() and not marker.is_symlink())
            and not (folder.is_dir() and {path.name for path in folder.iterdir()} <= {_LOCK}))
    if is_foreign:
        raise InputError(f"{shown(folder)}: was not made by a simulation, so it is not "
                         "replaced; move it away, or choose another folder with --out")
    with hold(folder):
        # Before anything else, so that what a killed play leaves may be emptied by the next.
        write_json(marker, {"made_by": "riskwatch simulate", "may_be_replaced": True})
        with faults_named(folder):
            for path in folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                elif path.name not in kept:
                    path.unlink()
        yield
