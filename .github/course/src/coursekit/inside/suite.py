"""Run the submission's own tests, perhaps with one of its functions wrapped.

In: the tests' files and which wrapper. Out: what each test said, and which contract functions it
called, so that a seeded bug runs only the tests that can see it.
"""

import importlib.util
import os
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from coursekit.inside import resolve, seeding


class Recorder:
    """A pytest plugin that writes down outcomes and, when asked, shuffles."""

    def __init__(self, order_seed: int | None) -> None:
        self.order_seed = order_seed
        self.outcomes: dict[str, str] = {}
        self.texts: list[str] = []
        self.errors = 0
        self.calls: dict[str, list[str]] = {}
        self.durations: dict[str, float] = {}
        self.running: list[str] = []

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Shuffle whole tests with the seed."""
        if self.order_seed is not None:
            random.Random(self.order_seed).shuffle(items)

    def pytest_collectreport(self, report: Any) -> None:
        """Count what could not be collected."""
        if report.failed:
            self.errors += 1
            self.texts.append(str(report.longrepr)[-1500:])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Remember which test runs."""
        self.running = [nodeid]

    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        """Remember for whom a fixture of a class, a module or all is made (also setUpClass)."""
        before = self.running
        if fixturedef.scope != "function":
            here = request.node.nodeid
            self.running = [item.nodeid for item in request.session.items
                            if item.nodeid.startswith(here)
                            and fixturedef.argname in getattr(item, "fixturenames", ())]
        yield
        self.running = before

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the worst outcome of a test's phases."""
        before = self.outcomes.get(report.nodeid)
        spent = self.durations.get(report.nodeid, 0.0) + report.duration
        self.durations[report.nodeid] = round(spent, 4)
        if report.failed:
            self.outcomes[report.nodeid] = "failed" if report.when == "call" else "error"
            if len(self.texts) < 5:
                self.texts.append(f"{report.nodeid}\n{str(report.longrepr)[-1500:]}")
        elif report.skipped:
            self.outcomes.setdefault(report.nodeid, "skipped")
        elif report.when == "call" and before is None:
            self.outcomes[report.nodeid] = "passed"

    def saw(self, function: str) -> None:
        """Note that the running test, or all that share what is made, called the function."""
        for name in self.running or [""]:
            seen = self.calls.setdefault(name, [])
            if function not in seen:
                seen.append(function)


def run_tests(job: dict[str, Any], submission: str) -> dict[str, Any]:
    """Run pytest in this process and return its record.

    Parameters
    ----------
    job : dict
        ``tests`` (files, folders or single tests), ``functions``, and perhaps ``bugs`` (text),
        ``seeded`` (name of a wrapper), ``order_seed``, ``trace``, ``stop`` (at the first failure).
    submission : str
        The working copy.

    Returns
    -------
    dict
        Outcomes, the first failures' text, calls, exit code and seconds.
    """
    import pytest  # pylint: disable=import-outside-toplevel
    os.chdir(submission)
    sys.dont_write_bytecode = True
    # pytest is the submission's, and may be missing where nothing of this runs.
    pytest.hookimpl(hookwrapper=True)(Recorder.pytest_fixture_setup)
    recorder = Recorder(job.get("order_seed"))
    _wrap_functions(job, recorder, submission)
    # Plugins are loaded before the fork; that pytest would have rewritten them is no news.
    words = [*job["tests"], "-p", "no:cacheprovider", "-p", "no:randomly", "--color=no", "-q",
             f"--rootdir={submission}", "-o", "console_output_style=classic",
             "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    if job.get("stop"):
        words.append("-x")
    if importlib.util.find_spec("xdist"):
        words += ["-n", "0"]
    # Nothing on the stack tells the tests which of their runs this is.
    job.clear()
    start = time.monotonic()
    code = int(pytest.main(words, plugins=[recorder]))
    return {"outcomes": recorder.outcomes, "errors": recorder.errors, "texts": recorder.texts,
            "calls": recorder.calls, "durations": recorder.durations, "exit_code": code,
            "seconds": round(time.monotonic() - start, 2)}


def _wrap_functions(job: dict[str, Any], recorder: Recorder, submission: str) -> None:
    seeded = _seeded(job)
    if seeded is None and not job.get("trace"):
        return
    wanted = job["functions"] if seeded is None else {
        seeded.function: job["functions"][seeded.function]}
    for name, entry in resolve.resolve_all(wanted).items():
        if entry.function is None:
            continue
        wrapper = seeded or seeding.Seeded("trace", name, name, "", _tracer(name, recorder))
        resolve.wrap(entry, wrapper, [submission])


def _tracer(name: str, recorder: Recorder) -> seeding.Wrapper:
    def traced(original: seeding.Wrapper, *args: Any, **kwargs: Any) -> Any:
        recorder.saw(name)
        return original(*args, **kwargs)
    return traced


def _seeded(job: dict[str, Any]) -> seeding.Seeded | None:
    wanted = job.get("seeded")
    if wanted is None:
        return None
    if wanted[0] == "sentinel":
        return seeding.sentinel(wanted[1])
    space: dict[str, Any] = {"__name__": "bugs", "__file__": "<bugs>"}
    seeding.MARKED.clear()
    exec(compile(job["bugs"], "<bugs>", "exec"), space)  # pylint: disable=exec-used
    return next(entry for entry in seeding.MARKED if [entry.kind, entry.name] == wanted)
