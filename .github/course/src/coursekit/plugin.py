"""The pytest plugin that runs a rubric: order, states, dependences, and a line for each outcome.

In: a job named by the environment variable. Out: a file with one JSON line a criterion.
"""

import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from coursekit.expect import CriterionFailure, GraderFault, NotChecked, SubmissionFault
from coursekit.fixtures import Desk
from coursekit.job import VARIABLE, GradingJob
from coursekit.states import ERROR, FAIL, MANUAL, NOT_CHECKED, PASS, Failure, Outcome
from coursekit.stop import die_with_parent

KEY = pytest.StashKey["Grading"]()
#: So much longer than the criterion's own time may a rubric's test take before it is ended.
SLACK_SECONDS = 30


class Grading:
    """What is known so far."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.outcomes = {entry.id: Outcome(entry.id) for entry in desk.rubric.criteria}
        self.wanted = desk.rubric.closure(desk.job.only) if desk.job.only else set(self.outcomes)
        self.started: dict[str, float] = {}
        self.cpu_before: dict[str, float] = {}
        self.left: dict[str, int] = {}

    def blocked(self, name: str) -> str | None:
        """Return why a criterion is not checked, or None."""
        if time.time() > self.desk.job.deadline:
            return f"the {self.desk.rubric.total_seconds:.0f} s of the whole grading were over"
        for other in self.desk.rubric.by_id[name].depends:
            if self.outcomes[other].state != PASS:
                return f"{other} did not pass ({self.desk.rubric.by_id[other].title})"
        return None

    def begin(self, name: str) -> None:
        """Start the clock of a criterion with its first test."""
        now = time.monotonic()
        self.started.setdefault(name, now)
        self.cpu_before.setdefault(name, self.desk.probe.cpu_seconds)
        spent = self.desk.rubric.criterion_seconds - (now - self.started[name])
        total = self.desk.job.deadline - time.time()
        self.desk.probe.deadline = now + max(1.0, min(spent, total))
        self.desk.probe.last_ran = ""

    def finish(self, name: str) -> None:
        """Write the line of a criterion whose last test has run."""
        self.left[name] -= 1
        if self.left[name] == 0:
            self.write(name)

    def write(self, name: str) -> None:
        """Write the line of a criterion."""
        outcome = self.outcomes[name]
        if self.desk.rubric.by_id[name].how == "manual" and outcome.state != ERROR:
            # Also when nothing could be gathered: the reviewer's box stays.
            outcome.state = MANUAL
        if outcome.state is None:
            outcome.add(ERROR, "the rubric has no test of this criterion")
        outcome.seconds = time.monotonic() - self.started.get(name, time.monotonic())
        outcome.cpu_seconds = self.desk.probe.cpu_seconds - self.cpu_before.get(name, 0.0)
        with open(self.desk.job.outcomes, "a", encoding="utf-8") as file:
            file.write(json.dumps(outcome.as_dict()) + "\n")


def criterion_of(item: pytest.Item) -> str | None:
    """Return the id with which a test is marked."""
    mark = item.get_closest_marker("criterion")
    return str(mark.args[0]) if mark and mark.args else None


def pytest_configure(config: pytest.Config) -> None:
    """Read the job; without one the plugin does nothing."""
    config.addinivalue_line("markers", "criterion(id): the line of the rubric that this tests")
    if VARIABLE in os.environ:
        die_with_parent()
        config.stash[KEY] = Grading(Desk(GradingJob.read(Path(os.environ[VARIABLE]))))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the sandbox."""
    if KEY in config.stash:
        config.stash[KEY].desk.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the wanted tests, in the order of the rubric; write what has no test at all."""
    if KEY not in config.stash:
        return
    grading = config.stash[KEY]
    order = [entry.id for entry in grading.desk.rubric.criteria]
    names = {item: criterion_of(item) for item in items}
    lost = [item.nodeid for item, name in names.items() if name not in grading.outcomes]
    if lost:
        raise pytest.UsageError(f"tests without a criterion of rubric.toml: {', '.join(lost)}")
    items[:] = sorted((item for item in items if names[item] in grading.wanted),
                      key=lambda item: order.index(str(names[item])))
    for name in order:
        grading.left[name] = sum(names[item] == name for item in items)
        if name in grading.wanted and not grading.left[name]:
            grading.write(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Write the line of a criterion after its last test."""
    grading = item.config.stash.get(KEY, None)
    name = criterion_of(item)
    if grading is not None and name is not None:
        grading.begin(name)
    result = yield
    if grading is not None and name is not None:
        grading.finish(name)
    return result


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what depends on something that did not pass."""
    grading = item.config.stash.get(KEY, None)
    why = grading.blocked(str(criterion_of(item))) if grading is not None else None
    if why:
        raise NotChecked(why)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]
                              ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what a test raised into a state."""
    report = yield
    grading = item.config.stash.get(KEY, None)
    name = criterion_of(item)
    if grading is not None and name is not None:
        outcome = grading.outcomes[name]
        if call.excinfo is not None:
            note_fault(outcome, item, call.excinfo.value, grading.desk.probe.last_ran)
        elif call.when == "call":
            outcome.add(PASS)
    return report


def note_fault(outcome: Outcome, item: pytest.Item, fault: BaseException, ran: str) -> None:
    """Add one fault of a test to its criterion."""
    told = (getattr(getattr(item, "function", None), "__doc__", None) or item.name).strip()
    told = " ".join(told.partition("\n\n")[0].split())
    if isinstance(fault, (NotChecked, pytest.skip.Exception)):
        outcome.add(NOT_CHECKED, str(fault))
    elif isinstance(fault, CriterionFailure):
        outcome.add(FAIL)
        outcome.failures.append(Failure(told, fault.ran, fault.expected, fault.got))
    elif isinstance(fault, SubmissionFault):
        outcome.add(FAIL)
        outcome.failures.append(Failure(told, fault.ran, "it ends without a fault",
                                        f"{fault.type}\n{fault.text}"))
    elif isinstance(fault, (AssertionError, pytest.fail.Exception)) \
            and "Timeout" not in type(fault).__name__ and "Timeout >" not in str(fault):
        outcome.add(FAIL)
        outcome.failures.append(Failure(told, ran, "", str(fault) or "an assertion failed"))
    else:
        word = "" if isinstance(fault, GraderFault) else f"{type(fault).__name__}: "
        outcome.add(ERROR, f"{item.nodeid}: {word}{fault}")
