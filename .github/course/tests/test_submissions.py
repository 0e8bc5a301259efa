"""The grader is graded: right submissions pass, wrong ones fail by the expected criteria alone.

`make test` grades a sample, the reference and the starter in full, and every other submission by
the criteria that it should fail and what these depend on, with one seed; what was graded before is
remembered by the digest of grader and submission. `make soak` grades all of them in full and
afresh, and the named criteria with 20 seeds; of right ones all that draw, or those that they are
about.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from submission_files import BASE, catalogue, write
from wheelhouse import Index, wheel

from coursekit import grading
from coursekit.reference import digest_of
from coursekit.rubric import load_rubric
from coursekit.sandbox import missing_capability
from coursekit.start import write_starter

COURSE = Path(__file__).resolve().parents[1]
MODULE = COURSE.parents[1] / "module1_clean_code"
RUBRIC, CATALOGUE = MODULE / "rubric", MODULE / "rubric" / "submissions"
GRADED = COURSE / "build" / "graded"
ALL = catalogue(CATALOGUE)
BY_NAME = {described.name: described for described in ALL}
#: What `make test` grades in full, beside the reference and the starter.
SAMPLE = (BASE, "right_classes", "leak_encoder_before_split", "tests_exit_on_import")
#: Parts of the reference that a fork has.
REFERENCE_PARTS = ("src", "tests", "config", "README.md", "pyproject.toml", "requirements.lock")
#: What is to be had beside the package that a submission asks for in vain.
REGISTRY = {"matplotlib": "3.10.0", "numpy": "2.4.0", "pandas": "3.0.0", "pytest": "9.2.0",
            "scikit_learn": "1.9.1", "scipy": "1.18.0", "skops": "0.16.0"}
SEEDS = range(1, int(os.environ.get("GRADER_SEEDS", "20")) + 1)

needs_sandbox = pytest.mark.skipif(
    bool(missing_capability()) or not (MODULE / ".venv" / "bin" / "churn").exists(),
    reason="needs bubblewrap and module 1's environment")


@pytest.fixture(autouse=True)
def _registry(monkeypatch):
    """Let a submission's own list be looked up in a registry on this machine."""
    with Index(*(wheel(name, version) for name, version in REGISTRY.items())).serve() as index:
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.address)
        yield


def graded(folder, *, seed=1, environment="reference", only=(), is_fresh=False):
    """Grade a folder, or return what was found before; {"states", "faults", "verdict"}."""
    known = (COURSE / "src", MODULE / "src", RUBRIC, folder)
    key = hashlib.sha256(repr((*map(digest_of, known), seed, environment, sorted(only))).encode())
    kept = GRADED / f"{key.hexdigest()[:32]}.json"
    if kept.is_file() and not is_fresh:
        return json.loads(kept.read_text("utf-8"))
    report = grading.grade(str(folder), load_rubric(RUBRIC),
                           grading.Options(seed, tuple(only), environment))
    found = {"states": {entry["id"]: entry["state"] for entry in report["criteria"]},
             "failures": {entry["id"]: entry["failures"] or entry["reason"]
                          for entry in report["criteria"] if entry["state"] in ("fail", "error")},
             "faults": report["faults"], "verdict": report["verdict"]}
    if not found["faults"]:
        GRADED.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(found), encoding="utf-8")
        part.replace(kept)
    return found


def failed(found):
    """Return the ids of what failed; an error counts too: no crash may look like a verdict."""
    return {name for name, state in found["states"].items() if state in ("fail", "error")}


def check(described, folder, **options):
    """Grade a submission of the catalogue and compare the failed criteria, set against set."""
    made = write(described, CATALOGUE, folder)
    found = graded(made, environment=described.environment, **options)
    assert not found["faults"], found["faults"]
    assert failed(found) == described.expect, found["failures"]
    return found


def automatic():
    """Return the ids of the criteria that the grader decides by itself."""
    return {entry.id for entry in load_rubric(RUBRIC).criteria if entry.how != "manual"}


