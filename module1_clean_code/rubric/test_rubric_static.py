"""Criteria that are read from the files: README, docstrings, style, faults, logging."""

import ast
import re
from pathlib import PurePosixPath

import pytest
from coursekit.expect import expect, fail

RUN_COMMAND = re.compile(r"\b(i?python3?\s+(-m\s+\w|\S+\.py)|make run|uv run \S+)")
TEST_COMMAND = re.compile(r"\b(pytest|make test|i?python3?\s+\S*test\S*\.py)\b")
MACHINE_PATH = re.compile(r"/(?:home|Users|root|content|mnt)/\w|\b[A-Za-z]:[\\/]+\w")
SECRET = re.compile(r"(?:api_?key|passw(?:or)?d|secret|token)\w*['\"]?\s*[:=]\s*"
                    r"['\"][^'\"\s]{8,}", re.I)
PACKAGES = {"requirements.txt", "pyproject.toml", "Dockerfile", "environment.yml", "Pipfile",
            "setup.cfg", "requirements.lock"}
PLACE_OF_CONSTANTS = re.compile(r"const|setting|config|schema|param", re.I)
CONFIGURATION = {".toml", ".yml", ".yaml", ".cfg", ".ini", ".sh", ".env"}
SPEAKING = {"exception", "error", "warning", "critical", "log", "fatal"}


def trees(submission):
    """Return the syntax tree of each file of code; a file that is none fails the criterion."""
    found = {}
    for path in submission.python_files:
        try:
            found[str(path)] = ast.parse(submission.text(path))
        except (SyntaxError, ValueError) as err:
            fail(ran=f"parsing {path}", expected="Python", got=str(err))
    if not found:
        fail(ran="looking for code", expected="at least one file of Python", got="none")
    return found


@pytest.mark.criterion("M1-03")
def test_the_readme_says_purpose_and_command(submission):
    """README.md was read: a sentence about customers at its beginning, a command that runs it."""
    text = submission.readme
    expect(bool(re.search(r"(?i)customer|churn", text[:1500]) and len(text) >= 200), True,
           "README.md begins with what the project is for, in some sentences")
    expect(RUN_COMMAND.search(text) is not None, True, "README.md has the command that runs it")


@pytest.mark.criterion("M1-04")
def test_the_readme_says_how_to_test(submission):
    """README.md was read: the command of the tests, and the path of a log."""
    expect(TEST_COMMAND.search(submission.readme) is not None, True,
           "README.md has the command that runs the tests")
    expect(re.search(r"[\w/.-]+\.log\b", submission.readme) is not None, True,
           "README.md names the log file")


@pytest.mark.criterion("M1-05")
def test_versions_and_requirements_are_named(submission):
    """README.md and the top folder were read: versions, and a list of packages."""
    for name in ("python", r"(?:scikit-learn|sklearn)"):
        expect(re.search(rf"(?i){name}\W{{0,4}}(?:version\s*)?[=<>~]*\s*\d+\.\d+",
                         submission.readme) is not None, True,
               f"README.md names a version of {name.strip('(?:)').split('|', maxsplit=1)[0]}")
    top = {str(path) for path in submission.files}
    expect(bool(top & PACKAGES), True, f"one of {', '.join(sorted(PACKAGES))} is there")


@pytest.mark.criterion("M1-06")
def test_all_that_is_public_has_a_docstring(submission):
    """The code was parsed: modules, public classes and public functions have docstrings."""
    bare = []
    for path, tree in trees(submission).items():
        if ast.get_docstring(tree) is None and tree.body:
            bare.append(f"{path}: the file")
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) \
                    and not node.name.startswith("_") and not _is_inner(tree, node) \
                    and not ast.get_docstring(node):
                bare.append(f"{path}:{node.lineno}: {node.name}")
    expect(bare, [], "files, classes and public functions without a docstring")


def _is_inner(tree, node):
    """Tell whether it stands within a function or a private class: no stranger calls it."""
    return any(node is not outer and node in ast.walk(outer) for outer in ast.walk(tree)
               if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
               or (isinstance(outer, ast.ClassDef) and outer.name.startswith("_")))


