"""For each promised package: its module, its file, and a behaviour that fails without it."""

import ast
from dataclasses import dataclass

import pytest

from street import MODULE_NAMES, MODULES, ROOT, run

PROMISED = {"pandas", "scikit-learn", "pylint", "autopep8", "pytest", "mlflow", "wandb",
            "hydra-core", "dvc", "fastapi", "uvicorn", "aequitas", "requests", "flask", "scipy"}
IMPORT_NAMES = {"scikit-learn": "sklearn", "hydra-core": "hydra"}
ONE, TWO = "module1_clean_code", "module2_reproducible_pipeline"
THREE, FOUR = "module3_scalable_deployment", "module4_scoring_monitoring"


@dataclass(frozen=True)
class Entry:
    """A line of the card; ``behaviour`` is Python that fails when the package does its job badly.

    It runs in the module's own environment, in an empty folder. It may stay empty as long as
    the module is not there.
    """

    package: str
    module: str
    file: str
    behaviour: str = ""

    @property
    def import_name(self) -> str:
        """Name under which the package is imported."""
        return IMPORT_NAMES.get(self.package, self.package)


TABLE = """
from pathlib import Path
from churn.data import load_customers
from churn.synthetic import write_customers
write_customers(Path("customers.csv"), {rows}, 7)
customers = load_customers(Path("customers.csv"))
"""
TOOL = """
import runpy, sys
from pathlib import Path
Path("{file}").write_text({text!r})
sys.argv = {words!r}
try:
    runpy.run_module({name!r}, run_name="__main__", alter_sys=True)
except SystemExit as done:
    assert done.code == {code}, done.code
"""
CARD = [
    Entry("pandas", ONE, "src/churn/data.py", TABLE.format(rows=120) + """
assert customers.groupby("Gender")["Customer_Age"].mean().between(18, 120).all()
assert customers.shape[0] == 120
"""),
    Entry("scikit-learn", ONE, "src/churn/models.py", TABLE.format(rows=600) + """
from churn.data import split_target
from churn.models import build_pipeline
from churn.settings import TrainingSettings
features, has_left = split_target(customers)
model = build_pipeline("logistic_regression", TrainingSettings(), 1).fit(features, has_left)
assert model.score(features, has_left) > max(has_left.mean(), 1 - has_left.mean())
"""),
    Entry("scipy", ONE, "src/churn/two_samples.py", TABLE.format(rows=600) + """
from churn.drift import compare_tables
from churn.settings import DriftSettings
older = customers.assign(Customer_Age=customers["Customer_Age"] + 15)
assert "Customer_Age" in compare_tables(customers, older, DriftSettings()).names("large")
assert not compare_tables(customers, customers, DriftSettings()).names("large")
"""),
    Entry("requests", ONE, "src/churn/fetch.py", """
import threading
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from churn.errors import InputError
from churn.fetch import DataSource, fetch
Path("bank.csv").write_text("too short")
server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
source = DataSource("t", "p", "m", "a", rows=1, bytes=99, sha256="0" * 64)
try:
    fetch(f"http://127.0.0.1:{server.server_port}/bank.csv", Path("got.csv"), source)
except InputError as refusal:
    assert "9 bytes" in str(refusal), refusal
else:
    raise AssertionError("a short file was taken")
assert not Path("got.csv").exists()
"""),
    Entry("pylint", ONE, "Makefile", TOOL.format(
        file="bad.py", text='"""Doc."""\nimport os\n', name="pylint", code=4,
        words=["pylint", "bad.py"])),
    Entry("autopep8", ONE, "Makefile", TOOL.format(
        file="bad.py", text="x=1\n", name="autopep8", code=2,
        words=["autopep8", "--diff", "--exit-code", "bad.py"])),
    Entry("pytest", ONE, "Makefile", TOOL.format(
        file="test_bad.py", text="def test_x():\n    assert 1 == 2\n", name="pytest", code=1,
        words=["pytest", "-p", "no:cacheprovider", "test_bad.py"])),
    Entry("mlflow", TWO, "src/rentals/tracking.py"),
    Entry("wandb", TWO, "src/rentals/tracking.py"),
    Entry("hydra-core", TWO, "src/rentals/cli.py"),
    Entry("dvc", THREE, "dvc.yaml"),
    Entry("fastapi", THREE, "src/census/serving/app.py"),
    Entry("uvicorn", THREE, "src/census/cli.py"),
    Entry("aequitas", THREE, "src/census/training/bias.py"),
    Entry("requests", THREE, "src/census/live.py"),
    Entry("flask", FOUR, "src/riskwatch/web/__init__.py"),
    Entry("scipy", FOUR, "src/riskwatch/drift.py"),
    Entry("requests", FOUR, "src/riskwatch/client.py")]
PRESENT = [entry for entry in CARD if entry.module in MODULE_NAMES]
each_entry = pytest.mark.parametrize(
    "entry", PRESENT, ids=lambda entry: f"{entry.package}-{entry.module}")


def run_behaviour(entry: Entry, folder, *, blocked: bool):
    """Run an entry's behaviour, with its package out of reach when ``blocked``."""
    module = next(path for path in MODULES if path.name == entry.module)
    block = f"import sys; sys.modules[{entry.import_name!r}] = None\n" if blocked else ""
    python = str(module / ".venv" / "bin" / "python")
    return run([python, "-W", "ignore", "-c", block + entry.behaviour], folder,
               OMP_NUM_THREADS="1", HOME=str(folder))


def test_the_card_names_every_promised_package(capsys):
    assert {entry.package for entry in CARD} == PROMISED
    waiting = [f"{entry.package} ({entry.module})" for entry in CARD if entry not in PRESENT]
    if waiting:
        with capsys.disabled():
            print("\ncard: still to come: " + ", ".join(waiting))


@each_entry
def test_the_file_uses_the_package(entry):
    text = (ROOT / entry.module / entry.file).read_text(encoding="utf-8")
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
def test_the_behaviour_holds_with_the_package_and_fails_without_it(entry, tmp_path):
    assert entry.behaviour, "the module is here, so the card needs its behaviour"
    done = run_behaviour(entry, tmp_path, blocked=False)
    assert done.returncode == 0, done.stdout + done.stderr
    without = run_behaviour(entry, tmp_path, blocked=True)
    assert without.returncode != 0
    assert entry.import_name in without.stderr.splitlines()[-1]
