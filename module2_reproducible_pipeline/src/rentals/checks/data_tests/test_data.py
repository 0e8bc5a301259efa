"""Tests of a data file: one for each rule, one for each comparison with the reference.

In: the fixtures of conftest.py. Out: pytest's verdicts, with the rows at fault in the message.
"""

import pytest

from rentals.checks.distributions import COMPARISON_NAMES
from rentals.checks.results import CheckResult
from rentals.checks.rules import RULES, Rule, apply_rule
from rentals.checks.table import TextTable
from rentals.settings import CheckSettings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule(rule: Rule, table: TextTable, settings: CheckSettings) -> None:
    """The table keeps the rule in each of its rows."""
    _expect(apply_rule(rule, table, settings))


@pytest.mark.parametrize("name", COMPARISON_NAMES)
def test_comparison(name: str, comparisons: dict[str, CheckResult]) -> None:
    """The column looks as it does in the reference, as far as chance goes."""
    _expect(comparisons[name])


def _expect(result: CheckResult) -> None:
    if result.outcome == "not_run":
        pytest.skip(result.message)
    if result.outcome == "failed":
        pytest.fail(result.message, pytrace=False)
