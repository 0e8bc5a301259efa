"""Tests of the data tests: started as a user starts them, in a process of their own."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from check_tables import SETTINGS, good_rows, table_of

import rentals.checks.data_tests
from rentals.checks.runner import CHECK_NAMES, run_checks
from rentals.settings import CheckSettings

FOLDER = Path(rentals.checks.data_tests.__file__).parent
ENTRY = ("rentals.checks.data_tests",)
PLUGIN = ("pytest", "-p", "rentals.checks.data_tests.options", "-p", "no:cacheprovider",
          "--pyargs", "rentals.checks.data_tests")
BY_PATH = ("pytest", "-p", "no:cacheprovider", str(FOLDER))


def started(folder: Path, module: tuple[str, ...], *options: str
            ) -> subprocess.CompletedProcess[str]:
    """Run the data tests in ``folder``, with no network and no account in the environment."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("WANDB", "MLFLOW", "PYTEST"))}
    return subprocess.run([sys.executable, "-m", *module, "-v", "--disable-socket", *options],
                          cwd=folder, env=environment, capture_output=True, text=True,
                          check=False, timeout=120)


def verdicts(output: str) -> dict[str, str]:
    """Return the verdict of each check."""
    return dict(re.findall(r"::test_\w+\[(\w+)\] (\w+)", output))


@pytest.fixture(name="faulty")
def faulty_fixture(tmp_path: Path) -> tuple[Path, Path]:
    """A table with two faulty rows and a missing borough, and its reference."""
    rows = [row for row in good_rows(150) if row["neighbourhood_group"] != "Queens"]
    rows[3]["price"], rows[4]["latitude"] = "0", "0"
    return (table_of(tmp_path, rows, "new.csv"),
            table_of(tmp_path, good_rows(120), "old.csv"))


@pytest.mark.parametrize("module", [ENTRY, PLUGIN, BY_PATH], ids=["entry", "plugin", "path"])
def test_each_check_is_a_test_with_the_verdict_of_the_report(
        tmp_path: Path, faulty: tuple[Path, Path], module: tuple[str, ...]) -> None:
    found = started(tmp_path, module, f"--csv={faulty[0]}", f"--reference={faulty[1]}",
                    "--min-rows=0")
    words = {"passed": "PASSED", "failed": "FAILED", "not_run": "SKIPPED"}
    expected = {result.name: words[result.outcome]
                for result in run_checks(*faulty, SETTINGS).results}
    assert verdicts(found.stdout) == expected
    assert tuple(sorted(expected)) == tuple(sorted(CHECK_NAMES))
    assert found.returncode == 1
    assert "line 6 id 1004 (price 0)" in found.stdout
    assert "Queens has 24 rows in the reference and none" in found.stdout


def test_a_good_table_passes_from_relative_paths_and_nothing_is_left_behind(
        tmp_path: Path) -> None:
    table_of(tmp_path, good_rows(120), "new.csv")
    found = started(tmp_path, ENTRY, "--csv", "new.csv", "--reference", "new.csv",
                    "--min-rows", "0")
    assert (found.returncode, set(verdicts(found.stdout).values())) == (0, {"PASSED"})
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


def test_the_settings_of_the_command_line_reach_the_checks(tmp_path: Path) -> None:
    """Each option turns a check of a good table of 120 rows, whose prices are 80 to 199."""
    path = table_of(tmp_path, good_rows(120))
    found = started(tmp_path, ENTRY, f"--csv={path}", f"--reference={path}", "--min-rows=0",
                    "--max-rows=100", "--min-price=81", "--max-price=199", "--kl-threshold=0")
    assert {name for name, word in verdicts(found.stdout).items() if word == "FAILED"} \
        == {"row_count", "price_range", "borough_kl_divergence"}
    assert "price in 81 to 199 dollars: broken in 1 of 120 rows" in found.stdout


@pytest.mark.parametrize(("options", "said"), [
    ([], "--csv FILE is missing"),
    (["--csv=none.csv", "--reference=none.csv"], "none.csv: cannot be opened"),
    (["--csv=x", "--min-price=cheap"], "'cheap' is no float"),
    (["--csv=x", "--significance=1.5"], "1.5 is not between 0 and 1"),
    (["--csv=x", "--least-rows=nan"], "'nan' is no int"),
])
def test_a_wrong_option_is_refused_in_a_line(tmp_path: Path, options: list[str],
                                             said: str) -> None:
    found = started(tmp_path, ENTRY, *options)
    assert found.returncode == 4
    assert said in found.stdout + found.stderr
    assert "Traceback" not in found.stdout + found.stderr


def test_the_help_names_each_setting(tmp_path: Path) -> None:
    text = started(tmp_path, ENTRY, "--help").stdout
    for field in fields(CheckSettings):
        assert f"--{field.name.replace('_', '-')}=" in text
