"""What can be listed: one line per address, its table of the ledger, and what it may be asked.

In: the record types. Out: resources with their columns and filters, from which routes, checks
and the API's description are made; so none of the three can promise what another one refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from riskwatch.records import (Decision, Deployment, Diagnostic, DriftVerdict, File, Record, Run,
                               RunEnd, Score)
from riskwatch.tables import SPEC_OF

SUMMARY_CHECK = "summary_statistics"
LEDGER_COLUMNS = ("id", "made_utc", "run_id")
#: What a run's end adds to it; empty while it goes on.
END_COLUMNS = ("outcome", "exit_code", "seconds", "detail")


@dataclass(frozen=True)
class Kind:
    """The type of a column: its name in JSON, whether it may be null, its only values."""

    json_type: Literal["string", "integer", "number", "boolean"]
    is_nullable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """A list of the API; ``fixed`` are filters that always hold."""

    path: str
    record: type[Record]
    meaning: str
    fixed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, Kind]:
        """Every column of an item, in order."""
        found = {"id": Kind("integer"), "made_utc": Kind("string"),
                 "run_id": Kind("integer", self.record is not Run), **_kinds(self.record)}
        if self.record is Run:
            del found["run_id"]
            ends = _kinds(RunEnd)
            found |= {name: Kind(ends[name].json_type, True, ends[name].choices)
                      for name in END_COLUMNS}
        return found

    @cached_property
    def filters(self) -> dict[str, Kind]:
        """Columns that a question may name, with the type of their values."""
        names = [] if self.record is Run else ["run_id"]
        names += [name for name in SPEC_OF[self.record].filters if name not in self.fixed]
        return {name: self.columns[name] for name in names}


def _kinds(record: type[Record]) -> dict[str, Kind]:
    hints = get_type_hints(record)
    return {item.name: _kind(hints[item.name]) for item in fields(record)}


def _kind(hint: Any) -> Kind:
    if get_origin(hint) is Literal:
        return Kind("string", False, get_args(hint))
    parts = [part for part in get_args(hint) if part is not NoneType]
    plain = parts[0] if parts else hint
    names: dict[Any, Literal["string", "integer", "number", "boolean"]] = {
        int: "integer", float: "number", bool: "boolean", str: "string"}
    return Kind(names[plain], NoneType in get_args(hint))


RESOURCES: tuple[Resource, ...] = (
    Resource("/v1/scores", Score, "the serving model on each drop and on the hold-out, with 95 % "
             "bootstrap intervals"),
    Resource("/v1/drift", DriftVerdict, "what each drift test said of each column of a drop"),
    Resource("/v1/decisions", Decision, "what was decided, and why"),
    Resource("/v1/runs", Run, "each start of a command, and how it ended"),
    Resource("/v1/deployments", Deployment, "which release served from when on"),
    Resource("/v1/diagnostics", Diagnostic, "the checks of the system itself"),
    Resource("/v1/summary-statistics", Diagnostic, "mean, median, mode and standard deviation "
             "of each column, as the diagnostics found them", {"check": SUMMARY_CHECK}),
    Resource("/v1/data/files", File, "each file of the inbox: taken in, refused, or a copy"),
)
BY_PATH = {resource.path: resource for resource in RESOURCES}
