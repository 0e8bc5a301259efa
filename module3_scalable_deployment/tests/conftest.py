"""What all tests share: the true file, figures to say, and the choice of long proofs."""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pandas as pd

# Before numpy loads: several workers with a thread for each core only fight over the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Makes the support modules beside this file importable, from any working directory.
sys.path.insert(0, str(Path(__file__).parent))

# The same cases every time, nothing kept on the disk, no stopwatch on a shared machine.
settings.register_profile("census", deadline=None, database=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow,
                                                 HealthCheck.function_scoped_fixture])
settings.load_profile("census")


#: Fixtures that take seconds: each is made in one process only.
DEAR_FIXTURES = {"whole_run"}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long proofs unless SOAK=1; keep what shares a dear fixture in one process."""
    for item in items:
        for name in DEAR_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(name))
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
    """The module of tables made by hand, ``census_tables``."""
    return import_module("census_tables")


@pytest.fixture
def write_table(tmp_path: Path, tables: ModuleType) -> Callable[..., Path]:
    """Write text or bytes, or else twelve good rows, into a file and return its path."""
    def write(content: str | bytes | None = None, name: str = "census.csv") -> Path:
        path = tmp_path / name
        text = tables.table_text() if content is None else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path
    return write


@pytest.fixture
def people(tables: ModuleType) -> "pd.DataFrame":
    """Twelve people as a frame, not read by the code under test."""
    return tables.frame(tables.table_text())


@pytest.fixture
def many_people(tables: ModuleType) -> "pd.DataFrame":
    """240 people as a frame, a quarter of them above 50K; fresh for every test."""
    return tables.frame(tables.table_text(rows=tables.many_rows(240)))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of true files: unset skips, set but missing fails."""
    name = os.environ.get("CAPSTONES_REAL_DATA")
    if not name:
        pytest.skip("CAPSTONES_REAL_DATA is not set")
    folder = Path(name)
    if not folder.is_absolute() or not (folder / "census" / "census.csv").is_file():
        pytest.fail(f"CAPSTONES_REAL_DATA={name}: no absolute path of a folder that holds "
                    "census/census.csv")
    return folder


QUICK = """generate:
  rows: 2500
train:
  candidates: [hist_gradient_boosting]
  folds: 2
  hist_gradient_boosting:
    max_iter: 15
evaluate:
  bootstrap_resamples: 100
"""


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything was run once: ``quick.yaml``, ``out``."""
    folder = tmp_path_factory.mktemp("home of a user")
    (folder / "quick.yaml").write_text(QUICK, encoding="utf-8")
    code = import_module("census.cli").main([
        "run", "--params", str(folder / "quick.yaml"), "--out", str(folder / "out")])
    assert code == 0
    return folder
