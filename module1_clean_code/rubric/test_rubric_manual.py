"""What no program can judge: evidence is gathered, a person decides."""

import ast
import re

import pytest


@pytest.mark.criterion("M1-90")
def test_docstrings_and_comments(submission, evidence):
    """Docstrings that name inputs, and files that name author and date, were counted."""
    total = described = 0
    for path in submission.python_files:
        try:
            tree = ast.parse(submission.text(path))
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") \
                    and _returns_something(node):
                total += 1
                described += bool(re.search(r"(?i)return|yield", ast.get_docstring(node) or ""))
        if re.search(r"(?i)author", ast.get_docstring(tree) or ""):
            evidence(f"{path} names its author")
    evidence(f"{described} of {total} public functions say what they return")


def _returns_something(function):
    """Tell whether a docstring should say what is returned: not for None, nor for a property."""
    is_none = isinstance(function.returns, ast.Constant) and function.returns.value is None
    marks = " ".join(map(ast.unparse, function.decorator_list))
    return not is_none and "property" not in marks and ".setter" not in marks


@pytest.mark.criterion("M1-91")
def test_history(submission, evidence):
    """The folder was looked at for a history."""
    evidence("look at `git log --stat` of the submission")
    made = [str(path) for path in submission.files
            if re.search(r"\.(pkl|joblib|pyc|log)$|__pycache__|\.ipynb_checkpoints", str(path))]
    evidence(f"generated files among the submission's files: {made[:10] or 'none'}")


@pytest.mark.criterion("M1-92")
def test_reviews(evidence):
    """Nothing of a review lies in a folder."""
    evidence("look at the pull requests where the submission is hosted")


@pytest.mark.criterion("M1-93")
def test_pictures(submission, evidence):
    """Pictures among the files were listed."""
    there = [str(path) for path in submission.files if str(path).endswith(".png")]
    evidence(f"pictures among the files: {there[:20] or 'none'}")


@pytest.mark.criterion("M1-94")
def test_structure(submission, evidence):
    """Classes were counted."""
    count = sum(len(re.findall(r"(?m)^class \w+", submission.text(path)))
                for path in submission.python_files)
    evidence(f"{count} classes in {len(submission.python_files)} files of code")


@pytest.mark.criterion("M1-95")
def test_retraining_rule(submission, evidence):
    """The README was searched for words about retraining."""
    lines = [line for line in submission.readme.splitlines()
             if re.search(r"(?i)retrain|drift", line)]
    evidence(f"lines of README.md about it: {lines[:5] or 'none'}")
