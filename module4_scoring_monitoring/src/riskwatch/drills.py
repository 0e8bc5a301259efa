"""Drills: start one, look whether its fault was found and mended, clear it away.

In: a folder and a number. Out: a workplace with a fault in it, or a verdict. What was noted at
the beginning is sealed in the ledger itself, so a drill is not solved by beginning another
history, nor by rewriting the notes.
"""

import shutil
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from riskwatch.drill_checks import Begun, complaints, found_by
from riskwatch.drill_faults import DRILLS, Drill
from riskwatch.drill_notes import found_before, is_of, read_notes, seal
from riskwatch.drill_place import BACKUP, drill_place, prepare
from riskwatch.errors import InputError
from riskwatch.files import faults_named, shown, write_json, write_text
from riskwatch.ledger import open_ledger
from riskwatch.ledger_audit import save_heads
from riskwatch.ledger_backup import back_up
from riskwatch.lock import hold
from riskwatch.workplace import Workplace

NOTES, _MARK, _SOLVED = "drill.json", ".drill", ".drill-solved"


@dataclass(frozen=True)
class Verdict:
    """Whether a drill is solved, and a few lines that say why."""

    is_solved: bool
    lines: tuple[str, ...]


def drill_of(number: int) -> Drill:
    """Return a drill by its number; `InputError` if there is none."""
    if not 1 <= number <= len(DRILLS):
        raise InputError(f"there is no drill {number}; `riskwatch drill list` has 1 to "
                         f"{len(DRILLS)}")
    return DRILLS[number - 1]


def folder_of(out: Path, number: int) -> Path:
    """Return the workplace of a drill."""
    drill_of(number)
    return out / f"drill-{number}"


def state_of(out: Path, number: int) -> str:
    """Return ``solved``, ``begun``, or nothing."""
    folder = folder_of(out, number)
    if not (folder / NOTES).exists():
        return ""
    return "solved" if (folder / _SOLVED).exists() else "begun"


def start(out: Path, number: int, now: datetime) -> Workplace:
    """Prepare a workplace and plant the fault.

    Parameters
    ----------
    out : Path
        The drill gets a folder in it.
    number : int
    now : datetime
        With a time zone.

    Returns
    -------
    Workplace

    Raises
    ------
    InputError
        It has begun already, or something else stands there.
    """
    drill, folder = drill_of(number), folder_of(out, number)
    if (folder / NOTES).exists():
        raise InputError(f"drill {number} has begun in {shown(folder)}; mend it, or clear it away "
                         f"with `riskwatch drill reset {number}`")
    _clear(folder)
    with hold(folder):
        write_text(folder / _MARK, f"drill {number}\n")
        scene = prepare(folder, now, drill.silent_days)
        place = drill_place(folder)
        with closing(open_ledger(place)) as ledger:
            facts = drill.plant(scene.at(place), ledger)
            begun = Begun(number, facts, ledger.heads())
            ledger.claim(seal(begun))
            save_heads(place, ledger)
        back_up(place, folder / BACKUP)
        write_json(folder / NOTES, asdict(begun))
    return place


def check(out: Path, number: int) -> Verdict:
    """Look whether the fault was found by a diagnosis, and is gone, with all else sound.

    Parameters
    ----------
    out : Path
    number : int

    Returns
    -------
    Verdict

    Raises
    ------
    InputError
        It has not begun.
    """
    drill, folder = drill_of(number), folder_of(out, number)
    if not (folder / NOTES).exists():
        raise InputError(f"drill {number} has not begun here: `riskwatch drill start {number}`")
    with hold(folder):
        begun, place = read_notes(folder / NOTES), drill_place(folder)
        if begun is None or begun.number != number or not place.ledger.exists():
            return _no_way(number)
        with closing(open_ledger(place)) as ledger:
            if not is_of(ledger, begun):
                return _no_way(number)
            found = found_by(ledger, drill, begun) or found_before(place, drill, begun)
            wrong = tuple(complaints(place, ledger, drill, begun))
        if found is not None and not wrong:
            write_text(folder / _SOLVED, f"{found}\n")
    return _verdict(number, found, wrong)


def reset(out: Path, number: int | None = None) -> tuple[Path, ...]:
    """Clear away one drill, or all of them; return the folders that are gone."""
    numbers = range(1, len(DRILLS) + 1) if number is None else (number,)
    folders = tuple(folder for one in numbers if (folder := folder_of(out, one)).exists())
    for folder in folders:
        with hold(folder):
            _clear(folder)
    return folders


def _verdict(number: int, found: str | None, wrong: tuple[str, ...]) -> Verdict:
    if found is None:
        return Verdict(False, (
            "not found yet: no run since the beginning has met the fault",
            "run `riskwatch cycle` or `riskwatch diagnose` with --out and --config of the drill, "
            "and read all that it prints, before you mend anything"))
    if wrong:
        return Verdict(False, (f"found: {found}", "not mended yet:", *(f"- {one}"
                                                                       for one in wrong)))
    return Verdict(True, (f"found: {found}", f"drill {number} is solved: the fault is gone, rows "
                          "and ledger are sound"))


def _no_way(number: int) -> Verdict:
    return Verdict(False, (
        "this is not the history that the drill began with: a ledger or notes that were removed, "
        "replaced or cut short mend nothing",
        f"put it back, or begin again: `riskwatch drill reset {number}`, then start"))


def _clear(folder: Path) -> None:
    """Remove a drill's folder, and nothing that is not one."""
    with faults_named(folder):
        if not folder.exists() or not any(folder.iterdir()):
            return
        if not (folder / _MARK).exists() and [path.name for path in folder.iterdir()] != [".lock"]:
            raise InputError(f"{shown(folder)}: holds something that is no drill; choose another "
                             "folder with --out")
        shutil.rmtree(folder)
