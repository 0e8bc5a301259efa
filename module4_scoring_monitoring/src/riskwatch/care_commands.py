"""What the commands about the care of results do, once their words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
from contextlib import closing

from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


def audit_place(_: argparse.Namespace, place: Workplace) -> int:
    """Check everything; exit 1 when something is wrong."""
    from riskwatch.audit import audit
    from riskwatch.ledger import open_ledger

    with closing(open_ledger(place)) as ledger:
        found = audit(place, ledger)
    for problem in found.problems:
        print(problem)
    print(f"audit: {found.rows} rows of the ledger, {len(found.problems)} problems")
    return DONE if found.is_sound else CHECK_SAID_NO


def back_up_ledger(arguments: argparse.Namespace, place: Workplace) -> int:
    """Copy the ledger."""
    from riskwatch.ledger_backup import back_up

    back_up(place, arguments.file)
    print(f"{arguments.file}: a copy of the ledger")
    return DONE


def restore_ledger(arguments: argparse.Namespace, place: Workplace) -> int:
    """Put a backup back."""
    from riskwatch.ledger_backup import restore

    kept = restore(place, arguments.file)
    print(f"{place.ledger}: restored from {arguments.file}"
          + (f"; what was there is {kept}" if kept else ""))
    return DONE
