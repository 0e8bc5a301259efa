"""A whole grading with a small rubric: states, reports in every case, and no way to forge one."""

import json
import shlex
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from small_rubric import (LIBRARY, TESTS, needs_bubblewrap, our_environment, write_rubric,
                          write_submission)

from coursekit import cli, grading, report, sandbox
from coursekit.rubric import load_rubric

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]
FORMS = {"grade.json", "grade.md", "grade.html", "junit.xml"}


@pytest.fixture(name="grade")
def _grade(tmp_path, monkeypatch):
    """Return a function that grades by the command line and returns code and report."""
    monkeypatch.setattr(grading, "find_environment", our_environment)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run(source, *more, **texts):
        rubric = tmp_path / "module1_small" / "rubric"
        if not rubric.is_dir():
            write_rubric(tmp_path, **texts)
        out = tmp_path / "out"
        code = cli.main(["grade", "1", str(source), "--out", str(out), "--seed", "5",
                         "--rubric", str(rubric), *more])
        assert {path.name for path in out.iterdir() if path.is_file()} >= FORMS
        found = json.loads((out / "grade.json").read_text(encoding="utf-8"))
        jsonschema.validate(found, json.loads(report.SCHEMA.read_text(encoding="utf-8")))
        ET.parse(out / "junit.xml")
        return code, found

    return run


def states(found):
    """Return the states by criterion."""
    return {entry["id"]: entry["state"] for entry in found["criteria"]}


def test_a_right_submission_passes(grade, tmp_path, capsys):
    code, found = grade(write_submission(tmp_path / "s"))
    assert states(found) == {"M1-01": "pass", "M1-02": "pass", "M1-03": "pass", "M1-04": "manual"}
    assert (code, found["verdict"], found["seed"]) == (0, "pass", 5)
    assert found["points"] == {"reached": 4, "possible": 4}
    assert found["criteria"][3]["evidence"] == ["1 files"]
    assert len(found["canary"]) >= 9 and all(entry["blocked"] for entry in found["canary"])
    told = capsys.readouterr().out
    assert "seed 5" in told and "all required criteria are met" in told


