"""What the command `drill` does, once its words are understood.

In: parsed arguments and a workplace, in which each drill has a folder. Out: an exit code and a
few plain lines.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse

from riskwatch.errors import InputError
from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


def drill_now(arguments: argparse.Namespace, place: Workplace) -> int:
    """List, start, check or reset drills; exit 1 while one that is checked is not solved."""
    work = {"list": _listed, "start": _started, "check": _checked, "reset": _cleared}
    return work[arguments.action](arguments, place)


def _listed(_: argparse.Namespace, place: Workplace) -> int:
    from riskwatch.drill_faults import DRILLS
    from riskwatch.drills import state_of

    for number, drill in enumerate(DRILLS, 1):
        print(f"{number}  {state_of(place.out, number):6}  {drill.symptom}")
    return DONE


def _started(arguments: argparse.Namespace, place: Workplace) -> int:
    from riskwatch.drill_place import SETTINGS
    from riskwatch.drills import drill_of, start

    number = _number(arguments)
    folder = start(place.out, number, place.clock()).out
    words = f"--out {folder} --config {folder / SETTINGS}"
    print(f"drill {number}: {drill_of(number).symptom}\n"
          f"It stands in {folder}: inbox/ is where files arrive, supplier/ is the supplier's "
          "server,\nbackups/ holds a copy of the ledger of a moment ago.\n"
          f"Find what is wrong with `riskwatch cycle {words}`,\n"
          f"`riskwatch diagnose {words}` or `riskwatch audit {words}`; mend it; then\n"
          f"`riskwatch drill check {number} --out {place.out}`.")
    return DONE


def _checked(arguments: argparse.Namespace, place: Workplace) -> int:
    from riskwatch.drills import check

    verdict = check(place.out, _number(arguments))
    print("\n".join(verdict.lines))
    return DONE if verdict.is_solved else CHECK_SAID_NO


def _cleared(arguments: argparse.Namespace, place: Workplace) -> int:
    from riskwatch.drills import reset

    gone = reset(place.out, arguments.number)
    print("\n".join(f"{folder}: cleared away" for folder in gone) or "no drill has begun")
    return DONE


def _number(arguments: argparse.Namespace) -> int:
    if arguments.number is None:
        raise InputError(f"say which one: `riskwatch drill {arguments.action} N`; "
                         "`riskwatch drill list` has them")
    number: int = arguments.number
    return number
