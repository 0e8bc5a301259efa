"""Sources: the files a module needs, found without importing any."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rentals import sources
from rentals.plan import STEPS
from rentals.sources import source_digest, source_files


@pytest.fixture(name="package")
def package_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that may be changed."""
    folder = tmp_path / "rentals"
    shutil.copytree(sources.PACKAGE_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sources, "PACKAGE_FOLDER", folder)
    return folder


def _forget() -> None:
    """Digests are remembered while a process lives; tests change the files under it."""
    for function in vars(sources).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Neither from the test before nor for the test after."""
    _forget()
    yield
    _forget()


def test_a_step_needs_what_it_imports_and_what_that_imports():
    found = source_files("rentals.steps.clean")
    assert {"rentals.steps.clean", "rentals.cleaning", "rentals.schema"} <= set(found)
    assert "rentals.model" not in found and "rentals.steps.train" not in found


def test_tables_and_templates_belong_to_the_modules_that_name_them():
    assert "neighbourhoods.csv" in source_files("rentals.steps.fetch")
    assert "eda_notebook.txt" in source_files("rentals.steps.explore")
    assert "neighbourhoods.csv" not in source_files("rentals.steps.clean")


@pytest.mark.parametrize(("file", "changed"), [
    ("steps/clean.py", {"clean"}),
    ("split.py", {"split", "train"}),
    ("cleaning.py", {"clean", "explore"}),
    ("checks/statistics.py", {"check"}),
    ("tables/words.csv", {"fetch"}),
    ("model.py", {"train", "select", "evaluate", "release"}),
    ("schema.py", set(STEPS)),
    ("cli.py", set()),
])
def test_a_changed_file_changes_the_steps_that_use_it_and_no_others(package, file, changed):
    before = {step: source_digest(f"rentals.steps.{step}") for step in STEPS}
    with open(package / file, "a", encoding="utf-8") as stream:
        stream.write("\n# one more line\n")
    _forget()
    after = {step: source_digest(f"rentals.steps.{step}") for step in STEPS}
    assert {step for step in STEPS if before[step] != after[step]} == changed
