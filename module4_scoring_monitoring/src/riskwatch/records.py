"""What the ledger knows: one frozen record type per table.

In: nothing. Out: types whose fields are the columns, so that no ``dict`` crosses a room.
Each table also has ``id``, ``made_utc``, ``run_id`` and ``chain``, which the ledger itself fills.
"""

# pylint: disable=too-many-instance-attributes  # a table has the columns that it needs

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Record:
    """Base of everything that the ledger can keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Record):
    """A command began. How it ended stands in `RunEnd`; a killed one gets its end later."""

    command: str
    trigger: Literal["person", "cron", "api", "simulation"]
    program_version: str
    process_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd(Record):
    """The run of ``run_id`` ended; there is one end per run."""

    outcome: Literal["done", "check_said_no", "failed", "bad_input", "locked_out", "killed"]
    exit_code: int | None
    seconds: float | None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Record):
    """A stage of a cycle ended, with the seconds that it took."""

    step: str
    outcome: Literal["done", "failed", "skipped"]
    seconds: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Record):
    """A file of the inbox: taken in, refused, or a copy of one that was.

    Its rows are numbers ``first_row`` to ``first_row + rows - 1``; row ``first_row`` stood in
    line 2. ``repeated_rows`` were known, or became known by a better row later in the batch.
    """

    sha256: str
    name: str
    byte_count: int
    status: Literal["accepted", "refused", "copy"]
    period: str | None = None
    rows: int | None = None
    first_row: int | None = None
    repeated_rows: int | None = None
    impossible_rows: int | None = None
    missing_values: int | None = None
    unlabelled_rows: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Record):
    """A Parquet file of rows, and the file of row numbers that are no longer current."""

    name: str
    sha256: str
    first_row: int
    rows: int
    shadowed_rows: int
    shadowed_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Record):
    """A model on a drop or on the hold-out; figures are None where they are undefined."""

    model_version: str
    subject: Literal["drop", "hold_out"]
    file_id: int | None
    rows: int
    labelled_rows: int
    positive_share: float | None
    mean_probability: float | None
    f1: float | None
    f1_low: float | None
    f1_high: float | None
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    roc_auc: float | None
    roc_auc_low: float | None
    roc_auc_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftVerdict(Record):
    """What one test says of one column of a drop, beside the reference."""

    file_id: int | None
    column: str
    test: str
    verdict: Literal["drift", "no_drift", "not_enough_data"]
    statistic: float | None
    p_value: float | None
    p_adjusted: float | None
    effect: float | None
    reference_rows: int
    current_rows: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """What was decided and why; ``kind`` is ``drift`` (what now?) or ``gate`` (deploy?)."""

    kind: Literal["drift", "gate"]
    action: Literal["keep", "retrain", "ask_person", "insufficient_evidence", "deploy", "refuse"]
    reason: str
    champion: str | None = None
    challenger: str | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment(Record):
    """From this row on ``version`` shall serve; the link is made to follow."""

    action: Literal["deploy", "rollback"]
    version: str
    previous: str | None
    model_sha256: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic(Record):
    """One check of the system: ``subject`` is a column, a package, a folder, a stage."""

    check: str
    subject: str
    status: Literal["ok", "failed", "unknown"]
    value: float | None = None
    unit: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Record):
    """Something happened to an incident: people are told once, and once that it is over."""

    incident: str
    event: Literal["opened", "sent", "send_failed", "closed"]
    channel: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """Work that one process took for itself; a name can be claimed once."""

    name: str
