"""What all tests share: the true file, a pipeline that has run, and the choice of long proofs."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before numpy loads: several workers with a thread for each core only fight over the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="1")
# Makes the support modules beside this file importable, from any working directory.
sys.path.insert(0, str(Path(__file__).parent))

# The same cases every time, nothing kept on the disk, no stopwatch on a shared machine.
settings.register_profile("rentals", deadline=None, database=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow,
                                                 HealthCheck.function_scoped_fixture])
settings.load_profile("rentals")


#: Fixtures that take seconds: each is made in one process only.
DEAR_FIXTURES = {"answers", "cleaned", "done", "drops", "population", "predicted", "rows",
                 "swept", "usual", "whole"}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long proofs unless SOAK=1; keep what shares a dear fixture in one process."""
    for item in items:
        used, group = set(getattr(item, "fixturenames", ())), ""
        # The test of `mlflow run` lasts a minute, and may well stand in another process.
        if "home" in used and item.path.stem != "test_mlproject":
            group = "home"
        elif "made" in used:
            group = "made"
        elif DEAR_FIXTURES & used:
            group = item.path.stem
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
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


@pytest.fixture(autouse=True)
def no_run_of_mlflow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests are not a step of whatever `mlflow run` started them."""
    for name in ("MLFLOW_RUN_ID", "MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_ID"):
        monkeypatch.delenv(name, raising=False)
    yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of true files: unset skips, set but missing fails."""
    name = os.environ.get("CAPSTONES_REAL_DATA")
    if not name:
        pytest.skip("CAPSTONES_REAL_DATA is not set")
    folder = Path(name)
    if not folder.is_absolute() or not (folder / "rentals" / "sample1.csv").is_file():
        pytest.fail(f"CAPSTONES_REAL_DATA={name}: no absolute path of a folder that holds "
                    "rentals/sample1.csv")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a small pipeline has run once: ``out`` and ``printed.txt``."""
    folder = tmp_path_factory.mktemp("home of a user")
    quick = import_module("quick")
    code, printed = quick.run_captured(["run", "--out", str(folder / "out"), *quick.WORDS])
    assert code == 0, printed
    (folder / "printed.txt").write_text(printed, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tables, trained candidates, the chosen one and its evaluation."""
    folder = tmp_path_factory.mktemp("models")
    import_module("trained").make_models(folder)
    return folder
