"""Tests of the data tests: started as a user starts them, in a process of their own."""

import json
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


WRONG = [
    ([], "--csv FILE is missing"),
    (["--csv=none.csv", "--reference=none.csv"], "none.csv: cannot be opened"),
    (["--csv=x", "--min-price=cheap"], "'cheap' is no float"),
    (["--csv=x", "--significance=1.5"], "1.5 is not between 0 and 1"),
    (["--csv=x", "--least-rows=nan"], "'nan' is no int"),
]
_EACH = """
import json, sys
from rentals.checks.data_tests.__main__ import main
for options in json.loads(sys.argv[1]):
    code = main(options)
    print("\\nexit", code, flush=True)
    print("== next", flush=True)
    print("== next", file=sys.stderr, flush=True)
"""


@pytest.fixture(scope="module", name="answers")
def answers_fixture(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What wrong options and ``--help`` are answered, all by one process."""
    asked = [*(options for options, _ in WRONG), ["--help"]]
    done = subprocess.run([sys.executable, "-c", _EACH, json.dumps(asked)], text=True,
                          cwd=tmp_path_factory.mktemp("asked"), capture_output=True, check=True,
                          timeout=120)
    parts = zip(*(stream.split("== next\n") for stream in (done.stdout, done.stderr)))
    return ["".join(both) for both in parts]


@pytest.mark.parametrize("number", range(len(WRONG)), ids=[said for _, said in WRONG])
def test_a_wrong_option_is_refused_in_a_line(answers: list[str], number: int) -> None:
    assert "exit 4" in answers[number]
    assert WRONG[number][1] in answers[number]
    assert "Traceback" not in answers[number]


def test_the_help_names_each_setting(answers: list[str]) -> None:
    assert "exit 0" in answers[len(WRONG)]
    for field in fields(CheckSettings):
        assert f"--{field.name.replace('_', '-')}=" in answers[len(WRONG)]
