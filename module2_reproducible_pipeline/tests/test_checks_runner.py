"""Tests of the run of all checks: the report, its text, and the true file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from check_tables import SETTINGS, good_rows, table_of

from rentals.checks.results import CheckReport, CheckResult, figure
from rentals.checks.runner import CHECK_NAMES, RULE_NAMES, run_checks
from rentals.errors import InputError, TableError
from rentals.settings import CheckSettings


def test_the_report_has_each_check_once_in_order(tmp_path: Path) -> None:
    path = table_of(tmp_path, good_rows(120))
    report = run_checks(path, path, SETTINGS)
    assert tuple(result.name for result in report.results) == CHECK_NAMES
    assert len(set(CHECK_NAMES)) == len(CHECK_NAMES) == 23
    assert (report.rows, report.reference_rows) == (120, 120)
    assert report.passed and not report.failed


def test_faults_of_several_kinds_are_all_reported(tmp_path: Path) -> None:
    reference = table_of(tmp_path, good_rows(120), "reference.csv")
    rows = [row for row in good_rows(150) if row["neighbourhood_group"] != "Queens"]
    rows[3]["price"], rows[3]["latitude"], rows[5]["id"] = "0", "0", rows[0]["id"]
    report = run_checks(table_of(tmp_path, rows), reference, CheckSettings(min_rows=200))
    assert {"row_count", "unique_ids", "inside_box", "price_range", "boroughs_present"} \
        <= {result.name for result in report.failed}
    assert not report.passed
    assert "Queens has 24 rows in the reference and none in the current table" \
        in report.result("boroughs_present").message


def test_few_rows_are_not_compared_but_the_rules_hold(tmp_path: Path) -> None:
    path = table_of(tmp_path, good_rows(99))
    report = run_checks(path, path, SETTINGS)
    assert report.passed
    assert {result.name for result in report.results if result.outcome == "not_run"} \
        == set(CHECK_NAMES) - set(RULE_NAMES)
    assert not any(result.passed for result in report.results if result.outcome == "not_run")
    assert report.text().endswith("23 checks of 99 rows against 99: 0 failed, 13 not run\n")


def test_the_text_has_a_line_a_check_and_lists_the_rows_at_fault(tmp_path: Path) -> None:
    rows = good_rows(120)
    for row in rows[3:63]:
        row["price"] = "0"
    path = table_of(tmp_path, rows)
    lines = run_checks(path, path, SETTINGS).text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("failed   price_range: "))
    assert "broken in 60 of 120 rows: line 6 id 1003 (price 0); " in lines[place]
    assert lines[place + 1] == "         line 6 id 1003 (price 0)"
    assert lines[place + 50] == "         line 55 id 1052 (price 0)"
    assert lines[place + 51].startswith("passed   review_identity: ")
    assert len(lines) == 24 + 50


def test_the_report_is_the_same_in_each_run(tmp_path: Path) -> None:
    path = table_of(tmp_path, good_rows(130))
    reference = table_of(tmp_path, good_rows(125), "reference.csv")
    assert run_checks(path, reference, SETTINGS) == run_checks(path, reference, SETTINGS)


def test_an_unknown_check_is_no_result() -> None:
    report = CheckReport(1, 1, (CheckResult("row_count", "passed", ""),))
    assert report.result("row_count").passed
    with pytest.raises(KeyError):
        report.result("other")


def test_figures_have_six_digits() -> None:
    assert figure("x", 1 / 3).value == 0.333333
    assert figure("x", 1.23456789e-9).value == 1.23457e-9


@pytest.mark.parametrize("broken", [0, 1])
def test_what_is_no_table_is_refused_on_either_side(tmp_path: Path, broken: int) -> None:
    paths = [table_of(tmp_path, good_rows(), f"{side}.csv") for side in "ab"]
    paths[broken].write_text("id,name\n1\n", encoding="utf-8")
    with pytest.raises(TableError):
        run_checks(paths[0], paths[1], SETTINGS)
    paths[broken].unlink()
    with pytest.raises(InputError):
        run_checks(paths[0], paths[1], SETTINGS)


# The true file.

@pytest.fixture(name="true_file")
def true_file_fixture(real_data: Path) -> Path:
    """Return the path of the true file."""
    return real_data / "rentals" / "sample1.csv"


WIDE = CheckSettings(min_price=0, max_price=10_000)


@pytest.mark.realdata
def test_the_true_file_passes_against_itself(true_file: Path) -> None:
    report = run_checks(true_file, true_file, WIDE)
    assert report.passed, report.text()
    assert all(result.passed for result in report.results)
    assert report.rows == 20_000


@pytest.mark.realdata
def test_the_true_file_as_it_comes_breaks_the_price_range_alone(true_file: Path) -> None:
    report = run_checks(true_file, true_file, CheckSettings())
    assert [result.name for result in report.failed] == ["price_range"]
    offending = report.result("price_range").offending
    assert report.result("price_range").offending_count == 999
    lines = true_file.read_text(encoding="utf-8").split("\n")
    assert all(lines[row.line - 1].startswith(f"{row.listing_id},") for row in offending)


@pytest.mark.realdata
def test_random_halves_of_the_true_file_pass(
        true_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(true_file, dtype=str, keep_default_na=False)
    halves = tmp_path / "a.csv", tmp_path / "b.csv"
    failed = []
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(table))
        for path, places in zip(halves, np.array_split(order, 2)):
            table.iloc[places].to_csv(path, index=False)
        report = run_checks(*halves, CheckSettings(min_rows=9000, min_price=0, max_price=10_000))
        failed += [result.name for result in report.failed]
    with capsys.disabled():
        print(f"\nrandom halves of the true file: {len(failed)} failed checks in 5 pairs")
    assert not failed
