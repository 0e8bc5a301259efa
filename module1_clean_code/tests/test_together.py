"""What takes seconds to make is made once: tests that share it run in one process."""

import pytest

from conftest import TOGETHER, group_of


@pytest.mark.parametrize("fixture", ["home", "shown", "figures", "training"])
def test_tests_that_share_a_dear_fixture_are_one_group(fixture, request):
    sharing = {group_of(item.nodeid) for item in request.session.items
               if fixture in item.fixturenames and item.path.name in TOGETHER}
    assert sharing <= {fixture}


def test_every_user_of_home_is_in_its_group(request):
    files = {item.path.name for item in request.session.items if "home" in item.fixturenames}
    assert {TOGETHER.get(file) for file in files} <= {"home"}


def test_any_other_test_is_a_group_of_its_own():
    assert group_of("tests/test_lock.py::test_a") != group_of("tests/test_lock.py::test_b")
