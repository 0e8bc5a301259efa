"""The root runs a verb in every module, goes on after a failure, and counts the tests."""

import json
import shutil
from pathlib import Path

import pytest

import fan_out
from street import ROOT, executable, run

JUNIT = ('<testsuites><testsuite tests="{}" failures="{}" errors="0" skipped="1"/>'
         "</testsuites>")
TRIAL = """test bench run setup:
\t@mkdir -p build; cp junit.xml build/junit.xml; echo ran $@ >> build/log; {end}
"""


@pytest.fixture(name="street")
def make_street(tmp_path):
    """The root's Makefile above three modules, of which the second fails."""
    street = tmp_path / "a b"
    (street / ".github").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "requirements.lock", ".github/fan_out.py",
                 ".github/report.py", ".github/report.css", ".github/summary.py"):
        shutil.copy(ROOT / name, street / name)
    for name, failures, end in (("module1_a", 0, "true"), ("module2_b", 2, "false"),
                                ("module3_c", 0, "true")):
        (street / name).mkdir()
        (street / name / "Makefile").write_text(TRIAL.format(end=end))
        (street / name / "junit.xml").write_text(JUNIT.format(5, failures))
    return street


def has_run(street: Path, module: str) -> bool:
    """Did any verb run in this module?"""
    return (street / module / "build" / "log").is_file()


def test_a_failure_in_one_module_does_not_stop_the_next(street):
    done = run(["make", "bench"], street)
    assert done.returncode != 0
    assert has_run(street, "module3_c")
    rows = [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("module")]
    assert rows[-3:] == [["module1_a", "ok"], ["module2_b", "FAILED"], ["module3_c", "ok"]]


def test_all_well_exits_zero(street):
    shutil.rmtree(street / "module2_b")
    done = run(["make", "bench"], street)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "2 ok, 0 failed"


def test_the_table_of_test_adds_the_counts_up(street):
    done = run(["make", "test", "WHOLE_VERBS="], street)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "10 passed, 2 failed, 3 skipped"
    recorded = json.loads((street / "build" / "test.json").read_text())
    assert recorded["total"] == "10 passed, 2 failed, 3 skipped"


def test_test_visits_the_tests_of_the_whole_too(street):
    done = run(["make", "-n", "test"], street)
    assert done.stdout.rstrip().endswith("test module1_a module2_b module3_c root")


def test_the_verb_of_one_module_touches_no_other(street):
    assert run(["make", "test-3"], street).returncode == 0
    assert has_run(street, "module3_c")
    assert not has_run(street, "module1_a")
    assert not (street / ".venv").exists()


def test_run_fails_and_says_so_when_a_module_leaves_no_summary(street):
    done = run(["make", "run"], street)
    assert done.returncode != 0
    assert "module1_a" in done.stderr
    page = (street / "build" / "report" / "index.html").read_text()
    assert page.count("card failed") == 3


def test_a_module_that_died_outside_of_its_tests_counts_as_one_failure():
    clean = fan_out.Counts(passed=4)
    assert fan_out.honest_counts(clean, is_ok=True) == clean
    assert fan_out.honest_counts(clean, is_ok=False) == fan_out.Counts(passed=4, failed=1)
    assert fan_out.honest_counts(None, is_ok=False) == fan_out.Counts(failed=1)


def test_a_damaged_junit_file_counts_nothing(tmp_path):
    (tmp_path / "junit.xml").write_text("<testsuite")
    assert fan_out.read_counts(tmp_path / "junit.xml") is None


def test_the_make_that_was_called_is_the_make_that_is_used(tmp_path, monkeypatch):
    make = executable(tmp_path / "other make", "#!/bin/sh\necho \"$@\" > asked\n")
    monkeypatch.chdir(tmp_path)
    assert fan_out.main(["lint", "module1_a", "root", "--make", str(make)]) == 0
    assert (tmp_path / "asked").read_text() == "--no-print-directory lint-root\n"
