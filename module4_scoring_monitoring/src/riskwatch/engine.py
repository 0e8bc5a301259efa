"""The engine for rows: DuckDB in this process, within a limit of memory, off the network.

In: a workplace. Out: a connection, and texts that are safe inside its statements. Opening an
engine costs more than most questions, so a process opens one for a workplace and keeps it.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from riskwatch.errors import DatasetError, OutputError
from riskwatch.files import faults_named, make_folder, shown
from riskwatch.workplace import Workplace

#: What the other rooms call a connection.
Connection = duckdb.DuckDBPyConnection
_GLOBS = str.maketrans({"[": "[[]", "*": "[*]", "?": "[?]"})
#: The one engine that this process keeps open, by process, folder and megabytes.
_KEPT: dict[tuple[int, str, int], Connection] = {}
_LOCK = threading.Lock()


def quoted(path: Path, *, is_read: bool = False) -> str:
    """Return a path as a literal; what is read is a pattern, so its signs are defused."""
    text = str(path)
    if is_read:
        text = text.translate(_GLOBS)
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def connected(place: Workplace) -> Iterator[Connection]:
    """Yield a connection in memory that spills into the workplace.

    Nothing that is made on it is seen by the next one. The engine behind it stays open; after a
    fault, for another workplace, and in a fork a new one takes its place.

    Parameters
    ----------
    place : Workplace
        ``settings.ingest.memory_megabytes`` is for the whole process; the engine gets half.

    Yields
    ------
    DuckDBPyConnection

    Raises
    ------
    DatasetError
        Stored rows cannot be read.
    OutputError
        There is no room.
    """
    spill = place.data / "work" / "spill"
    make_folder(spill.parent)
    with faults_named(spill):
        spill.mkdir(exist_ok=True)  # not durably: what it holds is rubbish after a power cut
    connection = _engine(spill, place.settings.ingest.memory_megabytes // 2)
    try:
        yield connection
    except BaseException as err:
        forget_engines()
        shutil.rmtree(spill, ignore_errors=True)
        if isinstance(err, duckdb.OutOfMemoryException):
            raise OutputError(f"{shown(place.data)}: {_first_line(err)}; raise the setting "
                              "ingest.memory_megabytes, or free some space") from err
        if isinstance(err, duckdb.Error):
            raise DatasetError(f"{shown(place.data)}: {_first_line(err)}; see `riskwatch audit`"
                               ) from err
        raise
    finally:
        connection.close()  # the engine removes its own files; the empty folder stays


def forget_engines() -> None:
    """Close the engine that is kept; a connection of it that is in use goes on."""
    with _LOCK:
        # In a fork that of the parent stays where it is: it is not ours to close.
        for key in [key for key in _KEPT if key[0] == os.getpid()]:
            _KEPT.pop(key).close()


def _engine(spill: Path, megabytes: int) -> Connection:
    """Return a connection of its own to the engine with these settings."""
    key = (os.getpid(), str(spill), megabytes)
    if key not in _KEPT:
        forget_engines()
    with _LOCK:
        if key not in _KEPT:
            _KEPT[key] = duckdb.connect(":memory:", config={
                "memory_limit": f"{megabytes}MB",
                # One thread: the same rows in the same order, memory that no core adds to.
                "threads": 1, "temp_directory": str(spill),
                "autoinstall_known_extensions": False, "autoload_known_extensions": False})
        return _KEPT[key].cursor()


def _first_line(err: Exception) -> str:
    return (str(err).splitlines() or ["the engine failed"])[0]
