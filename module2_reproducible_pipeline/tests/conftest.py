"""What all tests share: the true file, a pipeline that has run, and the choice of long proofs."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

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


_USES_HOME = ("bench", "commands", "deploy", "deploy_image", "kubeflow_step", "readme", "report",
              "search", "serve")
_USES_MADE = ("steps_evaluate", "steps_release", "steps_select", "steps_train")
_BY_ITSELF = ("cache", "checks_data_tests", "checks_rates", "model_realdata", "release_story",
              "resume", "sweep", "synthetic", "tracking_server", "usual_faults")
#: Files whose tests share a fixture that takes seconds run in one process, so it is made once.
#: By file and not by xdist's mark, which is lost without a word from pytest 9.2 on.
TOGETHER = {**dict.fromkeys(_USES_HOME, "home"), **dict.fromkeys(_USES_MADE, "made"),
            **{name: name for name in _BY_ITSELF}}
#: Files that take longest begin, so that no process is left alone with one of them at the end.
LONGEST = ("commands", "release_tags", "mlproject", "tracking_server", "steps_explore")


def group_of(node: str) -> str:
    """Return the name of what is handed to one process: a group, or the test alone."""
    return TOGETHER.get(Path(node.split("::")[0]).stem.removeprefix("test_"), node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let each process take a group, or a single test, at a time, in the order collected."""
    config.option.loadscopereorder = False
    scheduling = import_module("xdist.scheduler").LoadScopeScheduling
    return type("Together", (scheduling,), {"_split_scope": staticmethod(group_of)})(config, log)


def _is_later(item: pytest.Item) -> int:
    name = item.path.stem.removeprefix("test_")
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


@pytest.fixture(autouse=True)
def import_path() -> Iterator[None]:
    """The path of imports is afterwards what it was, whatever MLflow has put there."""
    path = list(sys.path)
    yield
    sys.path[:] = path


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
