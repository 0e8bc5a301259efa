"""Keep what was refused, with the reason beside it, so that a person can mend it.

In: a refused file and why. Out: a copy and a ``.reason.json`` in the quarantine. The original
stays where it is: the folder may be the user's own.
"""

import hashlib
import logging
import os
import re
from collections.abc import Container
from pathlib import Path

from riskwatch.errors import InputError, TableError
from riskwatch.files import atomic_writer, write_json
from riskwatch.intake import digest_of, period_of, printable_name
from riskwatch.reader import open_regular
from riskwatch.records import File
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)
_ODD = re.compile(r"[^A-Za-z0-9._-]")


def refuse(place: Workplace, path: Path, fault: InputError, known: Container[tuple[str, str]]
           ) -> File | None:
    """Put a copy of a refused file into the quarantine, and return its record.

    Parameters
    ----------
    place : Workplace
    path : Path
    fault : InputError
        Why; a `TableError` also says where.
    known : container of (sha256, name)
        Files that are in the ledger.

    Returns
    -------
    File or None
        None where it is known. The digest is empty where there is no content to read: no
        regular file, or too large.
    """
    name = printable_name(path)
    sha256, size = "", 0
    label = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12]
    try:
        with open_regular(path, place.settings.reading.max_file_bytes) as stream:
            sha256, size = digest_of(path, stream, place.settings.reading)
            if (sha256, name) in known:
                return None
            label = sha256[:12]
            stream.seek(0)
            with atomic_writer(place.quarantine / f"{label}-{_safe(name)}") as copy:
                while block := stream.read(place.settings.reading.block_bytes):
                    copy.write(block)
    except InputError:
        pass  # the fault itself; there is nothing to copy
    if (sha256, name) in known:
        return None
    where = fault if isinstance(fault, TableError) else None
    reason = str(fault)
    write_json(place.quarantine / f"{label}-{_safe(name)}.reason.json", {
        "file": name, "sha256": sha256, "bytes": size, "reason": reason,
        "rule": where.rule if where else reason,
        "line": where.row if where else None, "column": where.column if where else None})
    LOGGER.warning("refused %s", reason)
    return File(sha256=sha256, name=name, byte_count=size, status="refused",
                period=period_of(name), reason=reason)


def _safe(name: str) -> str:
    """Return a name that is a plain file name everywhere, of at most 80 letters."""
    return _ODD.sub("_", name)[-80:].lstrip(".") or "file"
