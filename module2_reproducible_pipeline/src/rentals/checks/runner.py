"""Run all checks of a table: the one door into this package.

In: the table's path, the reference's path, settings. Out: a report with each check's answer.
The pipeline's ``check`` step and the data tests under pytest call the same functions, so they
cannot come to different answers.
"""

from pathlib import Path

from rentals.checks.distributions import COMPARISON_NAMES, compare_distributions
from rentals.checks.results import CheckReport
from rentals.checks.rules import RULES, apply_rule
from rentals.checks.table import read_text_table
from rentals.settings import CheckSettings, ReadingSettings

RULE_NAMES = tuple(rule.name for rule in RULES)
CHECK_NAMES = RULE_NAMES + COMPARISON_NAMES


def run_checks(csv: Path, reference: Path, settings: CheckSettings,
               limits: ReadingSettings | None = None) -> CheckReport:
    """Check a table by rules, and against a reference.

    Parameters
    ----------
    csv : Path
        The table to check.
    reference : Path
        A table that was found good before; it may be the same file.
    settings : CheckSettings
        Bounds and thresholds.
    limits : ReadingSettings, optional
        Sizes that are accepted.

    Returns
    -------
    CheckReport
        One result for each of ``CHECK_NAMES``, in that order; it does not raise on bad rows.

    Raises
    ------
    InputError
        A path is no readable file.
    TableError
        A file is no table: not UTF-8, not CSV, no rows, or a row of another width.
    """
    limits = limits or ReadingSettings()
    table = read_text_table(csv, limits)
    earlier = read_text_table(reference, limits)
    results = tuple(apply_rule(rule, table, settings) for rule in RULES)
    results += compare_distributions(earlier.listings(), table.listings(), settings)
    return CheckReport(len(table.lines), len(earlier.lines), results)
