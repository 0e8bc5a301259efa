"""Bring a ledger of any age to the form that this program knows, step by step.

In: a connection inside a transaction. Out: the ledger's version. A step is never changed once
it was published: it is what old ledgers are missing. Either all steps happen or none.
"""

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select, text

from riskwatch.errors import LedgerError
from riskwatch.tables import METADATA, VERSION_TABLE, trigger_statements


def _create(*names: str) -> Callable[[Connection], None]:
    def step(connection: Connection) -> None:
        METADATA.create_all(connection, tables=[METADATA.tables[name] for name in names])
        for name in names:
            for statement in trigger_statements(connection.dialect.name, name):
                connection.execute(text(statement))
    return step


#: Version that a step leads to -> the step.
STEPS: dict[int, Callable[[Connection], None]] = {
    1: _create("runs", "run_ends", "steps", "files", "segments", "scores", "drift_verdicts",
               "decisions", "deployments", "diagnostics"),
    2: _create("alerts", "claims"),
}
NEWEST = max(STEPS)


def migrate(connection: Connection, made_utc: str, *, upto: int = NEWEST) -> int:
    """Apply the steps that are missing.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that nobody else can write beside.
    made_utc : str
        Time that is noted beside each step.
    upto : int
        Version to stop at.

    Returns
    -------
    int
        The version before.

    Raises
    ------
    LedgerError
        The ledger was written by a newer program.
    """
    METADATA.create_all(connection, tables=[VERSION_TABLE])
    before = ledger_version(connection)
    if before > NEWEST:
        raise LedgerError(f"the ledger has version {before}, this program knows {NEWEST}; "
                          "install a newer program")
    for version in range(before + 1, upto + 1):
        STEPS[version](connection)
        connection.execute(VERSION_TABLE.insert().values(version=version, made_utc=made_utc))
    return before


def ledger_version(connection: Connection) -> int:
    """Return the version of the ledger, 0 where there is none yet."""
    if not inspect(connection).has_table(VERSION_TABLE.name):
        return 0
    found = connection.execute(select(VERSION_TABLE.c.version)
                               .order_by(VERSION_TABLE.c.version.desc()).limit(1)).scalar()
    return int(found or 0)
