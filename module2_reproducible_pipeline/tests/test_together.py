"""What takes seconds to make is made once: tests that share it run in one process."""

import pytest

from conftest import LONGEST, TOGETHER, group_of

#: These use it, and may well make it a second time: they last a minute themselves.
APART = {"test_mlproject.py", "test_search_backend.py"}


@pytest.mark.parametrize("fixture", ["home", "made"])
def test_tests_that_share_a_dear_fixture_are_one_group(fixture, request):
    sharing = {group_of(item.nodeid) for item in request.session.items
               if fixture in item.fixturenames and item.path.name not in APART}
    assert sharing <= {fixture}


def test_any_other_test_is_a_group_of_its_own():
    assert group_of("tests/test_index.py::test_a") != group_of("tests/test_index.py::test_b")


def test_every_file_that_is_named_is_there(request):
    here = {path.stem for path in request.path.parent.glob("test_*.py")}
    assert {f"test_{name}" for name in (*TOGETHER, *LONGEST)} <= here
