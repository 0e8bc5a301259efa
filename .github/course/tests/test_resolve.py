"""Functions of the contract are found wherever they lie; whoever holds one meets its wrapper."""

import importlib
import inspect
import itertools
import sys
import textwrap

import pytest

from coursekit.inside import resolve
from coursekit.inside.seeding import Seeded

CORE = '''
import functools

def double(n, times=2, *, plus=0):
    """Return twice the number."""
    return n * times + plus

def logged(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

@logged
def decorated(n):
    return 2 * n

@functools.lru_cache
def cached(n):
    return 2 * n

def generated(n):
    yield 2 * n

def as_default(n, function=double):
    return function(n)

def as_named_default(n, *, function=double):
    return function(n)

def enclosed():
    held = double
    return lambda n: held(n)

class Table:
    steps = {"double": {"deep": [double]}}
    kept = staticmethod(double)
    def __init__(self):
        self.held = double
    def run(self, n):
        return self.steps["double"]["deep"][0](n)
    def method(self, n):
        return 2 * n
    @classmethod
    def of_class(cls, n):
        return 2 * n
    @staticmethod
    def of_nobody(n):
        return 2 * n

class Number:
    def __new__(cls, n):
        return 2 * n

PARTIAL = functools.partial(double)
PAIR, SET, ENCLOSED, TABLE = (double, 1), {double}, enclosed(), Table()
LAMBDA = lambda n: double(n)
TABLES = {"cached": cached, "number": Number}
'''
TOP = "from {name}.core import *\nfrom {name}.core import double as twice\n"
#: How a test may come to call ``double``.
WAYS = {
    "its module": "core.double", "re-exported": "top.double", "renamed": "top.twice",
    "a default argument": "core.as_default", "a named one": "core.as_named_default",
    "a closure": "core.ENCLOSED", "a partial": "core.PARTIAL", "a tuple": "core.PAIR[0]",
    "a set": "next(iter(core.SET))", "a table in a table": "core.Table.steps['double']['deep'][0]",
    "a static method": "core.Table.kept", "an instance": "core.TABLE.held",
    "through a method": "core.TABLE.run", "through a lambda": "core.LAMBDA"}
COUNT = itertools.count()


@pytest.fixture(name="package")
def _package(tmp_path, monkeypatch):
    """Return the name of a fresh package of a submission."""
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"submitted{next(COUNT)}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "core.py").write_text(CORE, encoding="utf-8")
    (tmp_path / name / "__init__.py").write_text(TOP.format(name=name), encoding="utf-8")
    yield name
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]


def found(*targets):
    """Return what is found of one contract function."""
    return resolve.resolve_all({"double": list(targets)})["double"]


def wrapped(target, folder, wrapper=lambda original, *args, **kwargs: original(*args, **kwargs)
            + 100):
    """Wrap the function of a target, and return the original one."""
    entry = found(target)
    resolve.wrap(entry, Seeded("bug", "b", "double", "t", wrapper), [str(folder)])
    return entry


def spaces(package):
    """Return the package and its module by the names that the ways use."""
    return {"top": importlib.import_module(package),
            "core": importlib.import_module(f"{package}.core")}


@pytest.mark.parametrize("target", ["core:double", ":double", ":twice"])
@pytest.mark.parametrize("way", WAYS)
def test_whoever_holds_the_function_meets_the_wrapper(package, tmp_path, way, target):
    space = spaces(package)
    held = eval(WAYS[way], space)  # pylint: disable=eval-used  # held before it is wrapped
    assert held(4) == 8
    dot = "." if target.startswith("core") else ""
    wrapped(f"{package}{dot}{target}", tmp_path)
    assert held(4) == 108
    assert eval(WAYS[way], space)(4) == 108  # pylint: disable=eval-used


@pytest.mark.parametrize("name", ["decorated", "cached", "Table.of_class", "Table.of_nobody",
                                  "Table.method", "TABLE.method", "Number", "LAMBDA"])
def test_every_kind_of_function_is_wrapped(package, tmp_path, name):
    core = spaces(package)["core"]
    wrapped(f"{package}.core:{name}", tmp_path)
    call = name.replace("Table.method", "Table().method")
    assert eval(f"core.{call}(4)", {"core": core}) == 108  # pylint: disable=eval-used
    if name.lower() in core.TABLES:
        assert core.TABLES[name.lower()](4) == 108


def test_a_wrapper_changes_nothing_by_itself(package, tmp_path):
    core = spaces(package)["core"]
    before = inspect.signature(core.double)
    entry = wrapped(f"{package}.core:double", tmp_path, lambda original, *args, **kwargs: original(
        *args, **kwargs))
    assert core.double(4, 3, plus=1) == 13 and core.double(n=1) == 2
    assert inspect.signature(core.double) == before and core.double.__name__ == "double"
    assert core.double.__doc__ == "Return twice the number." and core.double is entry.function
    with pytest.raises(TypeError, match="double"):
        core.double()


def test_two_wrappers_stand_before_one_function(package, tmp_path):
    core = spaces(package)["core"]
    wrapped(f"{package}.core:double", tmp_path)
    wrapped(f"{package}:twice", tmp_path)
    assert core.double(4) == 208


def test_a_generator_stays_one(package, tmp_path):
    core = spaces(package)["core"]
    wrapped(f"{package}.core:generated", tmp_path, lambda original, n: original(n + 1))
    assert list(core.generated(4)) == [10]


def test_a_function_of_a_library_is_wrapped_for_the_submission_alone(package, tmp_path):
    (tmp_path / package / "other.py").write_text(
        "from textwrap import dedent\nSTEPS = {'d': dedent}\n", encoding="utf-8")
    wrapped(f"{package}.other:dedent", tmp_path, lambda original, text: "wrapped")
    other = importlib.import_module(f"{package}.other")
    assert other.dedent("x") == other.STEPS["d"]("x") == "wrapped"
    assert textwrap.dedent("  x") == "x"


def test_the_first_name_that_is_there_is_taken(package):
    entry = found("nowhere:x", f"{package}:lost", f"{package}.core:Table.method")
    assert entry.target == f"{package}.core:Table.method" and entry.problem is None
    assert entry.function(4) == 8


def test_a_module_that_breaks_says_more_than_one_that_is_not_there(package, tmp_path):
    (tmp_path / package / "broken.py").write_text("raise SystemExit('no')\n", encoding="utf-8")
    entry = found("nowhere:x", f"{package}.broken:x")
    assert entry.function is None and entry.problem == f"{package}.broken:x: SystemExit: no"
    assert "No module named 'nowhere'" in found("nowhere:x").problem
    assert found().problem == "no name is given"
    assert "PAIR is a tuple, not a function" in found(f"{package}.core:PAIR").problem


def test_the_contract_as_an_object_holds_what_was_found(package):
    space = resolve.namespace(resolve.resolve_all({"double": [f"{package}:double"],
                                                   "lost": ["nowhere:x"]}))
    assert space.double(4) == 8 and not hasattr(space, "lost")
