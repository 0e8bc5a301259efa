"""Criteria of the submission's own tests: green, stable, honest, and able to find faults."""

import textwrap

import pytest
from coursekit.expect import expect, fail, last_lines, not_checked

LEAST_SHARE, GOOD_SHARE = 0.60, 0.85


def told(tests):
    """Return a few words about a run of the tests."""
    return (f"{tests.passed} passed, {tests.failed} failed, {tests.errors} errors, exit code "
            f"{tests.exit_code}: {last_lines(tests.output)}")


def in_time(suite, tests, when):
    """Leave the criterion unchecked where tests that are right were only too slow."""
    if tests.is_late:
        not_checked(f"the tests took {suite.plain.seconds:.0f} s plainly and did not end in time "
                    f"when {when}; a criterion has 180 s for all their runs")


@pytest.mark.criterion("M1-50")
def test_the_tests_pass(suite):
    """Pytest ran the tests on the untouched code."""
    if not suite.plain.green:
        fail(ran="pytest", expected="at least one test, and all pass", got=told(suite.plain))


@pytest.mark.criterion("M1-51")
@pytest.mark.parametrize("how", ["repeated", "shuffled"])
def test_the_tests_pass_again(suite, how):
    """Pytest ran the tests a second time, and in another order."""
    tests = getattr(suite, how)
    in_time(suite, tests, how)
    if not tests.green:
        fail(ran=f"pytest, {how}", expected="all pass", got=told(tests))


@pytest.mark.criterion("M1-51")
def test_no_test_needs_another_one_before_it(suite):
    """The tests that call a function ran without the others, for each function."""
    for function, tests in suite.alone.items():
        in_time(suite, tests, f"only those that call {function} ran")
        if not tests.green:
            fail(ran=f"pytest, only the tests that call {function}", expected="all pass",
                 got=told(tests))


@pytest.mark.criterion("M1-52")
def test_the_tests_look_at_behaviour_only(suite):
    """A function was replaced by one that does the same; the tests ran."""
    runs = {"every function is replaced by one that only notes who calls it": suite.traced,
            **{suite.titles[name]: tests for name, tests in suite.controls.items()}}
    red = [f"{title}: {told(tests)}" for title, tests in runs.items()
           if not tests.green and not tests.is_late]
    for title, tests in runs.items():
        if not red:
            in_time(suite, tests, title)
    expect(red, [], "replacements that change nothing and yet make a test fail")


@pytest.mark.criterion("M1-53")
def test_the_tests_call_every_function(suite):
    """Each function was replaced by one that raises; the tests ran."""
    quiet = [name for name, tests in suite.sentinels.items() if tests.green]
    expect(quiet, [], "functions that can raise without any test failing")


def share_found(suite):
    """Return the share of planted faults that were noticed, and the others' titles."""
    missed = [suite.titles.get(name, name) for name, tests in suite.bugs.items()
              if tests.green]
    return 1 - len(missed) / max(1, len(suite.bugs)), missed


def listed(share, missed):
    """Return the share and all that was missed, in lines that a report does not cut."""
    return f"{share:.0%}; not noticed:\n" + "\n".join(textwrap.wrap("; ".join(missed), 200))


@pytest.mark.criterion("M1-54")
def test_the_tests_find_faults(suite):
    """Faults were planted one by one; the tests ran."""
    share, missed = share_found(suite)
    if not suite.bugs or share < LEAST_SHARE:
        fail(ran=f"the tests with {len(suite.bugs)} planted faults",
             expected=f"{LEAST_SHARE:.0%} noticed", got=listed(share, missed))


@pytest.mark.criterion("M1-55")
def test_the_tests_find_nearly_all_faults(suite):
    """Faults were planted one by one; the tests ran."""
    share, missed = share_found(suite)
    if share < GOOD_SHARE:
        fail(ran=f"the tests with {len(suite.bugs)} planted faults",
             expected=f"{GOOD_SHARE:.0%} noticed", got=listed(share, missed))
