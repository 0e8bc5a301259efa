"""What all tests share: fixtures of tables, the true file, and the choice of long proofs."""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pandas as pd

# Before numpy loads: several workers with a thread for each core only fight over the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Makes the support modules beside this file importable, from any working directory.
sys.path.insert(0, str(Path(__file__).parent))

# The same cases every time, nothing kept on the disk, no stopwatch on a shared machine.
settings.register_profile("churn", deadline=None, database=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow,
                                                 HealthCheck.function_scoped_fixture])
settings.load_profile("churn")


#: Files whose tests share a fixture that takes seconds run in one process, so it is made once.
#: By file and not by xdist's mark, which is lost without a word from pytest 9.2 on.
TOGETHER = {"test_cli.py": "home", "test_commands.py": "home", "test_report.py": "home",
            "test_readme.py": "shown", "test_before.py": "figures", "test_assess.py": "training",
            "test_usual_script.py": "usual_script"}


def group_of(node: str) -> str:
    """Return the name of what is handed to one process: a group, or the test alone."""
    return TOGETHER.get(Path(node.split("::")[0]).name, node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let each process take a group, or a single test, at a time."""
    scheduling = import_module("xdist.scheduler").LoadScopeScheduling
    return type("Together", (scheduling,), {"_split_scope": staticmethod(group_of)})(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long proofs unless SOAK=1."""
    if os.environ.get("SOAK") == "1":
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Keep a count or a figure for the end of the run, whichever process finds it."""
    return lambda text: record_property("said", text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests said: counts of long proofs, figures on the true file."""
    said = [text for reports in terminalreporter.stats.values() for report in reports
            for name, text in getattr(report, "user_properties", []) if name == "said"
            and report.when == "call"]
    if said:
        terminalreporter.section("counts and figures")
        for text in sorted(said):
            terminalreporter.line(text)


@pytest.fixture(scope="session", name="tables")
def tables_fixture() -> ModuleType:
    """The module of tables made by hand, ``customer_tables``."""
    return import_module("customer_tables")


@pytest.fixture
def write_table(tmp_path: Path, tables: ModuleType) -> Callable[..., Path]:
    """Write text or bytes, or else twelve good customers, into a file and return its path."""
    def write(content: str | bytes | None = None, name: str = "customers.csv") -> Path:
        path = tmp_path / name
        text = tables.table_text() if content is None else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path
    return write


@pytest.fixture
def customer_text(tables: ModuleType) -> Callable[..., str]:
    """The text of a table of a dozen customers in the layout asked for; see `table_text`."""
    text: Callable[..., str] = tables.table_text
    return text


@pytest.fixture
def customers(tables: ModuleType) -> "pd.DataFrame":
    """Twelve customers as a frame, not read by the code under test."""
    return tables.frame(tables.table_text())


@pytest.fixture
def many_customers(tables: ModuleType) -> "pd.DataFrame":
    """240 customers as a frame, a quarter of whom left; fresh for every test."""
    return tables.frame(tables.table_text(rows=tables.many_rows(240)))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of true files: unset skips, set but missing fails."""
    name = os.environ.get("CAPSTONES_REAL_DATA")
    if not name:
        pytest.skip("CAPSTONES_REAL_DATA is not set")
    folder = Path(name)
    if not folder.is_absolute() or not (folder / "churn" / "bank_data.csv").is_file():
        pytest.fail(f"CAPSTONES_REAL_DATA={name}: no absolute path of a folder that holds "
                    "churn/bank_data.csv")
    return folder


QUICK = """generated_rows = 900
[training]
search = "none"
folds = 2
candidates = ["logistic_regression"]
[evaluation]
bootstrap_resamples = 100
permutation_repeats = 1
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything was run once: ``quick.toml``, ``out``, ``course``."""
    folder = tmp_path_factory.mktemp("home of a user")
    (folder / "quick.toml").write_text(QUICK, encoding="utf-8")
    code = import_module("churn.cli").main([
        "run", "--config", str(folder / "quick.toml"), "--out", str(folder / "out"),
        "--course-layout", str(folder / "course")])
    assert code == 0
    return folder
