"""Grade one submission: take it in, build its environment, run the rubric, put a report together.

In: the source and the options. Out: the report as a dict of the published schema, in every case;
what went wrong in the grader is a part of it.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coursekit import contract, sandbox
from coursekit.canary import Attempt, send_canary
from coursekit.environment import CACHE, Environment, own_environment, reference_environment
from coursekit.expect import GraderFault
from coursekit.intake import Intake, IntakeError, take_in
from coursekit.job import VARIABLE, GradingJob
from coursekit.reference import digest_of
from coursekit.report_data import put_together
from coursekit.rubric import Rubric
from coursekit.similarity import compare_files, read_texts

#: How long the rubric's process may take beyond the whole grading's seconds.
GRACE_SECONDS = 45


@dataclass(frozen=True)
class Options:
    """What the reviewer asked for."""

    seed: int
    only: tuple[str, ...] = ()
    environment: str = "own"
    isolation: str = sandbox.STRONG
    cache: Path = CACHE


@dataclass
class Course:  # pylint: disable=too-many-instance-attributes  # a record
    """What is known of a grading while it goes on."""

    source: str
    options: Options
    rubric: Rubric
    started: str
    begun: float
    intake: Intake | None = None
    environment: Environment | None = None
    canary: tuple[Attempt, ...] = ()
    digest: str = ""
    similarity: list[dict[str, Any]] = field(default_factory=list)


def draw_seed() -> int:
    """Return a seed that nobody can foresee."""
    return random.SystemRandom().randrange(1, 1_000_000)


def grade(source: str, rubric: Rubric, options: Options) -> dict[str, Any]:
    """Grade a submission.

    Parameters
    ----------
    source : str
        Folder, zip or git address.
    rubric : Rubric
        What is asked for.
    options : Options
        How.

    Returns
    -------
    dict
        The report. ``faults`` holds what went wrong outside of the submission.
    """
    course = Course(source, options, rubric, datetime.now(UTC).isoformat(timespec="seconds"),
                    time.monotonic())
    outcomes: dict[str, Any] = {}
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="grading") as name:
        room = Path(name)
        try:
            job = prepare(course, room)
            faults += run_rubric(job, rubric, room)
        except (IntakeError, sandbox.SandboxError, GraderFault) as fault:
            faults.append(str(fault))
        except Exception:  # pylint: disable=broad-exception-caught  # a report in every case
            faults.append("the grader broke off: " + traceback.format_exc()[-1500:])
        outcomes = read_outcomes(room / "outcomes.jsonl")
    return put_together(course, outcomes, faults)


def prepare(course: Course, room: Path) -> GradingJob:
    """Take the submission in and build what it runs in."""
    options = course.options
    isolation = sandbox.choose_isolation(options.isolation)
    course.canary = tuple(send_canary(isolation))
    course.intake = take_in(course.source, room / "submission")
    course.digest = digest_of(course.intake.folder)
    course.similarity = find_similar(course)
    course.environment = find_environment(course)
    python = course.environment.python
    return GradingJob(
        str(course.rubric.folder), str(course.intake.folder), str(room / "outcomes.jsonl"),
        str(python) if python else None, course.environment.name, course.environment.log[-5000:],
        isolation, options.seed, options.only, tuple(course.intake.history),
        tuple(course.intake.notes), time.time() + course.rubric.total_seconds)


def find_environment(course: Course) -> Environment:
    """Return the environment that was asked for; without a list of packages, the reference's."""
    assert course.intake is not None
    options = course.options
    options.cache.mkdir(parents=True, exist_ok=True)
    own = own_environment(course.intake.folder, options.cache) \
        if options.environment == "own" else None
    return own or reference_environment(course.rubric, options.cache)


def find_similar(course: Course) -> list[dict[str, Any]]:
    """Return which files have the structure of the reference's: its solution is public."""
    assert course.intake is not None
    own, reference = (
        read_texts(root, [name for name in contract.list_files(root) if name.endswith(".py")])
        for root in (course.intake.folder, course.rubric.module_folder / "src"))
    return compare_files(own, reference)


def run_rubric(job: GradingJob, rubric: Rubric, room: Path) -> list[str]:
    """Run the rubric's tests in a process of their own; return the grader's faults."""
    path = room / "job.json"
    job.write(path)
    (room / "pytest.ini").write_text("[pytest]\nxfail_strict = true\n", encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "--color=no", "-c", str(room / "pytest.ini"),
             f"--rootdir={rubric.folder}", "--import-mode=importlib", "--strict-markers",
             "-p", "coursekit.plugin", "-p", "coursekit.plugin_fixtures", "-p", "no:cacheprovider",
             "-p", "no:randomly", "-p", "no:xdist", "-p", "no:socket", "-p", "no:hypothesispytest",
             f"--timeout={rubric.criterion_seconds + 30:.0f}",
             *(str(file) for file in sorted(rubric.folder.glob("test_rubric_*.py")))]
    environment_ = {**os.environ, VARIABLE: str(path), "OMP_NUM_THREADS": "1", "TMPDIR": str(room),
                    "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "",
                    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""}
    with (room / "pytest.txt").open("w+", encoding="utf-8", errors="replace") as log:
        with subprocess.Popen(words, stdout=log, stderr=log, env=environment_, cwd=room,
                              stdin=subprocess.DEVNULL, start_new_session=True) as process:
            late = wait_for(process, rubric.total_seconds + GRACE_SECONDS)
        log.seek(0)
        text = log.read()
    if late:
        return [f"the rubric was ended after {rubric.total_seconds + GRACE_SECONDS:.0f} s"]
    if process.returncode in (0, 1):
        return []
    return [f"the rubric's tests broke off:\n{text[-2000:]}"]


def wait_for(process: "subprocess.Popen[Any]", seconds: float) -> bool:
    """Wait for the rubric's process; end it when it is late (then return true) or we are ended."""
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        return True
    finally:
        # Its own session does not hear the terminal's Ctrl-C; sandboxes die with their parent.
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()


def read_outcomes(path: Path) -> dict[str, Any]:
    """Return the lines that the rubric's process wrote, also when it was ended."""
    found: dict[str, Any] = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, KeyError):
                entry = json.loads(line)
                found[entry["id"]] = entry
    return found