def test_the_catalogue_is_as_large_as_it_says():
    right = [entry for entry in ALL if not entry.expect and entry.name.startswith("right_")]
    assert len(ALL) >= 60
    assert len(right) >= 3
    assert sum(bool(entry.expect) for entry in ALL) >= 50
    assert sum(entry.is_cheat for entry in ALL) >= 7
    assert sum(not entry.about for entry in right) >= 2
    assert set().union(*(entry.expect | entry.about for entry in ALL)) <= automatic()


def test_every_automatic_criterion_is_the_sole_failure_of_a_submission():
    alone = {next(iter(entry.expect)) for entry in ALL if len(entry.expect) == 1}
    assert automatic() - alone == set()


@pytest.mark.parametrize("described", ALL, ids=lambda described: described.name)
def test_a_submission_can_be_made_and_differs_from_the_right_one(described, tmp_path):
    folder = write(described, CATALOGUE, tmp_path / "made")
    same = digest_of(folder) == digest_of(write(BY_NAME[BASE], CATALOGUE, tmp_path / "base"))
    assert same is (described.name == BASE)


@needs_sandbox
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SAMPLE)
def test_a_submission_of_the_sample_fails_by_what_is_expected(name, tmp_path):
    check(BY_NAME[name], tmp_path / "made")


@needs_sandbox
@pytest.mark.timeout(900)
def test_the_reference_passes_everything(tmp_path):
    for part in REFERENCE_PARTS:
        source, target = MODULE / part, tmp_path / "fork" / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
    found = graded(tmp_path / "fork")
    assert not found["faults"] and not failed(found), found["failures"]
    assert {state for name, state in found["states"].items() if name in automatic()} == {"pass"}


@needs_sandbox
@pytest.mark.timeout(900)
def test_the_untouched_starter_gets_a_report_without_a_pass_of_behaviour(tmp_path):
    found = graded(write_starter(load_rubric(RUBRIC), tmp_path / "mine"))
    behaviour = {entry.id for entry in load_rubric(RUBRIC).criteria
                 if entry.how in ("probe", "tests")}
    assert not found["faults"] and "error" not in found["states"].values(), found["failures"]
    assert {name for name in behaviour if found["states"][name] == "pass"} == set()
    assert found["states"]["M1-02"] == "pass" and set(found["states"]) >= automatic()


@needs_sandbox
@pytest.mark.timeout(900)
@pytest.mark.parametrize("files", [
    {}, {"churn_library.py": b"\x00\xff\x00 this is no Python (", "README.md": b"\xfe\xff" * 99,
         "submission.toml": b"[functions\n", "test_x.py": b"def test_("}],
    ids=["empty", "garbage"])
def test_nothing_and_garbage_get_a_report(files, tmp_path):
    (tmp_path / "made").mkdir()
    for name, content in files.items():
        (tmp_path / "made" / name).write_bytes(content)
    found = graded(tmp_path / "made")
    assert not found["faults"] and "error" not in found["states"].values(), found["failures"]
    assert found["verdict"] == "fail" and found["states"]["M1-02"] == "fail"
    assert not {entry.id for entry in load_rubric(RUBRIC).criteria if entry.how == "probe"
                and found["states"][entry.id] == "pass"}


@needs_sandbox
@pytest.mark.timeout(900)
@pytest.mark.parametrize("described", [entry for entry in ALL if entry.expect
                                       and entry.name not in SAMPLE and not entry.is_slow],
                         ids=lambda described: described.name)
def test_a_submission_fails_by_what_it_is_here_for(described, tmp_path):
    check(described, tmp_path / "made", only=described.expect)


@needs_sandbox
@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("described", ALL, ids=lambda described: described.name)
def test_every_submission_fails_by_what_is_expected(described, tmp_path):
    check(described, tmp_path / "made", is_fresh=True)


#: The seed draws data, and the order of tests.
DRAWN = {entry.id for entry in load_rubric(RUBRIC).criteria if entry.how == "probe"} | {"M1-51"}


@needs_sandbox
@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("described", [entry for entry in ALL if not entry.is_slow
                                       and (entry.expect | entry.about or DRAWN) & DRAWN],
                         ids=lambda described: described.name)
def test_the_expected_criteria_fail_with_every_seed(described, tmp_path, record_property):
    for seed in SEEDS:
        check(described, tmp_path / str(seed), seed=seed, is_fresh=True,
              only=described.expect or described.about or DRAWN)
    record_property("seeds", len(SEEDS))
