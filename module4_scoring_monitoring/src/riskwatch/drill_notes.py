"""What was noted when a drill began, sealed in its ledger, and where else it may be found.

In: a file of notes, ledgers. Out: the beginning of a drill, and whether a ledger is its own. A
ledger in whose place a backup was put still counts: it is kept, and tells what was found.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from riskwatch.drill_checks import Begun, found_by, goes_on
from riskwatch.drill_faults import Drill, Facts
from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger
from riskwatch.ledger_engine import make_engine, sqlite_url
from riskwatch.records import Claim
from riskwatch.workplace import Workplace


def seal(begun: Begun) -> str:
    """Return the name that a beginning claims in the ledger: nobody can write other notes."""
    text = json.dumps(asdict(begun), sort_keys=True)
    return f"drill {begun.number} {hashlib.sha256(text.encode()).hexdigest()}"


def is_of(ledger: Ledger, begun: Begun) -> bool:
    """Return whether a ledger is the one of this beginning, and has lost nothing."""
    return (seal(begun),) in ledger.columns(Claim, "name") and goes_on(ledger, begun)


def found_before(place: Workplace, drill: Drill, begun: Begun) -> str | None:
    """Look into the ledgers in whose place a backup was put."""
    for ledger in _replaced(place):
        with closing(ledger):
            try:
                if is_of(ledger, begun) and (found := found_by(ledger, drill, begun)):
                    return found
            except LedgerError:
                continue
    return None


def _replaced(place: Workplace) -> Iterator[Ledger]:
    for path in sorted(place.out.glob("ledger-*.sqlite.replaced")):
        yield Ledger(make_engine(sqlite_url(path.absolute())), place.clock)


def read_notes(path: Path) -> Begun | None:
    """Return what was noted at the beginning; None where that cannot be read."""
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Begun(found["number"], Facts(**found["facts"]),
                     {name: (head[0], head[1]) for name, head in found["heads"].items()})
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
