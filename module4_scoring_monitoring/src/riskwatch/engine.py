"""The engine for rows: DuckDB in this process, within a limit of memory, off the network.

In: a workplace. Out: a connection, and texts that are safe inside its statements.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from riskwatch.errors import DatasetError, OutputError
from riskwatch.files import make_folder, shown
from riskwatch.workplace import Workplace

#: What the other rooms call a connection.
Connection = duckdb.DuckDBPyConnection
_GLOBS = {"[": "[[]", "*": "[*]", "?": "[?]"}


def quoted(path: Path, *, is_read: bool = False) -> str:
    """Return a path as a literal; what is read is a pattern, so its signs are defused."""
    text = str(path)
    if is_read:
        text = "".join(_GLOBS.get(char, char) for char in text)
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def connected(place: Workplace) -> Iterator[Connection]:
    """Yield a connection in memory that spills into the workplace.

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
    make_folder(spill)
    connection = duckdb.connect(":memory:", config={
        "memory_limit": f"{place.settings.ingest.memory_megabytes // 2}MB",
        # One thread: the same rows in the same order, and memory that does not depend on cores.
        "threads": 1, "temp_directory": str(spill),
        "autoinstall_known_extensions": False, "autoload_known_extensions": False})
    try:
        yield connection
    except duckdb.OutOfMemoryException as err:
        raise OutputError(f"{shown(place.data)}: {_first_line(err)}; raise the setting "
                          "ingest.memory_megabytes, or free some space") from err
    except duckdb.Error as err:
        raise DatasetError(f"{shown(place.data)}: {_first_line(err)}; see `riskwatch audit`"
                           ) from err
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)


def _first_line(err: Exception) -> str:
    return (str(err).splitlines() or ["the engine failed"])[0]
