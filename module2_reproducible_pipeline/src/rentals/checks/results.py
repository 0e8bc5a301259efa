"""What a check says: its name, its answer, and the rows that it objects to.

In: what the rules and the comparisons found. Out: frozen results, and their text.
A check that only says "no" costs an afternoon; one that names the rows costs a minute.
"""

import math
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["passed", "failed", "not_run"]

#: Rows named in a message, in a report's text, and kept in a result.
MOST_NAMED, MOST_LISTED, MOST_KEPT = 5, 50, 1000


@dataclass(frozen=True, slots=True)
class OffendingRow:
    """One row that breaks a rule: line in the file (header = 1), its id, the value at fault."""

    line: int
    listing_id: str
    value: str

    def __str__(self) -> str:
        return f"line {self.line} id {self.listing_id} ({self.value})"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a check computed, with six significant digits."""

    name: str
    value: float


def figure(name: str, value: float) -> Figure:
    """Return a figure, rounded so that it is the same on every processor."""
    return Figure(name, float(f"{value:.6g}") if math.isfinite(value) else value)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The answer of one check.

    ``offending`` holds the first ``MOST_KEPT`` rows at fault, ``offending_count`` counts all.
    ``not_run`` says that there were too few rows to judge, and is never a "yes".
    """

    name: str
    outcome: Outcome
    message: str
    figures: tuple[Figure, ...] = ()
    offending: tuple[OffendingRow, ...] = ()
    offending_count: int = 0

    @property
    def passed(self) -> bool:
        """Whether the check was run and found nothing."""
        return self.outcome == "passed"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The answers of all checks of one table."""

    rows: int
    reference_rows: int
    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed; a check without enough rows does not fail."""
        return not self.failed

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The results of the checks that failed."""
        return tuple(result for result in self.results if result.outcome == "failed")

    def result(self, name: str) -> CheckResult:
        """Return the result of one check.

        Parameters
        ----------
        name : str
            One of ``rentals.checks.runner.CHECK_NAMES``.

        Returns
        -------
        CheckResult

        Raises
        ------
        KeyError
            There is no check of this name.
        """
        for result in self.results:
            if result.name == name:
                return result
        raise KeyError(name)

    def text(self) -> str:
        """Return a line a check, lines of the rows at fault, and a line of totals."""
        lines = []
        for result in self.results:
            lines.append(f"{result.outcome:<8} {result.name}: {result.message}")
            lines += [f"         {row}" for row in result.offending[:MOST_LISTED]]
        not_run = sum(result.outcome == "not_run" for result in self.results)
        lines.append(f"{len(self.results)} checks of {self.rows} rows against "
                     f"{self.reference_rows}: {len(self.failed)} failed, {not_run} not run")
        return "\n".join(lines) + "\n"


def row_result(name: str, rule: str, rows: int, offending: list[OffendingRow]) -> CheckResult:
    """Return the result of a rule that each row must keep.

    Parameters
    ----------
    name : str
        Of the check.
    rule : str
        What must hold, in words.
    rows : int
        Rows that were looked at.
    offending : list of OffendingRow
        Those that break the rule, in the order of the file.

    Returns
    -------
    CheckResult
    """
    count = len(offending)
    figures = (figure("offending_rows", count),)
    if not count:
        return CheckResult(name, "passed", f"{rule}: holds in {rows} rows", figures)
    named = "; ".join(str(row) for row in offending[:MOST_NAMED])
    more = f"; and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
    return CheckResult(name, "failed", f"{rule}: broken in {count} of {rows} rows: {named}{more}",
                       figures, tuple(offending[:MOST_KEPT]), count)
