"""The tables of the ledger, derived from the record types, and what they may be asked by.

In: the types of `riskwatch.records`. Out: SQLAlchemy tables, their indexes and their triggers.
Each question that a page may ask (one filter, a range of time, newest first) has an index that
answers it without looking at other rows, so a page costs the same in a long ledger.
"""

from dataclasses import dataclass, fields
from types import NoneType
from typing import Any, get_args, get_type_hints

from sqlalchemy import (BigInteger, Boolean, Column, Double, Index, Integer, MetaData, Table, Text,
                        text)

from riskwatch.records import (Alert, Claim, Decision, Deployment, Diagnostic, DriftVerdict, File,
                               Record, Run, RunEnd, Score, Segment, Step)

#: Filled by the ledger itself, first of every row.
OWN_COLUMNS = ("id", "made_utc", "run_id", "chain")


@dataclass(frozen=True)
class Spec:
    """One table: its record type, the columns that a page may filter by, and the unique ones."""

    record: type[Record]
    name: str
    filters: tuple[str, ...] = ()
    unique: str | None = None
    unique_where: str | None = None


SPECS: tuple[Spec, ...] = (
    Spec(Run, "runs", ("command", "trigger")),
    Spec(RunEnd, "run_ends", ("outcome",), unique="run_id"),
    Spec(Step, "steps", ("step", "outcome")),
    Spec(File, "files", ("status", "name", "sha256"), unique="sha256",
         unique_where="status = 'accepted'"),
    Spec(Segment, "segments"),
    Spec(Score, "scores", ("model_version", "subject", "file_id")),
    Spec(DriftVerdict, "drift_verdicts", ("column", "test", "verdict", "file_id")),
    Spec(Decision, "decisions", ("kind", "action")),
    Spec(Deployment, "deployments", ("action", "version")),
    Spec(Diagnostic, "diagnostics", ("check", "subject", "status")),
    Spec(Alert, "alerts", ("incident", "event")),
    Spec(Claim, "claims", unique="name"),
)
SPEC_OF: dict[type[Record], Spec] = {spec.record: spec for spec in SPECS}
METADATA = MetaData()
VERSION_TABLE = Table("ledger_version", METADATA,
                      Column("version", Integer, primary_key=True),
                      Column("made_utc", Text, nullable=False))


def _column(name: str, hint: Any) -> Column[Any]:
    parts = [part for part in get_args(hint) if part is not NoneType]
    plain = parts[0] if len(parts) == 1 and NoneType in get_args(hint) else hint
    kinds: dict[Any, Any] = {int: BigInteger, float: Double, bool: Boolean}
    return Column(name, kinds.get(plain, Text)(), nullable=NoneType in get_args(hint))


def _build(spec: Spec) -> Table:
    hints = get_type_hints(spec.record)
    table = Table(
        spec.name, METADATA,
        # SQLite's own row number wants exactly this type.
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True,
               autoincrement=False),
        Column("made_utc", Text, nullable=False),
        Column("run_id", BigInteger),
        Column("chain", Text, nullable=False),
        *(_column(field.name, hints[field.name]) for field in fields(spec.record)))
    Index(f"{spec.name}_by_time", table.c.made_utc, table.c.id)
    for name in ("run_id", *spec.filters):
        Index(f"{spec.name}_by_{name}", table.c[name], table.c.id)
        Index(f"{spec.name}_by_{name}_and_time", table.c[name], table.c.made_utc, table.c.id)
    if spec.unique:
        where = None if spec.unique_where is None else text(spec.unique_where)
        Index(f"{spec.name}_once", table.c[spec.unique], unique=True, sqlite_where=where,
              postgresql_where=where)
    return table


TABLES: dict[type[Record], Table] = {spec.record: _build(spec) for spec in SPECS}

_SQLITE_TRIGGER = """CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$ LANGUAGE plpgsql"""
_POSTGRES_TRIGGER = """CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"""


def trigger_statements(dialect: str, table: str) -> tuple[str, ...]:
    """Return the statements that make a table refuse changes.

    Parameters
    ----------
    dialect : str
        ``sqlite`` or ``postgresql``.
    table : str

    Returns
    -------
    tuple of str
    """
    verbs = ("UPDATE", "DELETE")
    if dialect == "sqlite":
        return tuple(_SQLITE_TRIGGER.format(table=table, verb=verb) for verb in verbs)
    return (_POSTGRES_FUNCTION, *(_POSTGRES_TRIGGER.format(table=table, verb=verb)
                                  for verb in (*verbs, "TRUNCATE")))
