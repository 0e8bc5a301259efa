"""The plugin: every way in which a test can end has its state, in the order of the rubric."""

import time

import pytest
from small_rubric import write_rubric, write_submission
from test_report import DOT

from coursekit import grading
from coursekit.job import GradingJob
from coursekit.rubric import load_rubric
from coursekit.states import PASS

TESTS = '''
import base64
import time
import pytest
from coursekit.expect import GraderFault, SubmissionFault, expect, fail, not_checked

def of(number):
    return pytest.mark.criterion(f"M1-{number:02d}")

@of(13)
def test_last_written_first(evidence, rng, seed):
    evidence(rng.integers(0, 10 ** 9))
    evidence(seed)

@of(12)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_many(number, evidence, rng):
    evidence(rng.integers(0, 10 ** 9))

@of(1)
def test_one_of_two():
    """The first went well."""

@of(1)
def test_other_of_two():
    """The other did not."""
    fail(ran="the run", expected=[1], got="two")

@of(2)
def test_depends():
    raise RuntimeError("never runs")

@of(3)
def test_manual(evidence, picture):
    evidence("seen")
    picture("dot.png", base64.b64decode("@DOT@"))
    assert False

@of(4)
def test_breaks():
    raise RuntimeError("of the rubric")

@of(5)
def test_skips():
    pytest.skip("no such file")

@of(6)
def test_not_checked():
    not_checked("the reason")

@of(7)
def test_half():
    pass

@of(7)
def test_other_half():
    not_checked("half")

@of(8)
def test_fault():
    raise SubmissionFault("exception", "KeyError", "no key", "double(1)")

@of(9)
def test_plain_assertion():
    assert 1 == 2, "one is not two"

@pytest.fixture
def breaking():
    raise ValueError("in the set-up")

@of(10)
def test_set_up(breaking):
    pass

@pytest.fixture
def untidy():
    yield
    raise ValueError("in the tidying up")

@of(11)
def test_tidying_up(untidy):
    pass

@of(14)
def test_needs_a_manual_one():
    pass

@of(15)
def test_needs_a_program(probe):
    probe.call("double", 1)

@of(16)
def test_grader():
    raise GraderFault("the grader's")
'''.replace("@DOT@", DOT)
DEPENDS = {2: [1], 13: [12], 14: [3]}
STATES = {1: "fail", 2: "not_checked", 3: "manual", 4: "error", 5: "not_checked",
          6: "not_checked", 7: "not_checked", 8: "fail", 9: "fail", 10: "error", 11: "error",
          12: "pass", 13: "pass", 14: "not_checked", 15: "not_checked", 16: "error"}


def run(folder, *, seed=5, only=(), seconds=100.0, tests=TESTS):
    """Run a rubric without any environment, and return the outcomes in their order."""
    folder.mkdir()
    criteria = "".join(
        f'[[criterion]]\nid = "M1-{number:02d}"\ntitle = "t{number}"\nrule = "r"\noutcomes = []\n'
        f'how = "{"manual" if number == 3 else "probe"}"\n'
        f'depends = {[f"M1-{other:02d}" for other in DEPENDS.get(number, [])]}\n'
        for number in STATES)
    rubric = load_rubric(write_rubric(
        folder, test_rubric_small__py=tests,
        rubric__toml=f'module = 1\ntitle = "T"\nfolder = "module1_small"\n{criteria}'))
    room = folder / "room"
    room.mkdir()
    job = GradingJob(str(rubric.folder), str(write_submission(folder / "s")),
                     str(room / "outcomes.jsonl"), None, "none", "a log", "bubblewrap", seed, only,
                     (), (), time.time() + seconds)
    faults = grading.run_rubric(job, rubric, room)
    assert not faults, faults
    return grading.read_outcomes(room / "outcomes.jsonl")


@pytest.fixture(name="found", scope="module")
def _found(tmp_path_factory):
    return run(tmp_path_factory.mktemp("plugin") / "run")


@pytest.mark.parametrize("number", STATES)
def test_each_end_of_a_test_has_its_state(found, number):
    assert found[f"M1-{number:02d}"]["state"] == STATES[number]


def test_criteria_come_in_the_order_of_the_rubric(found):
    assert list(found) == [f"M1-{number:02d}" for number in STATES]


def test_the_reasons_are_told(found):
    reasons = {int(name[3:]): entry["reason"] for name, entry in found.items()}
    assert reasons[2] == "M1-01 did not pass (t1)" and reasons[14] == "M1-03 did not pass (t3)"
    assert reasons[5] == "no such file" and reasons[6] == "the reason" and reasons[7] == "half"
    assert "RuntimeError: of the rubric" in reasons[4] and "test_breaks" in reasons[4]
    assert "in the set-up" in reasons[10] and "in the tidying up" in reasons[11]
    assert "environment of the submission was not built" in reasons[15]
    assert reasons[16].endswith("the grader's") and reasons[12] == ""


def test_failures_say_what_ran_what_was_expected_and_what_came(found):
    assert found["M1-01"]["failures"] == [
        {"test": "The other did not.", "ran": "the run", "expected": "[1]", "got": "two"}]
    assert found["M1-08"]["failures"] == [
        {"test": "test_fault", "ran": "double(1)", "expected": "it ends without a fault",
         "got": "KeyError\nno key"}]
    assert "one is not two" in found["M1-09"]["failures"][0]["got"]
    assert found["M1-03"]["evidence"] == ["seen"]
    assert found["M1-03"]["pictures"] == [{"name": "dot.png", "png": DOT}]


def test_draws_come_from_the_seed_and_the_criterion(found, tmp_path):
    drawn = found["M1-12"]["evidence"], found["M1-13"]["evidence"]
    assert len(drawn[0]) == 3 and len(set(drawn[0])) == 1 and drawn[1][1] == "5"
    assert drawn[0][0] != drawn[1][0]
    again = run(tmp_path / "again", only=("M1-13",))
    assert list(again) == ["M1-12", "M1-13"] and again["M1-13"]["evidence"] == drawn[1]
    other = run(tmp_path / "other", only=("M1-13",), seed=6)
    assert other["M1-13"]["evidence"][0] != drawn[1][0]


def test_after_the_last_second_nothing_is_checked(tmp_path):
    found = run(tmp_path / "late", seconds=-1)
    assert {entry["state"] for entry in found.values()} == {"not_checked", "manual"}
    assert found["M1-03"]["state"] == "manual"
    assert "600 s of the whole grading were over" in found["M1-12"]["reason"]


def test_a_criterion_that_is_ended_half_way_keeps_the_others(tmp_path):
    tests = TESTS.replace('    not_checked("the reason")', "    import os; os._exit(9)")
    with pytest.raises(AssertionError, match="broke off"):
        run(tmp_path / "ended", tests=tests)
    found = grading.read_outcomes(tmp_path / "ended" / "room" / "outcomes.jsonl")
    assert list(found) == [f"M1-{number:02d}" for number in range(1, 6)]
    assert found["M1-01"]["state"] != PASS
