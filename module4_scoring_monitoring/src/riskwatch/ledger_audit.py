"""Audit the ledger: is every row what it was when it was written, and are they all there?

In: a ledger. Out: what is wrong, in words. A digest chains the rows of each table, and a small
file beside the ledger says how far it went when the last run ended.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from riskwatch.chain import EMPTY, link
from riskwatch.errors import LedgerError
from riskwatch.files import shown, write_json
from riskwatch.ledger import Ledger
from riskwatch.ledger_engine import reading
from riskwatch.tables import METADATA, SPECS
from riskwatch.workplace import Workplace


@dataclass(frozen=True)
class AuditResult:
    """What an audit found: faults in words, and how many rows it looked at."""

    problems: tuple[str, ...]
    rows: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def audit_ledger(place: Workplace, ledger: Ledger) -> AuditResult:
    """Check every row of the ledger against the chain of its table.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    AuditResult
        A changed, removed or inserted row breaks the chain; rows cut off at the end are
        missed by ``ledger.heads.json``, which the last run left.
    """
    problems, rows = list(_engine_problems(ledger)), 0
    heads = _kept_heads(place)
    for spec in SPECS:
        chain, expected = EMPTY, 0
        for row in _raw_rows(ledger, spec.name):
            expected += 1
            if row["id"] != expected:
                problems.append(f"{spec.name}: row {expected} is missing")
                break
            own = row.pop("chain")
            chain = link(chain, row)
            if chain != own:
                problems.append(f"{spec.name}: row {expected} was changed, or one before it")
                break
            if heads.get(spec.name, (0, ""))[0] == expected:
                if heads[spec.name][1] != chain:
                    problems.append(f"{spec.name}: row {expected} is not the one that was noted")
        rows += expected
        if heads.get(spec.name, (0, ""))[0] > expected:
            problems.append(f"{spec.name}: ends with row {expected}, but "
                            f"{heads[spec.name][0]} rows were noted")
    return AuditResult(tuple(problems), rows)


def save_heads(place: Workplace, ledger: Ledger) -> None:
    """Note how far the ledger goes, so that a shorter one is noticed."""
    write_json(place.heads, {name: list(head) for name, head in ledger.heads().items()})


def _kept_heads(place: Workplace) -> dict[str, tuple[int, str]]:
    try:
        found = json.loads(place.heads.read_text(encoding="utf-8"))
        return {str(name): (int(number), str(chain)) for name, (number, chain) in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as err:
        raise LedgerError(f"{shown(place.heads)}: cannot be read ({err}); remove it, and know "
                          "that rows cut off at the ledger's end would go unnoticed") from err


def _engine_problems(ledger: Ledger) -> Iterator[str]:
    if ledger.engine.dialect.name != "sqlite":
        return
    with reading(ledger.engine) as connection:
        for (found,) in connection.execute(text("PRAGMA integrity_check(5)")):
            if found != "ok":
                yield f"the ledger's file is damaged: {' '.join(str(found).split())}"
        guarded = {row[0] for row in connection.execute(text(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"))}
    for spec in SPECS:
        for verb in ("UPDATE", "DELETE"):
            if f"{spec.name}_refuses_{verb}" not in guarded:
                yield f"{spec.name}: the guard against {verb} was removed"


def _raw_rows(ledger: Ledger, name: str) -> Iterator[dict[str, object]]:
    table = METADATA.tables[name]
    with reading(ledger.engine) as connection:
        for row in connection.execution_options(yield_per=1000).execute(
                table.select().order_by(table.c.id)).mappings():
            yield dict(row)
