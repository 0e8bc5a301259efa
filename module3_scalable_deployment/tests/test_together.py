"""What takes seconds to make is made once: tests that share it run in one process."""

from conftest import LONGEST, WHOLE_RUN, group_of, name_of


def test_tests_that_share_the_whole_run_are_one_group(request):
    sharing = {group_of(item.nodeid) for item in request.session.items
               if "whole_run" in item.fixturenames}
    assert sharing <= {"whole_run"}


def test_any_other_file_is_a_group_of_its_own():
    assert group_of("tests/test_a.py::test_a") == group_of("tests/test_a.py::test_b")
    assert group_of("tests/test_a.py::test_a") != group_of("tests/test_b.py::test_a")


def test_every_file_that_is_named_is_there(request):
    here = {name_of(path) for path in request.path.parent.glob("test_*.py")}
    assert {*WHOLE_RUN, *LONGEST} <= here
