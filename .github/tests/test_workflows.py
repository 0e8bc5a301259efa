"""The workflows: sound by actionlint and zizmor, least rights, pinned, and for every module."""

import json
import re
import sys
from pathlib import Path

import pytest
import yaml

from street import PYTHONS, ROOT, VERBS, folder_name, run

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
TOOLS = Path(sys.executable).parent

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=folder_name)


def load(path: Path):
    """Return the content of a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(path: Path):
    """Return the steps of all jobs of a workflow."""
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def test_actionlint_finds_nothing():
    done = run([str(TOOLS / "actionlint"), "-no-color", *map(str, WORKFLOWS)], ROOT)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_actionlint_would_find_a_fault(tmp_path):
    bad = tmp_path / "bad.yml"
    text = (FOLDER / "ci.yml").read_text(encoding="utf-8")
    bad.write_text(text.replace("needs: find-modules", "needs: find-nothing"))
    assert run([str(TOOLS / "actionlint"), str(bad)], tmp_path).returncode == 1


def test_zizmor_finds_nothing():
    done = run([str(TOOLS / "zizmor"), "--offline", "--no-progress", ".github"], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings" in done.stdout


@each_workflow
def test_rights_times_and_concurrency_are_bounded(path):
    workflow = load(path)
    assert workflow["permissions"] == {}
    # A deployment is never cut off half-way; everything else is, when it is out of date.
    assert workflow["concurrency"]["cancel-in-progress"] is (path.stem != "deploy")
    for name, job in workflow["jobs"].items():
        assert job["permissions"] in ({}, {"contents": "read"}), name
        assert job["timeout-minutes"] <= 300, name
        assert not job["runs-on"].endswith("-latest"), name


@each_workflow
def test_actions_are_pinned_with_their_version_and_keep_no_credentials(path):
    for line in re.findall(r"uses: *(.+)", path.read_text(encoding="utf-8")):
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@each_workflow
def test_no_expression_stands_in_a_script(path):
    assert not [step["run"] for step in steps(path) if "${{" in step.get("run", "")]


@each_workflow
def test_the_steps_use_verbs_that_exist(path):
    called = {word for step in steps(path)
              for word in re.findall(r"make (?:-C course )?\"?([a-z]+)", step.get("run", ""))}
    assert called - {"doctor", "grade", "syllabus"} <= set(VERBS), called
    assert called


def test_ci_tries_every_module_on_every_python():
    matrix = load(FOLDER / "ci.yml")["jobs"]["module"]["strategy"]["matrix"]
    assert tuple(matrix["python"]) == PYTHONS
    assert "find-modules" in matrix["module"]


def test_ci_finds_the_modules_by_their_folders(tmp_path):
    for name in ("module1_a", "module2_b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Makefile").touch()
    (tmp_path / "module3_without_makefile").mkdir()
    script = next(step["run"] for step in load(FOLDER / "ci.yml")["jobs"]["find-modules"]["steps"]
                  if step.get("id") == "find")
    output = tmp_path / "output"
    done = run(["bash", "-euo", "pipefail", "-c", script], tmp_path, GITHUB_OUTPUT=str(output))
    assert done.returncode == 0, done.stderr
    key, _, value = output.read_text().strip().partition("=")
    assert (key, json.loads(value)) == ("modules", ["module1_a", "module2_b"])


@pytest.mark.parametrize("results, code", [("success success", 0), ("success skipped", 1),
                                           ("failure success", 1), ("cancelled", 1)])
def test_all_green_means_every_job_succeeded(results, code):
    jobs = load(FOLDER / "ci.yml")["jobs"]
    assert set(jobs["green"]["needs"]) == set(jobs) - {"green"}
    script = jobs["green"]["steps"][0]["run"]
    done = run(["bash", "-euo", "pipefail", "-c", script], ROOT, RESULTS=results)
    assert done.returncode == code


def test_the_nightly_tries_new_versions_long_proofs_and_known_faults():
    text = (FOLDER / "nightly.yml").read_text(encoding="utf-8")
    assert all(word in text for word in ("make lock", "make soak", "pip-audit", "cron:"))
