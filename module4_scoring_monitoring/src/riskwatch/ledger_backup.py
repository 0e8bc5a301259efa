"""Keep a copy of the ledger, and put one back.

In: a workplace. Out: a backup file that appears whole, or a ledger that a backup replaced.
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC
from pathlib import Path

from riskwatch.errors import InputError, LedgerError
from riskwatch.files import faults_named, make_folder, shown, sync_folder
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.ledger_audit import audit_ledger, save_heads
from riskwatch.ledger_engine import make_engine, reading, sqlite_url
from riskwatch.migrations import NEWEST, ledger_version
from riskwatch.workplace import Workplace


def back_up(place: Workplace, target: Path) -> None:
    """Copy the ledger, while others may write it, into a file that appears whole.

    Parameters
    ----------
    place : Workplace
    target : Path

    Raises
    ------
    InputError
        The ledger is on a server, which has means of its own.
    OutputError, LedgerError
        It cannot be copied.
    """
    source = _own_file(place)
    part = target.with_name(f".{target.name}.part")
    make_folder(target.parent)
    with faults_named(target):
        part.unlink(missing_ok=True)
        part.touch()  # a place that cannot be written is named by its own fault
        try:
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
                old.backup(new)
                new.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as err:
            raise LedgerError(f"{shown(source)}: {err}; it cannot be copied") from err
        _move_into_place(part, target)


def restore(place: Workplace, backup: Path) -> Path | None:
    """Put a backup in the place of the ledger; the caller holds the lock of the workplace.

    Parameters
    ----------
    place : Workplace
    backup : Path

    Returns
    -------
    Path or None
        Where the ledger that was there is kept.

    Raises
    ------
    InputError
        There is no such backup, or it is not sound.
    OutputError
        It cannot be written.
    """
    target = _own_file(place)
    _check_backup(place, backup)
    part, kept = target.with_name(".ledger.part"), None
    make_folder(target.parent)
    with faults_named(target):
        shutil.copyfile(backup, part)
        if target.exists():
            # What its journal still holds goes into the file that is kept, if it can.
            with suppress(sqlite3.Error), closing(sqlite3.connect(target)) as old:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            kept = target.with_name(f"ledger-{place.clock().astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
                                    ".sqlite.replaced")
            os.link(target, kept)
        # What was noted of the old ledger's end must not accuse the restored one, nor may the
        # old one's journal be played into it; a kill from here on leaves either of them whole.
        for path in (str(place.heads), f"{target}-wal", f"{target}-shm"):
            with suppress(FileNotFoundError):
                os.unlink(path)
        _move_into_place(part, target)
    with closing(open_ledger(place)) as ledger:
        save_heads(place, ledger)
    return kept


def _move_into_place(part: Path, target: Path) -> None:
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(part, target)
    sync_folder(target.parent)


def _own_file(place: Workplace) -> Path:
    if place.ledger_url is not None:
        raise InputError("the ledger is on a server: use pg_dump and pg_restore there")
    return place.ledger


def _check_backup(place: Workplace, backup: Path) -> None:
    if not backup.is_file():
        raise InputError(f"{shown(backup)}: there is no such backup")
    engine = make_engine(sqlite_url(Path(os.path.abspath(backup))))
    try:
        with closing(Ledger(engine, place.clock)) as ledger:
            with reading(engine) as connection:
                version = ledger_version(connection)
            if version != NEWEST:
                raise InputError(f"{shown(backup)}: is no ledger of this program's version "
                                 f"{NEWEST}, but of {version}")
            found = audit_ledger(Workplace(place.out / "none"), ledger)
    except LedgerError as err:
        raise InputError(f"{shown(backup)}: is no ledger: {err}") from err
    if found.problems:
        raise InputError(f"{shown(backup)}: {found.problems[0]}")
