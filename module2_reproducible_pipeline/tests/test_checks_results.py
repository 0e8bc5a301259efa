"""Results of checks: the rows at fault are named, counted and cut short, never lost."""

import math

import pytest

from rentals.checks.results import (MOST_KEPT, CheckReport, CheckResult, OffendingRow, figure,
                                    row_result)


def _rows(count):
    return [OffendingRow(line + 2, str(line), f"price {line}") for line in range(count)]


def test_a_rule_that_holds_says_in_how_many_rows():
    found = row_result("price_range", "price in 10 to 350", 7, [])
    assert found.passed and found.message == "price in 10 to 350: holds in 7 rows"
    assert found.figures == (figure("offending_rows", 0),)


@pytest.mark.parametrize(("count", "ending"), [
    (1, "broken in 1 of 9000 rows: line 2 id 0 (price 0)"), (5, "line 6 id 4 (price 4)"),
    (7, "line 6 id 4 (price 4); and 2 more")])
def test_a_broken_rule_names_the_first_rows_and_counts_the_others(count, ending):
    found = row_result("price_range", "r", 9000, _rows(count))
    assert found.outcome == "failed" and not found.passed
    assert found.message.endswith(ending) and found.offending_count == count


def test_no_more_rows_are_kept_than_anybody_reads_and_all_are_counted():
    found = row_result("price_range", "r", 9000, _rows(MOST_KEPT + 5))
    assert len(found.offending) == MOST_KEPT and found.offending_count == MOST_KEPT + 5


def test_figures_have_six_digits_and_keep_what_is_no_number():
    assert figure("p", 0.123456789).value == 0.123457
    assert math.isnan(figure("p", math.nan).value)


def test_a_report_passes_when_nothing_failed_and_not_run_is_never_a_yes():
    results = [CheckResult("a", "passed", "m"), CheckResult("b", "not_run", "few rows")]
    report = CheckReport(3, 4, tuple(results))
    assert report.passed and not report.result("b").passed
    assert report.text().splitlines() == ["passed   a: m", "not_run  b: few rows",
                                          "2 checks of 3 rows against 4: 0 failed, 1 not run"]
    worse = CheckReport(3, 4, (*results, CheckResult("c", "failed", "m")))
    assert [result.name for result in worse.failed] == ["c"] and not worse.passed
    with pytest.raises(KeyError):
        report.result("d")
