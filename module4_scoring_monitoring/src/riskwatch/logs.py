"""Configure logging at the entry point: a rotating file that explains a run, a plain console.

In: the folder of results. Out: configured handlers, removed again when the run ends.
Rooms only ask for their logger; who reads them is decided here, once a run.
"""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from riskwatch.errors import OutputError

_MOST_BYTES, _OLD_FILES = 1_000_000, 3
_FILE_FORMAT = "%(asctime)sZ %(levelname)-7s %(process)d %(name)s: %(message)s"


@contextmanager
def logging_to(path: Path, *, is_console_quiet: bool = False) -> Iterator[None]:
    """Log into a file, and to standard error, while the context lasts.

    Parameters
    ----------
    path : Path
        Of the log; at 1 MB it is renamed to ``.1``, three old ones are kept.
    is_console_quiet : bool
        Show warnings only on the console, because a progress bar is drawn there.

    Raises
    ------
    OutputError
        The log cannot be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=_OLD_FILES,
                                   encoding="utf-8", errors="backslashreplace")
    except OSError as err:
        raise OutputError(f"{path}: cannot write the log: {err.strerror}; "
                          "choose another folder with --out") from err
    formatter = logging.Formatter(_FILE_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    file.setFormatter(formatter)
    console = logging.StreamHandler(sys.stderr)
    console.setFormatter(logging.Formatter("%(message)s"))
    console.setLevel(logging.WARNING if is_console_quiet else logging.INFO)
    console.addFilter(lambda record: not record.exc_info)  # tracebacks belong in the file
    logger, raised = logging.getLogger("riskwatch"), logging.raiseExceptions
    level = logger.level
    logger.setLevel(logging.DEBUG)  # the console shows less
    logger.addHandler(file)
    logger.addHandler(console)
    logging.raiseExceptions = False  # a full disk must not print tracebacks over the answer
    try:
        yield
    finally:
        logging.raiseExceptions = raised
        logger.setLevel(level)
        for handler in (file, console):
            logger.removeHandler(handler)
            with suppress(OSError):  # on a full disk, the rest of the log
                handler.close()