def told(facts):
    """Return pylint's score and its first messages."""
    return f"it is {facts.pylint_score:.2f}, for {'; '.join(map(str, facts.pylint_messages[:8]))}"


@pytest.mark.criterion("M1-07")
def test_pylint_above_seven(facts):
    """Pylint was run with the house rules and without the code's pragmas."""
    expect(facts.pylint_score > 7, True, f"a score of pylint above 7; {told(facts)}")


@pytest.mark.criterion("M1-08")
def test_pylint_of_nine_point_nine(facts):
    """Pylint was run with the house rules and without the code's pragmas."""
    expect(facts.pylint_score >= 9.9, True, f"a score of pylint from 9.90 on; {told(facts)}")


@pytest.mark.criterion("M1-09")
def test_autopep8_changes_nothing(facts):
    """autopep8 --aggressive --aggressive was asked what it would change."""
    expect(facts.autopep8_diff[:1500], "", "what autopep8 would change")


@pytest.mark.criterion("M1-10")
def test_constants_have_one_place(submission):
    """The code was searched for a file of constants or settings."""
    places = []
    for path, tree in trees(submission).items():
        values = [node for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.AnnAssign))
                  and node.value is not None]
        if PLACE_OF_CONSTANTS.search(PurePosixPath(path).stem) and len(values) >= 5:
            places.append(path)
    expect(bool(places), True,
           "there is a file of constants, settings or configuration with five values or more")


@pytest.mark.criterion("M1-11")
def test_faults_are_caught_by_name(submission):
    """The code was parsed: no bare except, no broad one that ends in silence."""
    silent = []
    for path, tree in trees(submission).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _speaks(node):
                silent.append(f"{path}:{node.lineno}")
    expect(silent, [], "places where everything is caught and nothing is said")


def _is_broad(handler):
    return handler.type is None or (isinstance(handler.type, ast.Name) and
                                    handler.type.id in {"Exception", "BaseException"})


def _speaks(handler):
    """Tell whether a handler passes the fault on, or (if not bare) logs it."""
    nodes = [node for part in handler.body for node in ast.walk(part)]
    is_logged = any(isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
                    and n.func.attr in SPEAKING for n in nodes)
    return any(isinstance(n, ast.Raise) for n in nodes) or (is_logged and handler.type is not None)


@pytest.mark.criterion("M1-12")
def test_the_library_logs_and_does_not_print(submission, contract):
    """The files of the seven functions were searched for print, all code for a logger."""
    modules = {found.target.partition(":")[0].replace(".", "/") + ".py"
               for found in contract.functions.values() if found.target}
    printing, is_logging = [], False
    for path, tree in trees(submission).items():
        is_logging |= bool(re.search(r"getLogger|loguru", ast.unparse(tree)))
        if any(path == module or path.endswith("/" + module) for module in modules):
            entry = [node for node in tree.body if isinstance(node, ast.If)
                     or getattr(node, "name", "") == "main"]
            inside = {id(node) for part in entry for node in ast.walk(part)}
            printing += [f"{path}:{node.lineno}" for node in ast.walk(tree)
                         if isinstance(node, ast.Call) and id(node) not in inside
                         and isinstance(node.func, ast.Name) and node.func.id == "print"]
    expect(printing, [], "calls of print outside of main")
    expect(is_logging, True, "some file of the code gets a logger")


@pytest.mark.criterion("M1-13")
def test_no_path_of_one_machine_and_no_secret(submission):
    """Code and configuration were searched for home folders, drives and secrets."""
    found = []
    for path in submission.files:
        if PurePosixPath(path).suffix in CONFIGURATION or path in submission.python_files:
            for number, line in enumerate(submission.text(path).splitlines(), 1):
                if MACHINE_PATH.search(line) or SECRET.search(line):
                    found.append(f"{path}:{number}: {line.strip()[:80]}")
    expect(found, [], "lines with a path of one machine or with a secret")
