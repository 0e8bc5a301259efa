"""What all tests share: workplaces, drops made by hand, the true files, the long proofs."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from riskwatch.ledger import Ledger
    from riskwatch.workplace import Workplace

# Before numpy loads: several workers with a thread for each core only fight over the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Makes the support modules beside this file importable, from any working directory.
sys.path.insert(0, str(Path(__file__).parent))

# The same cases every time, nothing kept on the disk, no stopwatch on a shared machine.
settings.register_profile("riskwatch", deadline=None, database=None, derandomize=True,
                          suppress_health_check=[HealthCheck.too_slow,
                                                 HealthCheck.function_scoped_fixture])
settings.load_profile("riskwatch")

#: Files that take longest begin, so that no process is left alone with one of them at the end.
LONGEST = ("schedule_cron", "cycle_crashes", "crash_safety", "drift_rates")
#: Files whose proofs take every point, or all rounds, with SOAK=1, and a sample without.
SAMPLED = ("cycle_crashes", "crash_safety", "backup_crashes", "overlap")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def name_of(path: Path) -> str:
    """Return what a file of tests is about."""
    return path.stem.removeprefix("test_")


def group_of(node: str) -> str:
    """Return the name of what is handed to one process: a file, which may share fixtures.

    Not by xdist's mark, which is lost without a word from pytest 9.2 on.
    """
    return name_of(Path(node.split("::", maxsplit=1)[0]))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let each process take a group at a time, in the order collected."""
    config.option.loadscopereorder = False
    scheduling = import_module("xdist.scheduler").LoadScopeScheduling
    return type("Together", (scheduling,), {"_split_scope": staticmethod(group_of)})(config, log)


def _is_later(item: pytest.Item) -> int:
    name = name_of(item.path)
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Count proofs that take every point with SOAK=1, and a sample without, among the long."""
    if os.environ.get("SOAK") == "1" and name_of(item.path) in SAMPLED:
        item.add_marker(pytest.mark.soak)


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
    """Print what tests said: counts of long proofs, figures on the true files."""
    said = [text for reports in terminalreporter.stats.values() for report in reports
            for name, text in getattr(report, "user_properties", []) if name == "said"
            and report.when == "call"]
    if said:
        terminalreporter.section("counts and figures")
        for text in sorted(said):
            terminalreporter.line(text)


class Clock:  # pylint: disable=too-few-public-methods  # it is called
    """A clock that goes one second further each time that somebody looks."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(name="place")
def workplace(tmp_path: Path) -> "Workplace":
    """A workplace in an empty folder, with a clock of its own that begins on 1 March 2026."""
    from riskwatch.settings import build_settings  # pylint: disable=import-outside-toplevel
    from riskwatch.workplace import Workplace  # pylint: disable=import-outside-toplevel

    quick = build_settings({"scoring": {"bootstrap_resamples": 100}, "training": {
        "folds": 2, "least_rows": 10, "candidates": ["logistic_regression"]}})
    return Workplace(tmp_path / "a workplace", quick, Clock())


@pytest.fixture
def ledger(place: "Workplace") -> "Iterator[Ledger]":
    """The open ledger of the workplace."""
    from riskwatch.ledger import open_ledger  # pylint: disable=import-outside-toplevel

    opened = open_ledger(place)
    yield opened
    opened.close()


@pytest.fixture
def put(place: "Workplace") -> Callable[..., Path]:
    """Write a file into the inbox: bytes, text, or the rows of a drop."""
    def write(name: str, content: "bytes | str | list[str]") -> Path:
        from riskwatch.schema import HEADER  # pylint: disable=import-outside-toplevel

        if isinstance(content, list):
            content = "\n".join([HEADER, *content, ""])
        path = place.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path
    return write


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of true files: unset skips, set but missing fails."""
    name = os.environ.get("CAPSTONES_REAL_DATA")
    if not name:
        pytest.skip("CAPSTONES_REAL_DATA is not set")
    folder = Path(name)
    if not folder.is_absolute() or not (folder / "attrition" / "practicedata").is_dir():
        pytest.fail(f"CAPSTONES_REAL_DATA={name}: no absolute path of a folder that holds "
                    "attrition/practicedata")
    return folder / "attrition"
