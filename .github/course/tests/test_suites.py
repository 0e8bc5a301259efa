"""A suite must be green on right code and on controls, and red on bugs and sentinels."""

import pytest
from small_rubric import (BUGS, LIBRARY, OWN_TESTS, needs_bubblewrap, pool_of,
                          write_rubric, write_submission)

from coursekit import contract, suites
from coursekit.probe import Probe
from coursekit.suites import Suite, read_marks

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]


@pytest.fixture(name="suite_of")
def _suite_of(tmp_path):
    """Return a function that makes the suite of a submission with some files of its own."""
    sessions = []

    def make(files=None, targets=("numbers_library:double",), tests=None):
        root = write_submission(tmp_path / "s", files)
        mapping = contract.map_submission(contract.load_contract(write_rubric(tmp_path)), root)
        mapping.functions["double"] = list(targets)
        sessions.append(pool_of(root))
        return Suite(Probe(sessions[-1], mapping, ""), BUGS,
                     tests or mapping.layout["tests"] and ["test_numbers.py"], {"double"}, 3)

    yield make
    for session in sessions:
        session.close()


def verdicts(suite):
    """Return what the runs say."""
    return {"plain": suite.plain.green, "control": suite.controls["the_same"].green,
            "bug": suite.bugs["adds_one"].green, "sentinel": suite.sentinels["double"].green}


GOOD = {"plain": True, "control": True, "bug": False, "sentinel": False}


def test_marks_are_read_from_the_text_alone():
    marks = read_marks(BUGS + "\nraise SystemExit\n")
    assert [(mark.kind, mark.name, mark.function, mark.title) for mark in marks] \
        == [("bug", "adds_one", "double", "adds one"),
            ("control", "the_same", "double", "the same")]


def test_an_honest_suite(suite_of):
    suite = suite_of()
    assert verdicts(suite) == GOOD
    assert suite.repeated.green and suite.shuffled.green
    assert suite.callers("double") == ["test_numbers.py::test_double"]
    assert suite.alone["double"].passed == 1 and suite.alone["double"].green
    assert suite.bugs["adds_one"].passed + suite.bugs["adds_one"].failed == 1


@pytest.mark.parametrize(("library", "tests", "target"), [
    (LIBRARY, "from numbers_library import double as twice\n\ndef test_it():\n"
              "    assert twice(2) == 4\n", "numbers_library:double"),
    ("class Calculator:\n    def double(self, n):\n        return n * 2\n",
     "from numbers_library import Calculator\n\ndef test_it():\n"
     "    assert Calculator().double(2) == 4\n", "numbers_library:Calculator.double"),
    ("class Calculator:\n    @staticmethod\n    def double(n):\n        return n * 2\n",
     "from numbers_library import Calculator\n\ndef test_it():\n"
     "    assert Calculator.double(2) == 4\n", "numbers_library:Calculator.double"),
    ("class Calculator:\n    @classmethod\n    def double(cls, n):\n        return n * 2\n",
     "from numbers_library import Calculator\n\ndef test_it():\n"
     "    assert Calculator.double(2) == 4\n", "numbers_library:Calculator.double"),
    (LIBRARY + "\nSTEPS = {'double': double}\n",
     "import numbers_library\n\ndef test_it():\n"
     "    assert numbers_library.STEPS['double'](2) == 4\n", "numbers_library:double"),
], ids=["renamed", "method", "static", "class", "table"])
def test_a_bug_reaches_every_way_to_call(suite_of, library, tests, target):
    suite = suite_of({"numbers_library.py": library, "test_numbers.py": tests}, (target,))
    assert verdicts(suite) == GOOD


CHEATS = {
    "asserts nothing": "import numbers_library\n\ndef test_it():\n    numbers_library.double(2)\n",
    "never calls": "def test_it():\n    assert True\n",
    "swallows": "import numbers_library\n\ndef test_it():\n    try:\n"
                "        assert numbers_library.double(2) == 4\n    except Exception:\n"
                "        pass\n",
    "asks a copy": "def double(n):\n    return 2 * n\n\ndef test_it():\n"
                   "    assert double(2) == 4\n"}


@pytest.mark.parametrize("name", CHEATS)
def test_a_suite_that_finds_nothing_is_green_on_the_bug(suite_of, name):
    suite = suite_of({"test_numbers.py": CHEATS[name]})
    assert suite.plain.green and suite.bugs["adds_one"].green


