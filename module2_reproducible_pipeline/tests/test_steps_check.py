"""The step check: a report of every check, and a refusal that begins with the first fault."""

import json

from check_tables import SETTINGS, good_rows, table_of

from rentals.checks.runner import CHECK_NAMES
from rentals.plan import Task
from rentals.settings import Settings
from rentals.steps.check import run


def _checked(tmp_path, rows, reference):
    inputs = {"listings": table_of(tmp_path, rows, "new.csv"),
              "reference": table_of(tmp_path, reference, "old.csv")}
    return run(Task(inputs, Settings(checks=SETTINGS), tmp_path))


def test_a_good_table_passes_and_every_check_stands_in_the_report(tmp_path):
    result = _checked(tmp_path, good_rows(120), good_rows(150))
    assert not result.refusal
    assert result.metrics == {"checks": 23, "checks_failed": 0}
    assert result.lines == ("23 checks of 120 rows against 150: none failed",)
    report = json.loads((tmp_path / "check_report" / "report.json").read_text("utf-8"))
    assert tuple(one["name"] for one in report) == CHECK_NAMES
    assert all(one["outcome"] == "passed" for one in report)


def test_a_faulty_table_is_refused_with_the_rows_at_fault(tmp_path):
    rows = good_rows(120)
    rows[3]["price"], rows[4]["latitude"] = "0", "0"
    result = _checked(tmp_path, rows, good_rows(120))
    assert result.refusal.startswith("2 of 23 checks failed; inside_box: ")
    assert result.metrics["checks_failed"] == 2 == len(result.lines)
    assert "line 6 id 1003 (price 0)" in result.lines[1]
    text = (tmp_path / "check_report" / "report.txt").read_text("utf-8")
    assert "failed   price_range: " in text and "         line 7 id 1004 (" in text


def test_a_missing_borough_is_a_plain_answer(tmp_path):
    rows = [row for row in good_rows(150) if row["neighbourhood_group"] != "Queens"]
    result = _checked(tmp_path, rows, good_rows(150))
    assert any("Queens has 30 rows in the reference and none" in line for line in result.lines)
