"""A rubric of a few lines and a submission that fits it, for the tests of the grader."""

import shutil
import sys
import textwrap
from pathlib import Path

import pytest

from coursekit import sandbox
from coursekit.environment import Environment
from coursekit.pool import Pool
from coursekit.session import Session

PROBLEM = sandbox.missing_capability()
needs_bubblewrap = pytest.mark.skipif(
    PROBLEM is not None, reason=f"NOT TESTED: no escape from the sandbox was tried: {PROBLEM}")

RUBRIC = """
module = 1
title = "Double <b>numbers</b>"
folder = "module1_small"
[limits]
criterion_seconds = 40
total_seconds = 120
[[criterion]]
id = "M1-01"
title = "There is a function"
rule = "double is found."
outcomes = ["M1.L1.1"]
how = "contract"
[[criterion]]
id = "M1-02"
title = "It doubles"
rule = "double(x) is 2 x."
outcomes = ["M1.L1.1"]
how = "probe"
depends = ["M1-01"]
points = 2
lesson = "01_clean_code"
hint = "Add a number to itself."
[[criterion]]
id = "M1-03"
title = "Its tests find faults"
rule = "Its tests are green, and red with a bug."
outcomes = ["M1.L3.2"]
how = "tests"
depends = ["M1-01"]
[[criterion]]
id = "M1-04"
title = "It is well told"
rule = "A reader understands it."
outcomes = ["M1.L1.1"]
how = "manual"
"""
CONTRACT = """
[functions.double]
names = ["numbers_library:double"]
required = true
summary = "number -> number"
[layout]
path = ["src", "."]
tests = ["tests", "test_*.py"]
code = ["src", "*.py"]
"""
BUGS = """
from coursekit.inside.seeding import bug, control

@bug("double", "adds one")
def adds_one(original, *args, **kwargs):
    return original(*args, **kwargs) + 1

@control("double", "the same")
def the_same(original, *args, **kwargs):
    return original(*args, **kwargs)
"""
PROBES = """
def doubled(contract, numbers):
    return [contract.double(number) for number in numbers]
"""
TESTS = '''
import pytest
from coursekit.expect import expect, expect_true

@pytest.mark.criterion("M1-01")
def test_found(contract, submission):
    """The function was looked for."""
    expect(submission.problems + contract.missing(), [], "the mapping")

@pytest.mark.criterion("M1-02")
def test_doubles(probe, rng):
    """Some numbers were doubled."""
    numbers = rng.integers(1, 100, 3).tolist()
    expect(probe.run("doubled", numbers=numbers).value, [2 * item for item in numbers], "doubled")

@pytest.mark.criterion("M1-03")
def test_tests(suite):
    """Its tests ran, and ran again with faults."""
    expect_true(suite.plain.green, "the tests", "green", suite.plain.output)
    expect({name: run.green for name, run in suite.controls.items()}, {"the_same": True}, "same")
    expect({name: run.green for name, run in suite.bugs.items()}, {"adds_one": False}, "bugs")
    expect({name: run.green for name, run in suite.sentinels.items()}, {"double": False}, "raise")

@pytest.mark.criterion("M1-04")
def test_evidence(submission, evidence):
    """Lines were counted."""
    evidence(f"{len(submission.python_files)} files")
'''
LIBRARY = 'def double(number):\n    """Return twice the number."""\n    return number + number\n'
OWN_TESTS = ("import numbers_library\n\ndef test_double():\n"
             "    assert numbers_library.double(2) == 4\n\ndef test_other():\n    assert True\n")


def write_rubric(folder: Path, **texts: str) -> Path:
    """Write the rubric of a small module and return its folder."""
    rubric = folder / "module1_small" / "rubric"
    rubric.mkdir(parents=True)
    (folder / "module1_small" / "src").mkdir()
    files = {"rubric.toml": RUBRIC, "contract.toml": CONTRACT, "bugs.py": BUGS,
             "probes.py": PROBES, "test_rubric_small.py": TESTS}
    files |= {name.replace("__", "."): text for name, text in texts.items()}
    for name, text in files.items():
        (rubric / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return rubric


def write_submission(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write a right submission, with other files where they are given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"numbers_library.py": LIBRARY, "test_numbers.py": OWN_TESTS,
                       **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def our_environment(*_: object) -> Environment:
    """Return the environment of these tests, in place of one that would be built."""
    return Environment("of the tests", True, "", Path(sys.executable))


def session_of(folder: Path, **options: object) -> Session:
    """Return a session on a folder, with nothing loaded beforehand."""
    # bubblewrap is run as root or not; both must be able to read the folder.
    folder.chmod(0o755)
    return Session(folder, Path(sys.executable), sandbox.STRONG, preload=(), **options)


def has_git() -> bool:
    """Tell whether git is here."""
    return shutil.which("git") is not None


def pool_of(folder):
    """Return two sandboxes of a folder; they start when they are asked for something."""
    return Pool(folder, lambda: session_of(folder), 2)
