"""For each promised package: its module, its file, and a behaviour that fails without it."""

import ast

import pytest

import card_census
import card_churn
import card_rentals
import card_riskwatch
from street import MODULE_NAMES, MODULES, run

PROMISED = {"pandas", "scikit-learn", "pylint", "autopep8", "pytest", "mlflow", "wandb",
            "hydra-core", "dvc", "fastapi", "uvicorn", "aequitas", "requests", "flask", "scipy"}
CARD = {"module1_clean_code": card_churn.ENTRIES,
        "module2_reproducible_pipeline": card_rentals.ENTRIES,
        "module3_scalable_deployment": card_census.ENTRIES,
        "module4_scoring_monitoring": card_riskwatch.ENTRIES}
LINES = [(module, entry) for module in MODULES for entry in CARD[module.name]]
each_entry = pytest.mark.parametrize(
    ("module", "entry"), LINES, ids=[f"{entry.package}-{module.name}" for module, entry in LINES])


def run_behaviour(module, entry, folder, *, blocked: bool):
    """Run an entry's behaviour, with its package out of reach when ``blocked``."""
    block = f"import sys; sys.modules[{entry.import_name!r}] = None\n" if blocked else ""
    python = str(module / ".venv" / "bin" / "python")
    return run([python, "-W", "ignore", "-c", block + entry.behaviour], folder,
               OMP_NUM_THREADS="1", HOME=str(folder))


def test_the_card_names_every_promised_package(capsys):
    assert {entry.package for entries in CARD.values() for entry in entries} == PROMISED
    waiting = [f"{entry.package} ({name})" for name, entries in CARD.items() for entry in entries
               if name not in MODULE_NAMES]
    if waiting:
        with capsys.disabled():
            print("\ncard: still to come: " + ", ".join(waiting))


@each_entry
def test_the_file_uses_the_package(module, entry):
    text = (module / entry.file).read_text(encoding="utf-8")
    if not entry.file.endswith(".py"):
        assert f"-m {entry.import_name} " in text or f"{entry.import_name} " in text
        return
    nodes = list(ast.walk(ast.parse(text)))
    names = {str(node.module).split(".", maxsplit=1)[0] for node in nodes
             if isinstance(node, ast.ImportFrom)}
    names |= {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import)
              for alias in node.names}
    assert entry.import_name in names


@each_entry
def test_the_behaviour_holds_with_the_package_and_fails_without_it(module, entry, tmp_path):
    assert entry.behaviour, "the module is here, so the card needs its behaviour"
    done = run_behaviour(module, entry, tmp_path, blocked=False)
    assert done.returncode == 0, done.stdout + done.stderr
    without = run_behaviour(module, entry, tmp_path, blocked=True)
    assert without.returncode != 0
    assert entry.import_name in without.stderr.splitlines()[-1]
