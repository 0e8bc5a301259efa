"""Criteria that are read from the files: README, docstrings, style, constants."""

import ast
import re
from pathlib import PurePosixPath

import pytest
from coursekit.expect import expect, fail

RUN_COMMAND = re.compile(r"\b(i?python3?\s+(-m\s+\w|\S+\.py)|make run|uv run \S+)")
TEST_COMMAND = re.compile(
    r"\b(pytest|tox|nox|make test|i?python3?\s+(-m\s+unittest|\S*test\S*\.py))\b")
LOG_FILE = re.compile(r"[\w/.-]+\.log\b|\blogs/\w")
PACKAGES = {"requirements.txt", "pyproject.toml", "Dockerfile", "environment.yml", "Pipfile",
            "setup.cfg", "requirements.lock"}
PLACE_OF_CONSTANTS = re.compile(r"const|setting|config|schema|param", re.I)


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
    for pattern, what in ((TEST_COMMAND, "the command that runs the tests, such as `pytest`"),
                          (LOG_FILE, "the log file, such as `logs/churn.log`")):
        if not pattern.search(submission.readme):
            fail(ran="README.md was searched", expected=f"it names {what}", got="it does not")


@pytest.mark.criterion("M1-05")
def test_versions_and_requirements_are_named(submission):
    """README.md and the top folder were read: versions, and a list of packages."""
    for name, written in (("Python 3.12", "python"),
                          ("scikit-learn 1.9", "(?:scikit-learn|sklearn)")):
        if not re.search(rf"(?i){written}\W{{0,4}}(?:version\s*)?[=<>~]*\s*\d+\.\d+",
                         submission.readme):
            fail(ran="README.md was read", expected=f"a version, such as {name}",
                 got=f"no number of a version behind {name.split()[0]}")
    top = {str(path) for path in submission.files}
    if not top & PACKAGES:
        fail(ran="the top folder was looked at", expected=f"one of {', '.join(sorted(PACKAGES))}",
             got="none of them")


@pytest.mark.criterion("M1-06")
def test_all_that_is_public_has_a_docstring(trees):
    """The code was parsed: modules, public classes and public functions have docstrings, which
    have a word at least."""
    bare = []
    for path, tree in trees.items():
        if tree.body and not _says_something(tree):
            bare.append(f"{path}: the file")
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) \
                    and not node.name.startswith("_") and not _is_inner(tree, node) \
                    and not _says_something(node):
                bare.append(f"{path}:{node.lineno}: {node.name}")
    expect(bare, [], "files, classes and public functions without a docstring")


def _says_something(node):
    """Tell whether the docstring of a file, class or function has a word."""
    return re.search(r"[^\W\d_]{3}", ast.get_docstring(node) or "") is not None


def _is_inner(tree, node):
    """Tell whether it stands within a function or a private class: no stranger calls it."""
    return any(node is not outer and node in ast.walk(outer) for outer in ast.walk(tree)
               if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
               or (isinstance(outer, ast.ClassDef) and outer.name.startswith("_")))


def fail_pylint(facts, rule):
    """Say which score was asked for, which was reached, and the first messages."""
    fail(ran="pylint with the house rules and without the code's pragmas",
         expected=f"a score of pylint {rule}",
         got=f"{facts.pylint_score:.2f}, for {'; '.join(map(str, facts.pylint_messages[:8]))}")


@pytest.mark.criterion("M1-07")
def test_pylint_above_seven(facts):
    """Pylint was run with the house rules and without the code's pragmas."""
    if not facts.pylint_score > 7:
        fail_pylint(facts, "above 7")


@pytest.mark.criterion("M1-08")
def test_pylint_of_nine_point_nine(facts):
    """Pylint was run with the house rules and without the code's pragmas."""
    if not facts.pylint_score >= 9.9:
        fail_pylint(facts, "from 9.90 on")


@pytest.mark.criterion("M1-09")
def test_autopep8_changes_nothing(facts):
    """autopep8 --aggressive --aggressive was asked what it would change."""
    expect(facts.autopep8_diff[:1500], "", "what autopep8 would change")


@pytest.mark.criterion("M1-10")
def test_constants_have_one_place(trees):
    """The code was searched for a file of constants or settings."""
    places = []
    for path, tree in trees.items():
        values = [node for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.AnnAssign))
                  and node.value is not None]
        if PLACE_OF_CONSTANTS.search(PurePosixPath(path).stem) and len(values) >= 5:
            places.append(path)
    expect(bool(places), True,
           "there is a file of constants, settings or configuration with five values or more")
