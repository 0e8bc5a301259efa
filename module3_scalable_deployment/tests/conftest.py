"""What all tests share: the true file, figures to say, and the choice of long proofs."""

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
settings.register_profile("census", deadline=None, database=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow,
                                                 HealthCheck.function_scoped_fixture])
settings.load_profile("census")


#: Files whose tests share a fixture that takes seconds run in one process, so it is made once.
WHOLE_RUN = ("pipeline", "probe", "release_stage", "report", "stages", "transcripts")
#: Files that take longest begin, so that no process is left alone with one of them at the end.
LONGEST = ("dvc", "readme", "reproducibility", "pipeline", "engine", "server", "deploy")


def name_of(path: Path) -> str:
    """Return what a file of tests is about."""
    return path.stem.removeprefix("test_")


def group_of(node: str) -> str:
    """Return the name of what is handed to one process: a file, or some that share a fixture.

    Not by xdist's mark, which is lost without a word from pytest 9.2 on.
    """
    name = name_of(Path(node.split("::", maxsplit=1)[0]))
    return "whole_run" if name in WHOLE_RUN else name


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let each process take a group at a time, in the order collected."""
    config.option.loadscopereorder = False
    scheduling = import_module("xdist.scheduler").LoadScopeScheduling
    return type("Together", (scheduling,), {"_split_scope": staticmethod(group_of)})(config, log)


def _is_later(item: pytest.Item) -> int:
    name = name_of(item.path)
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


@pytest.hookimpl(trylast=True)  # after the tests were shuffled
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first; leave out the long proofs unless SOAK=1."""
    items.sort(key=_is_later)
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
