"""A probe runs things of a submission in a real sandbox, and says whose fault it was."""

import math
import time

import numpy
import pandas
import pytest
from small_rubric import needs_bubblewrap, pool_of, write_rubric, write_submission

from coursekit import contract
from coursekit.expect import GraderFault, NotChecked, SubmissionFault
from coursekit.probe import Probe

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]
LIBRARY = '''
import os, sys, time, pathlib

def double(number):
    """Return twice the number."""
    return number + number

def files(write=(), read=()):
    for name in write:
        path = pathlib.Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return [sorted(os.listdir(".")), [pathlib.Path(name).read_text() for name in read]]

def fails(how):
    print("said", how)
    print("told", how, file=sys.stderr)
    if how == "raise":
        raise ValueError("the reason")
    if how == "exit":
        sys.exit(3)
    if how == "die":
        os._exit(0)
    if how == "sleep":
        time.sleep(60)
    while True:
        print("x" * 100_000)

def who():
    return [os.getpid(), os.getcwd(), sys.argv]
'''
CONTRACT = '''
[functions]
double = {names = ["nowhere:x", "numbers_library:double"]}
files = {names = ["numbers_library:files"]}
fails = {names = ["numbers_library:fails"]}
who = {names = ["numbers_library:who"]}
lost = {names = ["numbers_library:lost"]}
[commands]
train = {names = ["python -m nowhere", "python main.py more", "python other.py"]}
none = {names = ["python nowhere.py"]}
'''
PROBES = '''
def twice(contract, number, times=1):
    for _ in range(times):
        number = contract.double(number)
    return {"number": number, "has_lost": hasattr(contract, "lost")}

def broken(contract):
    return 1 / 0

def calls_broken(contract):
    contract.fails("raise")
'''
MAIN = ("import pathlib, sys\nprint('args', sys.argv[1:])\n"
        "pathlib.Path('new.txt').write_text('new')\nprint(pathlib.Path('given.txt').exists())\n"
        "sys.exit(int(pathlib.Path('code').exists()) * 7)\n")


@pytest.fixture(name="probe", scope="module")
def _probe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("probe")
    root = write_submission(folder / "s", {"numbers_library.py": LIBRARY, "main.py": MAIN})
    rubric = write_rubric(folder, contract__toml=CONTRACT)
    pool = pool_of(root)
    yield Probe(pool, contract.map_submission(contract.load_contract(rubric), root), PROBES)
    pool.close()


@pytest.fixture(autouse=True)
def _no_deadline(probe):
    probe.deadline = math.inf


def test_a_call_gives_the_value_and_says_what_ran(probe):
    found = probe.call("double", 4)
    assert (found.value, found.ran, found.exit_code, found.fault) == (8, "double(4)", 0, None)
    assert 0 < found.seconds < 30 and found.cpu_seconds > 0
    assert probe.call("double", number="ab").ran == probe.last_ran == "double(number='ab')"


def test_frames_and_arrays_go_in_and_come_out(probe):
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", None]})
    found = probe.call("double", frame[["a"]])
    pandas.testing.assert_frame_equal(found.value, frame[["a"]] * 2)
    assert found.ran == "double(<DataFrame 2 × 1>)"
    assert probe.call("double", numpy.array([1.5, math.inf])).value.tolist() == [3.0, math.inf]


def test_files_lie_there_first_and_new_ones_come_back(probe):
    found = probe.call("files", write=["out/new.txt"], read=["in/a.txt"],
                       files={"in/a.txt": "given", "b.bin": b"\x00"})
    assert found.value == [["b.bin", "in", "out"], ["given"]]
    assert found.files == {"out/new.txt": b"out/new.txt"}


def test_each_job_has_a_fresh_process_and_an_empty_folder(probe):
    probe.call("files", write=["left.txt"])
    assert probe.call("files").value == [[], []]
    first, second = probe.call("who").value, probe.call("who").value
    assert first[1] != second[1] and first[2] == ["who"]


