"""Criteria of habits, read from the files: faults, logging, paths and secrets."""

import ast
import re
from pathlib import PurePosixPath

import pytest
from coursekit.expect import expect, fail

MACHINE_PATH = re.compile(r"/(?:home|Users|root|content|mnt)/\w|\b[A-Za-z]:[\\/]+\w")
#: The name of a variable of the environment, or a path through a folder of secrets: both say where
#: a secret is, and not which.
PLACE = r"(?:[A-Z]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[./\w]*\bsecrets?/[\w./-]+)['\"]"
SECRET = re.compile(r"(?i:(?:api_?key|passw(?:or)?d|secret|token)\w*['\"]?)\s*[:=]\s*"
                    rf"['\"](?!{PLACE})[^'\"\s]{{8,}}")
CONFIGURATION = {".toml", ".yml", ".yaml", ".cfg", ".ini", ".sh", ".env"}
SPEAKING = {"exception", "error", "warning", "critical", "log", "fatal"}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
PRINTING = re.compile(r"print|(?:sys\.)?(?:__)?stdout(?:__)?\.write(?:lines)?")
BROAD = {"Exception", "BaseException"}


@pytest.mark.criterion("M1-11")
def test_faults_are_caught_by_name(trees):
    """The code was parsed: no bare except, no broad one and no suppress that ends in silence."""
    silent = [f"{path}:{node.lineno}" for path, tree in trees.items() for node in _silent(tree)]
    expect(silent, [], "places where everything is caught and nothing is said")


def _silent(tree):
    """Return the places where everything is caught, or suppressed, and nothing is said."""
    broad, suppress = set(BROAD), {"suppress"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_broad(node.value, BROAD):
            broad |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.ImportFrom) and node.module == "contextlib":
            suppress |= {name.asname for name in node.names if name.name == "suppress"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and not _speaks(node) \
                and (node.type is None or _is_broad(node.type, broad)):
            yield node
        if isinstance(node, ast.Call) and _name(node.func) in suppress \
                and any(_is_broad(kind, broad) for kind in node.args):
            yield node


def _is_broad(kind, broad):
    """Tell whether a kind of fault, or one of a tuple of kinds, means every fault."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(_name(one) in broad for one in kinds)


def _name(node):
    """Return the last name of ``name`` or ``module.name``, else None."""
    return getattr(node, "attr", getattr(node, "id", None))


def _speaks(handler):
    """Tell whether a handler passes the fault on, or (if not bare) logs it."""
    nodes = [node for part in handler.body for node in ast.walk(part)]
    is_logged = any(isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
                    and n.func.attr in SPEAKING for n in nodes)
    return any(isinstance(n, ast.Raise) for n in nodes) or (is_logged and handler.type is not None)


@pytest.mark.criterion("M1-12")
def test_the_library_logs_and_does_not_print(trees, contract):
    """The files of the seven functions were searched for printing, all code for a logger."""
    modules = {found.target.partition(":")[0].replace(".", "/") + ".py"
               for found in contract.functions.values() if found.target}
    printing, is_logging = [], False
    for path, tree in trees.items():
        is_logging |= bool(re.search(r"getLogger|loguru", ast.unparse(tree)))
        if any(path == module or path.endswith("/" + module) for module in modules):
            entry = [node for node in tree.body if isinstance(node, ast.If)
                     or getattr(node, "name", "") == "main"]
            inside = {id(node) for part in entry for node in ast.walk(part)}
            printing += [f"{path}:{node.lineno}" for node in ast.walk(tree)
                         if isinstance(node, ast.Call) and id(node) not in inside
                         and PRINTING.fullmatch(ast.unparse(node.func))]
    ran = "the files of the seven functions were searched for printing, all code for a logger"
    if printing:
        fail(ran=ran, expected="no call of print or of sys.stdout.write outside of main",
             got=printing)
    if not is_logging:
        fail(ran=ran, expected="some file of the code gets a logger", got="none does")


@pytest.mark.criterion("M1-13")
def test_no_path_of_one_machine_and_no_secret(submission, facts):
    """Code and configuration were searched for home folders, drives and secrets."""
    # A path in a docstring is an example.
    prose = {path: _lines_of_docstrings(tree)
             for path, tree in facts.trees(submission.python_files).items()}
    found = []
    for path in submission.files:
        if PurePosixPath(path).suffix in CONFIGURATION or path in submission.python_files:
            for number, line in enumerate(submission.text(path).splitlines(), 1):
                is_place = MACHINE_PATH.search(line) and number not in prose.get(path, ())
                if is_place or SECRET.search(line):
                    found.append(f"{path}:{number}: {line.strip()[:80]}")
    expect(found, [], "lines with a path of one machine or with a secret")


def _lines_of_docstrings(tree):
    """Return the numbers of the lines on which docstrings stand."""
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, DOCUMENTED)
              and ast.get_docstring(node) is not None]
    return {number for body in bodies for number in range(body[0].lineno, body[0].end_lineno + 1)}
