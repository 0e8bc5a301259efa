"""The deployment: only what passed on main, asked by the live client, taken back if it fails."""

import os
from pathlib import Path

import pytest
import yaml

from street import ROOT, run

WORKFLOW = yaml.safe_load(
    (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8"))
JOB, = WORKFLOW["jobs"].values()
STEPS = {step.get("id") or step.get("name") or step["uses"]: step for step in JOB["steps"]}


def run_step(name: str, folder: Path, **environment: str):
    """Run the script of a step as the runner does, in a folder."""
    (folder / "build").mkdir(exist_ok=True)
    output = folder / "output"
    output.touch()
    return run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
               folder, GITHUB_OUTPUT=str(output), HEROKU_APP="app", **environment)


def program(folder: Path, name: str, script: str) -> None:
    """Put a program into the environment of a folder."""
    path = folder / ".venv" / "bin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_it_waits_for_ci_on_main_and_is_off_without_a_variable():
    trigger = WORKFLOW[True]["workflow_run"]  # YAML reads `on` as true
    assert list(WORKFLOW[True]) == ["workflow_run"]
    assert trigger == {"workflows": ["ci"], "types": ["completed"], "branches": ["main"]}
    clauses = set(JOB["if"].split(" && "))
    event = "github.event.workflow_run"
    assert clauses == {
        f"{event}.conclusion == 'success'", f"{event}.event == 'push'",
        f"{event}.head_branch == 'main'",
        f"{event}.head_repository.full_name == github.repository", "vars.HEROKU_APP != ''"}


def test_what_is_deployed_is_the_commit_that_was_tested():
    checkout = next(step for step in JOB["steps"] if "actions/checkout" in step.get("uses", ""))
    assert checkout["with"]["ref"] == "${{ github.event.workflow_run.head_sha }}"


def test_secrets_are_given_to_the_steps_that_need_them_only():
    assert "secrets." not in str(JOB["env"]) + str(WORKFLOW.get("env"))
    for name, step in STEPS.items():
        keys = {key for key, value in step.get("env", {}).items() if "secrets." in value}
        allowed = {"deploy": {"HEROKU_API_KEY"}, "go back to what ran before": {"HEROKU_API_KEY"},
                   "smoke": {"CENSUS_API_KEY"}}
        assert keys == allowed.get(name, set()), name


def test_the_steps_come_in_order_and_a_failed_smoke_test_goes_back():
    names = list(STEPS)
    assert names[-3:] == ["deploy", "smoke", "go back to what ran before"]
    assert STEPS[names[-1]]["if"] == "failure() && steps.smoke.outcome == 'failure'"


@pytest.mark.parametrize("code", [0, 1])
def test_the_address_of_a_deployment_is_handed_on(tmp_path, code):
    program(tmp_path, "python", f'echo "released v2: x"; echo "address: https://a.example/"; '
                                f'echo "$@" > words; exit {code}')
    assert run_step("deploy", tmp_path).returncode == code
    assert (tmp_path / "words").read_text() == "-m census.heroku deploy --app app\n"
    if not code:
        assert (tmp_path / "output").read_text() == "address=https://a.example/\n"


NEW, OLD = '"model_version":"v7"', '"model_version":"v6"'


@pytest.mark.parametrize("answer, code, expected", [(NEW, 0, 0), (OLD, 0, 1), (NEW, 1, 1)])
def test_the_smoke_test_wants_an_answer_of_the_new_model(tmp_path, answer, code, expected):
    program(tmp_path, "census", f"echo \"$@\" > words; echo 'result: {{{answer}}}'; exit {code}")
    releases = tmp_path / "build" / "bundle" / "releases"
    releases.mkdir(parents=True)
    os.symlink("v7", releases / "current")
    done = run_step("smoke", tmp_path, ADDRESS="https://a.example/", PAUSE="0")
    assert done.returncode == expected, done.stdout
    assert (tmp_path / "words").read_text() == "live https://a.example/ --timeout 30\n"


def test_going_back_is_one_command(tmp_path):
    program(tmp_path, "python", 'echo "$@" > words')
    assert run_step("go back to what ran before", tmp_path).returncode == 0
    assert (tmp_path / "words").read_text() == "-m census.heroku rollback --app app\n"