def test_a_suite_that_knows_the_wrapper_fails_on_the_control(suite_of):
    text = OWN_TESTS + ("\ndef test_file():\n    code = numbers_library.double.__code__\n"
                        "    numbers_library.double(1)\n"
                        "    assert code.co_filename.endswith('numbers_library.py')\n")
    assert not suite_of({"test_numbers.py": text}).controls["the_same"].green


def test_a_conftest_that_forces_passed_finds_no_bug(suite_of):
    force = ("import pytest\n\n@pytest.hookimpl(hookwrapper=True)\n"
             "def pytest_runtest_makereport(item, call):\n    outcome = yield\n"
             "    outcome.get_result().outcome = 'passed'\n")
    assert suite_of({"conftest.py": force}).bugs["adds_one"].green


@pytest.mark.parametrize("text", ["import sys\nsys.exit(0)\n", "import os\nos._exit(0)\n",
                                  "def test_it():\n    import os\n    os._exit(0)\n",
                                  "def broken(:\n", "import pytest\npytest.skip('no', "
                                  "allow_module_level=True)\n", ""])
def test_a_suite_that_does_not_come_to_its_end_is_not_green(suite_of, text):
    assert not suite_of({"test_numbers.py": text}).plain.green


def test_a_test_that_needs_another_first_is_found_by_shuffling(suite_of):
    text = "STATE = []\n" + "\n".join(
        f"def test_{n}():\n    assert len(STATE) == {n}\n    STATE.append({n})\n"
        for n in range(6))
    suite = suite_of({"test_numbers.py": text})
    assert suite.plain.green and not suite.shuffled.green


def test_an_endless_suite_ends(suite_of, monkeypatch):
    monkeypatch.setattr("coursekit.suites.SUITE_SECONDS", 2)
    suite = suite_of({"test_numbers.py": "def test_it():\n    while True:\n        pass\n"})
    assert not suite.plain.green and "did not end in time" in suite.plain.output


def test_a_test_that_needs_another_first_is_found_by_running_it_alone(suite_of):
    text = ("import numbers_library\n\nSTATE = []\n\ndef test_a():\n    STATE.append(1)\n\n"
            "def test_b():\n    assert STATE and numbers_library.double(2) == 4\n")
    suite = suite_of({"test_numbers.py": text})
    assert suite.plain.green and suite.repeated.green
    assert not suite.alone["double"].green


def test_a_suite_that_takes_too_long_is_late_and_not_red(suite_of, monkeypatch):
    monkeypatch.setattr(suites, "SUITE_SECONDS", 3.0)
    suite = suite_of({"test_numbers.py": "import time\n\ndef test_it():\n    time.sleep(60)\n"})
    assert suite.plain.is_late and not suite.plain.green


SHARED = {
    "setUpClass": ("import unittest\nimport numbers_library\n\nclass TestIt(unittest.TestCase):\n"
                   "    @classmethod\n    def setUpClass(cls):\n"
                   "        cls.four = numbers_library.double(2)\n\n"
                   "    def test_a(self):\n        assert self.four\n\n"
                   "    def test_b(self):\n        assert self.four == 4\n"),
    "module": ("import pytest\nimport numbers_library\n\n@pytest.fixture(scope='module')\n"
               "def four():\n    return numbers_library.double(2)\n\n"
               "def test_a(four):\n    assert four\n\ndef test_b(four):\n    assert four == 4\n"
               "\ndef test_c():\n    pass\n"),
    "session": ("import pytest\nimport numbers_library\n\n@pytest.fixture(scope='session')\n"
                "def two():\n    return 2\n\n@pytest.fixture(scope='session')\n"
                "def four(two):\n    return numbers_library.double(two)\n\n"
                "class TestIt:\n    def test_a(self, four):\n        assert four\n\n"
                "def test_b(four):\n    assert four == 4\n\ndef test_c(two):\n    pass\n")}


@pytest.mark.parametrize("how", SHARED)
def test_a_call_in_a_shared_fixture_counts_for_all_who_share_it(suite_of, how):
    suite = suite_of({"test_numbers.py": SHARED[how]})
    assert {name.split("::")[-1] for name in suite.callers("double")} == {"test_a", "test_b"}
    assert verdicts(suite) == GOOD