def test_a_wrong_answer_fails_with_what_was_run_expected_and_got(grade, tmp_path):
    code, found = grade(write_submission(tmp_path / "s", {
        "numbers_library.py": LIBRARY.replace("+", "*")}))
    assert code == 1 and states(found)["M1-02"] == "fail"
    entry = found["criteria"][1]
    failure = entry["failures"][0]
    assert failure["test"] == "Some numbers were doubled." and failure["ran"] == "doubled"
    numbers = json.loads(failure["expected"])
    assert json.loads(failure["got"]) == [item * item // 4 for item in numbers]
    words = shlex.split(entry["reproduce"])
    assert words[:3] == ["make", "grade", "M=1"] and words[3].startswith(f"SUB={tmp_path}")
    assert words[4] == "GRADE_ARGS=--only M1-02 --seed 5"
    assert (entry["hint"], entry["lesson"]) == ("Add a number to itself.",
                                                "module1_small/lessons/01_clean_code")


def test_what_depends_on_a_failed_one_is_not_checked(grade, tmp_path):
    code, found = grade(write_submission(tmp_path / "s", {"numbers_library.py": "x = 1\n"}))
    assert (code, states(found)) == (1, {"M1-01": "fail", "M1-02": "not_checked",
                                         "M1-03": "not_checked", "M1-04": "manual"})
    assert "M1-01 did not pass" in found["criteria"][1]["reason"]


@pytest.mark.parametrize("make",
                         [lambda folder: folder.mkdir(),
                          lambda folder: folder.write_bytes(bytes(range(256)) * 9),
                          lambda folder: write_submission(folder,
                                                          {"numbers_library.py": "\x00(",
                                                           "submission.toml": "["})],
                         ids=["empty",
                              "garbage",
                              "broken"])
def test_nothing_to_grade_still_gets_a_report(grade, tmp_path, make):
    make(tmp_path / "s")
    code, found = grade(tmp_path / "s")
    assert code == 1 and states(found)["M1-01"] == "fail" and found["faults"] == []


@pytest.mark.parametrize("body", [
    "raise ValueError('no')", "import os; os._exit(0)", "import sys; sys.exit(0)",
    "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
    "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "open('/submission/grade.json', 'w')", "return bytearray(8 << 30)"])
def test_what_a_function_does_is_its_own_failure(grade, tmp_path, body):
    text = f'def double(number):\n    """Do harm."""\n    {body}\n'
    code, found = grade(write_submission(tmp_path / "s", {"numbers_library.py": text}))
    assert code == 1 and states(found)["M1-02"] == "fail" and not found["faults"]


def test_a_rubrics_own_fault_is_not_the_submissions(grade, tmp_path):
    broken = TESTS.replace("numbers = rng", "numbers = rong")
    code, found = grade(write_submission(tmp_path / "s"), test_rubric_small__py=broken)
    assert (code, states(found)["M1-02"]) == (2, "error")
    assert "NameError" in found["criteria"][1]["reason"]
    assert states(found)["M1-03"] == "pass"


def test_a_fault_inside_of_a_probe_is_the_rubrics(grade, tmp_path):
    code, found = grade(write_submission(tmp_path / "s"), probes__py="def doubled(contract, "
                        "numbers):\n    return 1 / 0\n")
    assert (code, states(found)["M1-02"]) == (2, "error")


def test_a_criterion_without_a_test_is_the_graders_fault(grade, tmp_path):
    lost = TESTS.replace('criterion("M1-03")', 'criterion("M1-02")')
    code, found = grade(write_submission(tmp_path / "s"), test_rubric_small__py=lost)
    assert code == 2 and "has no test" in found["criteria"][2]["reason"]


@pytest.mark.parametrize("text", ["def broken(:\n", "raise SystemExit(0)\n",
                                  TESTS.replace("M1-04", "M1-99")])
def test_a_rubric_that_breaks_off_gets_a_report(grade, tmp_path, text):
    code, found = grade(write_submission(tmp_path / "s"), test_rubric_small__py=text)
    assert code == 2 and found["faults"] and found["verdict"] == "error"


def test_a_missing_submission_gets_a_report_too(grade, tmp_path, capsys):
    code, found = grade(tmp_path / "nothing")
    assert code == 2 and "no such folder" in found["faults"][0]
    assert "no such folder" in capsys.readouterr().out


def test_only_one_criterion_and_what_it_needs(grade, tmp_path):
    code, found = grade(write_submission(tmp_path / "s"), "--only", "M1-02")
    assert (code, states(found)) == (0, {"M1-01": "pass", "M1-02": "pass"})


def test_the_seed_decides_the_numbers(grade, tmp_path):
    wrong = write_submission(tmp_path / "s", {"numbers_library.py": LIBRARY.replace("+", "-")})
    seen = [grade(wrong, "--only", "M1-02", "--seed", seed)[1]["criteria"][1]["failures"]
            for seed in ("5", "5", "6")]
    assert seen[0] == seen[1] != seen[2]


def test_what_changed_since_the_last_time(grade, tmp_path):
    source = write_submission(tmp_path / "s", {"numbers_library.py": LIBRARY.replace("+", "*")})
    grade(source)
    earlier = tmp_path / "earlier.json"
    (tmp_path / "out" / "grade.json").rename(earlier)
    write_submission(source)
    _, found = grade(source, "--previous", str(earlier))
    assert found["changes"]["same_files"] is False
    # Its own test, double(2) == 4, cannot tell a sum from a product.
    assert [(entry["id"], entry["before"], entry["now"])
            for entry in found["changes"]["criteria"]] == [("M1-02", "fail", "pass")]


def test_a_criterion_may_not_take_longer_than_it_may(grade, tmp_path):
    toml = write_rubric(tmp_path) / "rubric.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("criterion_seconds = 40",
                                                             "criterion_seconds = 2"),
                    encoding="utf-8")
    text = LIBRARY.replace("    return", "    while True:\n        pass\n    return")
    code, found = grade(write_submission(tmp_path / "s", {"numbers_library.py": text}), "--only",
                        "M1-02")
    entry = found["criteria"][1]
    assert code == 1 and entry["state"] == "fail" and entry["seconds"] < 15
    assert "did not end in time" in entry["failures"][0]["got"]


def test_a_rubric_that_never_ends_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(grading, "find_environment", our_environment)
    monkeypatch.setattr(grading, "GRACE_SECONDS", -117)
    rubric = load_rubric(write_rubric(tmp_path, test_rubric_small__py=TESTS.replace(
        "    numbers = rng", "    import time; time.sleep(60)\n    numbers = rng")))
    found = grading.grade(str(write_submission(tmp_path / "s")), rubric, grading.Options(1))
    assert found["verdict"] == "error" and "was ended after 3 s" in found["faults"][0]
    assert {entry["state"] for entry in found["criteria"]} <= {"pass", "not_checked", "manual"}


def test_without_a_sandbox_the_report_says_what_is_missing(grade, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    code, found = grade(write_submission(tmp_path / "s"))
    assert code == 2 and "apt-get install bubblewrap" in found["faults"][0]


def test_the_weak_isolation_is_named_in_the_report(grade, tmp_path):
    code, found = grade(write_submission(tmp_path / "s"), "--isolation", "weak")
    assert (code, found["isolation"], found["canary"]) == (0, "weak", [])
    text = (tmp_path / "out" / "grade.html").read_text(encoding="utf-8")
    assert "ran without a sandbox" in text