def test_a_copy_is_the_submission_and_may_be_written(probe):
    found = probe.call("files", write=["main.py"], copy=True)
    assert {"main.py", "numbers_library.py"} <= set(found.value[0])
    assert found.files == {"main.py": b"main.py"}
    assert (probe.pool.submission / "main.py").read_text(encoding="utf-8") == MAIN


@pytest.mark.parametrize(("how", "kind", "kinds", "text"), [
    ("raise", "exception", "ValueError", "the reason"), ("exit", "exit", "SystemExit", "code 3"),
    ("die", "killed", "killed", "was killed or ended its process"),
    ("sleep", "timeout", "timeout", "did not end in time (1 s)"),
    ("talk", "output", "output", "wrote too much output")])
def test_what_the_submission_does_wrong_is_its_fault(probe, how, kind, kinds, text):
    with pytest.raises(SubmissionFault) as told:
        probe.call("fails", how, seconds=1 if how == "sleep" else 30)
    assert (told.value.kind, told.value.type) == (kind, kinds) and text in told.value.text
    assert told.value.ran == f"fails('{how}')"
    found = probe.call("fails", how, seconds=1 if how == "sleep" else 30, may_fail=True)
    assert found.fault.kind == kind and f"said {how}" in found.stdout
    assert f"told {how}" in found.stderr and len(found.stdout) <= 2_000_000


def test_a_function_that_is_not_there_is_the_submissions_fault(probe):
    with pytest.raises(SubmissionFault, match="lost"):
        probe.call("lost")


def test_a_probe_is_given_the_contract(probe):
    found = probe.run("twice", number=3, times=2)
    assert found.value == {"number": 12, "has_lost": False}
    assert found.ran == "probe twice(number=3, times=2)"


def test_whose_fault_a_probe_shows(probe):
    with pytest.raises(GraderFault, match="the probe itself is at fault(.|\n)*ZeroDivisionError"):
        probe.run("broken")
    with pytest.raises(SubmissionFault, match="the reason"):
        probe.run("calls_broken")


def test_a_command_runs_in_a_copy(probe):
    found = probe.command("train", files={"given.txt": "x"})
    assert (found.exit_code, found.stdout, found.files) == (
        0, "args ['more']\nTrue\n", {"new.txt": b"new"})
    assert probe.command("train", files={"code": ""}).exit_code == 7
    assert probe.command(["python", "-c", "print(1 + 1)"]).stdout == "2\n"
    assert probe.command("none").exit_code == 2
    assert not (probe.pool.submission / "new.txt").exists()
    assert probe.find_command("none") == ["python", "nowhere.py"]


def test_names_are_resolved_inside(probe):
    found = probe.resolve()
    assert (found["double"].target, found["double"].signature) == ("numbers_library:double",
                                                                   "(number)")
    assert found["lost"].target is None and "has no attribute 'lost'" in found["lost"].problem


def test_the_time_of_the_criterion_cuts_that_of_a_job(probe):
    probe.deadline = time.monotonic() + 1.5
    begun = time.monotonic()
    with pytest.raises(SubmissionFault, match="did not end in time"):
        probe.call("fails", "sleep", seconds=50)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("ask", [
    lambda probe: probe.call("unknown"), lambda probe: probe.command("unknown"),
    lambda probe: probe.call("double", 1, files={"../x": ""}),
    lambda probe: probe.call("double", 1, files={"/x": ""}),
    lambda probe: probe.call("double", 1, files={"x": bytes(50_000_000)})])
def test_a_rubrics_own_mistake_is_the_graders_fault(probe, ask):
    with pytest.raises(GraderFault):
        ask(probe)


def test_without_an_environment_nothing_is_checked(probe):
    nothing = Probe(None, probe.mapping, "")
    for ask in (lambda: nothing.call("double", 1), lambda: nothing.command("train"),
                nothing.resolve):
        with pytest.raises(NotChecked, match="environment"):
            ask()
